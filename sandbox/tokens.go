package sandbox

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Kinds of tokens, which are their prefixes.
const (
	linkKind   = "link"
	publicKind = "public"
	accessKind = "access"
	userKind   = "user" // in the older API
)

// invalidToken refuses a token of a kind, for a reason that continues "the link_token …".
func invalidToken(kind, reason string) error {
	return invalidInput(plaidlink.ErrorCode("INVALID_"+strings.ToUpper(kind)+"_TOKEN"), "the %s_token %s", kind, reason)
}

// unknownToken refuses a token that was not made here; the reason is another environment where the token shows one.
func unknownToken(kind, token string) error {
	for _, environment := range []plaidlink.Environment{plaidlink.Production, plaidlink.Development} {
		if strings.HasPrefix(token, kind+"-"+string(environment)+"-") {
			return invalidToken(kind, "belongs to the environment "+string(environment)+", and this one is sandbox")
		}
	}
	return invalidToken(kind, "was not made by this sandbox")
}

const publicTokenLifetime = 30 * time.Minute

// publicToken is good for one exchange.
type publicToken struct {
	item    *itemRecord
	expires int64 // in milliseconds since 1970
	used    bool
}

// stale reports whether the token expired so long ago that nobody asks for it.
func (t *publicToken) stale(now time.Time) bool { return t.expires < now.Add(-keptExpired).UnixMilli() }

func (st *store) newPublicToken(of *itemRecord) string {
	token := st.ids.token(publicKind)
	st.publicTokens.put(token, &publicToken{item: of, expires: st.clock.now().Add(publicTokenLifetime).UnixMilli()})
	return token
}

func (st *store) itemPublicTokenExchange(in incoming, req gen.ItemPublicTokenExchangeRequest) (*gen.ItemPublicTokenExchangeResponse, error) {
	public, ok := st.publicTokens.values[req.PublicToken]
	switch {
	case !ok:
		return nil, unknownToken(publicKind, req.PublicToken)
	case public.used:
		return nil, invalidToken(publicKind, "was exchanged before")
	case public.item.gone, public.item.orphaned():
		return nil, invalidToken(publicKind, "is of an Item or a user that was removed")
	case st.clock.now().UnixMilli() >= public.expires:
		return nil, invalidToken(publicKind, "has expired: it lives 30 minutes")
	}
	public.used = true
	if _, known := st.items.values[public.item.id]; !known {
		st.keepItem(public.item)
	}
	return &gen.ItemPublicTokenExchangeResponse{
		AccessToken: gen.AccessToken(public.item.accessToken),
		ItemID:      public.item.id,
		RequestID:   in.requestID,
	}, nil
}

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
