package sandbox

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"sync"
)

// WithSeed makes the identifiers and tokens the same in every run, as long as the same requests come in the same order: for
// recordings and golden files. Keys, and the request_id of a [PlaidError], differ all the same. By default all are random.
func WithSeed(seed uint64) Option {
	return func(s *Sandbox) {
		var key [32]byte
		binary.LittleEndian.PutUint64(key[:], seed)
		s.ids = &ids{source: mathrand.NewChaCha8(key)}
	}
}

// ids makes identifiers.
type ids struct {
	mu     sync.Mutex
	source io.Reader // never fails
}

func newIDs() *ids { return &ids{source: rand.Reader} }

func (i *ids) read(b []byte) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_, _ = i.source.Read(b)
}

// uuid returns a random UUID, version 4.
func (i *ids) uuid() string {
	var b [16]byte
	i.read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// id returns a random identifier of n letters and digits.
func (i *ids) id(n int) string {
	id := make([]byte, n)
	i.read(id)
	for at, b := range id {
		id[at] = alphanumerics[int(b)%len(alphanumerics)]
	}
	return string(id)
}

func (i *ids) requestID() string { return i.id(15) }

// token returns a token of a kind, such as link-sandbox-….
func (i *ids) token(kind string) string { return kind + "-sandbox-" + i.uuid() }
