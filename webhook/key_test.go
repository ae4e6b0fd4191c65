package webhook_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

func TestKeyIsRefused(t *testing.T) {
	zero := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	for _, c := range []struct {
		name   string
		edit   func(t *testing.T, p *plaid, jwk *gen.JWKPublicKey)
		reason string
	}{
		{"another curve", func(t *testing.T, _ *plaid, jwk *gen.JWKPublicKey) {
			key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
			require.NoError(t, err)
			point, err := key.PublicKey.Bytes()
			require.NoError(t, err)
			jwk.Crv = "P-384"
			jwk.X, jwk.Y = base64.RawURLEncoding.EncodeToString(point[1:49]), base64.RawURLEncoding.EncodeToString(point[49:])
		}, `crv is "P-384", expected "P-256"`},
		{"another kty", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.Kty = "RSA" }, `kty is "RSA", expected "EC"`},
		{"another alg", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.Alg = "ES384" }, `alg is "ES384", expected "ES256"`},
		{"alg missing", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.Alg = "" }, `alg is "", expected "ES256"`},
		{"another use", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.Use = "enc" }, `use is "enc", expected "sig"`},
		{"kid mismatch", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.Kid = "another" }, `kid is "another", expected "` + kid + `"`},
		{"with d", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) {
			jwk.ExtraFields = gen.ExtraFields{"d": json.RawMessage(`"AAAA"`)}
		}, "has a private part"},
		{"off the curve", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.X, jwk.Y = jwk.Y, jwk.X }, "is not a point on the curve P-256"},
		{"point zero", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.X, jwk.Y = zero, zero }, "is not a point on the curve P-256"},
		{"expired", func(_ *testing.T, p *plaid, jwk *gen.JWKPublicKey) {
			jwk.ExpiredAt = new(p.time.Unix())
		}, "has expired (expired_at is 1772366400)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, v := start(t)
			jwk := p.keys[kid]
			c.edit(t, p, &jwk)
			p.keys[kid] = jwk
			for range 2 {
				_, err := v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
				require.ErrorIs(t, err, webhook.ErrInvalid)
				require.ErrorContains(t, err, `webhook: key "`+kid+`"`)
				require.ErrorContains(t, err, c.reason)
			}
			require.Equal(t, 1, p.fetches(), "what is refused is remembered")
		})
	}
}

// Coordinates that cannot be read do not make the sender a forger: 503, so that Plaid delivers again.
func TestKeyThatCannotBeReadIsUnavailable(t *testing.T) {
	for _, c := range []struct {
		name   string
		edit   func(t *testing.T, p *plaid, jwk *gen.JWKPublicKey)
		reason string
	}{
		{"x missing", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.X = "" }, "x is not 32 bytes in canonical base64url"},
		{"x padded", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.X += "=" }, "x is not 32 bytes in canonical base64url"},
		{"x with a leading zero byte", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.X = "AA" + jwk.X[:42] }, "x is not 32 bytes"},
		{"y non-canonical, unused bits set", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) {
			jwk.Y = jwk.Y[:42] + next(jwk.Y[42:])
		}, "y is not 32 bytes in canonical base64url"},
		{"y of 31 bytes", func(_ *testing.T, _ *plaid, jwk *gen.JWKPublicKey) { jwk.Y = jwk.Y[:42] }, "y is not 32 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, v := start(t)
			good := p.keys[kid]
			jwk := good
			c.edit(t, p, &jwk)
			p.keys[kid] = jwk
			h := v.Handler(func(context.Context, webhook.Event) error { return nil })
			for range 2 {
				_, err := v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
				require.ErrorIs(t, err, webhook.ErrKeyUnavailable)
				require.NotErrorIs(t, err, webhook.ErrInvalid)
				require.ErrorContains(t, err, `webhook: key "`+kid+`" cannot be fetched: `)
				require.ErrorContains(t, err, c.reason)
				response := post(t, h, http.MethodPost, p.deliver(t, body, nil), strings.NewReader(body))
				require.Equal(t, 503, response.Code)
				t.Attr("got", fmt.Sprintf("%s: status=%d %v", c.name, response.Code, err))
			}
			require.Equal(t, 1, p.fetches(), "what failed is remembered for 10 seconds")
			p.set(func() { p.keys[kid] = good })
			p.advance(10 * time.Second)
			require.NoError(t, try(t, p, v, kid), "Plaid mended it")
		})
	}
}

func TestKeyIsAccepted(t *testing.T) {
	for name, jwk := range map[string]string{
		"expired_at null":          `"expired_at":null`,
		"expired_at missing":       `"created_at":1`,
		"expired_at in the future": `"expired_at":1772366401`,
		"unknown properties":       `"expired_at":null,"key_ops":["verify"]`,
	} {
		t.Run(name, func(t *testing.T) {
			p, v := start(t)
			key := p.keys[kid]
			require.NoError(t, json.Unmarshal([]byte(`{"alg":"ES256","crv":"P-256","kty":"EC","use":"sig","kid":"`+kid+
				`","x":"`+key.X+`","y":"`+key.Y+`",`+jwk+`}`), &key))
			p.keys[kid] = key
			_, err := v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
			require.NoError(t, err)
		})
	}
}

// expired_at counts at once, though the key is kept and nothing is fetched.
func TestKeyExpiresWhileKept(t *testing.T) {
	p, v := start(t)
	jwk := p.keys[kid]
	jwk.ExpiredAt = new(p.time.Add(time.Minute).Unix())
	p.keys[kid] = jwk
	_, err := v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
	require.NoError(t, err)
	p.advance(time.Minute)
	_, err = v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
	require.ErrorIs(t, err, webhook.ErrInvalid)
	require.ErrorContains(t, err, "has expired")
	require.Equal(t, 1, p.fetches())
}
