package webhook

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/big"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// key is a key that Plaid gave.
type key struct {
	storedKey
	public *ecdsa.PublicKey
}

// newKey reads a JWK that was asked for by kid. A key of another kind signs no webhooks. Where coordinates cannot be read,
// nobody can know: the sender may be right.
func newKey(kid string, jwk gen.JWKPublicKey, fetched time.Time) (*key, error) {
	for _, want := range [...]struct{ name, value, expected string }{
		{"kid", jwk.Kid, kid},
		{"kty", jwk.Kty, "EC"},
		{"crv", jwk.Crv, "P-256"},
		{"alg", jwk.Alg, "ES256"},
		{"use", jwk.Use, "sig"},
	} {
		if want.value != want.expected {
			return nil, invalid("key %q: %s is %.128q, expected %q", kid, want.name, want.value, want.expected)
		}
	}
	if _, private := jwk.ExtraFields["d"]; private {
		return nil, invalid("key %q has a private part, so that others may have it too: expected none", kid)
	}
	point := []byte{4} // not compressed
	for _, coordinate := range [...]struct{ name, value string }{{"x", jwk.X}, {"y", jwk.Y}} {
		data, ok := decodeBase64(coordinate.value)
		if !ok || len(data) != 32 {
			return nil, unavailable(kid, fmt.Errorf("%s is not 32 bytes in canonical base64url", coordinate.name))
		}
		point = append(point, data...)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return nil, invalid("key %q is not a point on the curve P-256", kid)
	}
	return &key{storedKey{ID: kid, X: jwk.X, Y: jwk.Y, ExpiredAt: jwk.ExpiredAt, FetchedAt: fetched}, public}, nil
}

// inService fails once expired_at is reached.
func (k *key) inService(now time.Time) error {
	if k.ExpiredAt != nil && now.Unix() >= *k.ExpiredAt {
		return invalid("key %q has expired (expired_at is %d)", k.ID, *k.ExpiredAt)
	}
	return nil
}

// signed reports whether the key signed a token, by ES256: the signature is r and s, of 32 bytes each.
func (k *key) signed(t token) bool {
	hash := sha256.Sum256([]byte(t.signed))
	r, s := new(big.Int).SetBytes(t.signature[:32]), new(big.Int).SetBytes(t.signature[32:])
	return ecdsa.Verify(k.public, hash[:], r, s)
}

// KeyStore keeps the keys that Plaid gave while the program is not running, see [WithKeyStore]: in a file, as the
// example does, or in a row of a database. Both methods must end when their context does, after 5 seconds.
type KeyStore interface {
	// Load returns what Save stored last: no data, or fs.ErrNotExist, where it has not been called.
	Load(ctx context.Context) ([]byte, error)
	// Save replaces what is stored, whole or not at all. It is called by one goroutine at a time. Data is at most 64 KiB
	// and not secret, but whoever can change it can forge webhooks.
	Save(ctx context.Context, data []byte) error
}

const (
	maxStored    = 64 << 10
	storeTimeout = 5 * time.Second
)

// stored is what a KeyStore has: the SHA-256 of this as JSON, in hex, a line break, and the JSON.
type stored struct {
	Environment plaidlink.Environment `json:"environment"`
	Keys        []storedKey           `json:"keys"`
}

type storedKey struct {
	ID        string    `json:"kid"`
	X         string    `json:"x"`
	Y         string    `json:"y"`
	ExpiredAt *int64    `json:"expired_at"` // Unix seconds, nil while the key is in service
	FetchedAt time.Time `json:"fetched_at"` // when it was asked for, which is before Plaid looked
}

// load takes over all keys of the store, or none.
func (r *keyring) load() {
	if r.store == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	err := guard(func() error {
		data, err := r.store.Load(ctx)
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		keys, err := decodeKeys(data, r.environment)
		if err == nil {
			r.keys = keys
		}
		return err
	})
	if err != nil {
		warn(ctx, r.logger, "plaid: stored webhook keys ignored", slog.String("reason", reason(err)))
	}
}

// save stores all keys.
func (r *keyring) save() {
	if r.store == nil {
		return
	}
	r.saving.Lock()
	defer r.saving.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	if err := guard(func() error { return r.store.Save(ctx, r.encodeKeys()) }); err != nil {
		warn(ctx, r.logger, "plaid: webhook keys not stored", slog.String("reason", reason(err)))
	}
}

// guard turns a panic into an error.
func guard(do func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the key store panicked")
		}
	}()
	return do()
}

func (r *keyring) encodeKeys() []byte {
	s := stored{Environment: r.environment}
	r.mu.Lock()
	for _, k := range r.keys {
		s.Keys = append(s.Keys, k.storedKey)
	}
	r.mu.Unlock()
	text, _ := json.Marshal(s) // of these types, none fails
	return append(append(checksum(text), '\n'), text...)
}

func decodeKeys(data []byte, environment plaidlink.Environment) (map[string]*key, error) {
	if len(data) > maxStored {
		return nil, fmt.Errorf("over %d bytes", maxStored)
	}
	sum, text, _ := bytes.Cut(data, []byte("\n"))
	var s stored
	if !bytes.Equal(sum, checksum(text)) || json.Unmarshal(text, &s, json.RejectUnknownMembers(true)) != nil {
		return nil, errors.New("damaged, or not written by this version")
	}
	if s.Environment != environment {
		return nil, fmt.Errorf("of the environment %.20q, expected %q", s.Environment, environment)
	}
	if len(s.Keys) > maxKeys {
		return nil, fmt.Errorf("%d keys, expected at most %d", len(s.Keys), maxKeys)
	}
	keys := map[string]*key{}
	for _, k := range s.Keys {
		found, err := newKey(k.ID, gen.JWKPublicKey{
			Kid: k.ID, Kty: "EC", Crv: "P-256", Alg: "ES256", Use: "sig", X: k.X, Y: k.Y, ExpiredAt: k.ExpiredAt,
		}, k.FetchedAt)
		if err != nil {
			return nil, err
		}
		keys[k.ID] = found
	}
	return keys, nil
}

func checksum(text []byte) []byte {
	sum := sha256.Sum256(text)
	return hex.AppendEncode(nil, sum[:])
}
