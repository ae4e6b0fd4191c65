package webhook

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"fmt"
	"math/big"
	"time"

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
