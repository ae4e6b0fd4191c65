package webhook_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/webhook"
)

// What is wrong with the header is seen before any key is fetched.
func TestHeaderIsRefused(t *testing.T) {
	type make func(t *testing.T, p *plaid) http.Header
	edited := func(edit func(header, claims object)) make {
		return func(t *testing.T, p *plaid) http.Header { return p.deliver(t, body, edit) }
	}
	property := func(name string, value any) make {
		return edited(func(header, _ object) { header[name] = value })
	}
	// parts changes a good JWT, of which only the signature is then wrong: that is looked at last.
	parts := func(change func(parts []string)) make {
		return func(t *testing.T, p *plaid) http.Header {
			parts := strings.Split(p.deliver(t, body, nil).Get("Plaid-Verification"), ".")
			change(parts)
			return carry(strings.Join(parts, "."))
		}
	}
	header := func(json string) make {
		return func(t *testing.T, p *plaid) http.Header { return carry(p.sign(t, json, text(t, p.claims(body)))) }
	}
	for _, c := range []struct {
		name   string
		make   make
		reason string
	}{
		{"header missing", func(*testing.T, *plaid) http.Header { return http.Header{} }, "expected one Plaid-Verification header, found 0"},
		{"headers nil", func(*testing.T, *plaid) http.Header { return nil }, "expected one Plaid-Verification header, found 0"},
		{"header doubled", func(t *testing.T, p *plaid) http.Header {
			good := p.deliver(t, body, nil).Get("Plaid-Verification")
			return carry(good, good)
		}, "expected one Plaid-Verification header, found 2"},
		{"two spellings of the header", func(t *testing.T, p *plaid) http.Header {
			header := p.deliver(t, body, nil)
			header["plaid-verification"] = header["Plaid-Verification"]
			return header
		}, "expected one Plaid-Verification header, found 2"},
		{"header over-long", property("pad", strings.Repeat("a", 4<<10)), "bytes, expected at most 4096"},
		{"header empty", func(*testing.T, *plaid) http.Header { return carry("") }, "the JWT has 1 parts, expected 3"},
		{"two parts", func(t *testing.T, p *plaid) http.Header {
			good := p.deliver(t, body, nil).Get("Plaid-Verification")
			return carry(good[:strings.LastIndex(good, ".")])
		}, "the JWT has 2 parts, expected 3"},
		{"four parts", parts(func(p []string) { p[2] += ".AAAA" }), "the JWT has 4 parts, expected 3"},

		{"alg none", func(t *testing.T, p *plaid) http.Header {
			return carry(encode(`{"alg":"none","kid":"`+kid+`"}`) + "." + encode(text(t, p.claims(body))) + ".")
		}, `alg is "none", expected ES256`},
		{"alg HS256 with the public key as secret", func(t *testing.T, p *plaid) http.Header {
			public, err := p.key.PublicKey.Bytes()
			require.NoError(t, err)
			signed := encode(`{"alg":"HS256","kid":"`+kid+`"}`) + "." + encode(text(t, p.claims(body)))
			mac := hmac.New(sha256.New, public)
			mac.Write([]byte(signed))
			return carry(signed + "." + encode(string(mac.Sum(nil))))
		}, `alg is "HS256", expected ES256`},
		{"alg ES384", func(t *testing.T, p *plaid) http.Header {
			key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
			require.NoError(t, err)
			signed := encode(`{"alg":"ES384","kid":"`+kid+`"}`) + "." + encode(text(t, p.claims(body)))
			hash := sha512.Sum384([]byte(signed))
			r, s, err := ecdsa.Sign(rand.Reader, key, hash[:])
			require.NoError(t, err)
			return carry(signed + "." + encode(raw(r, s, 48)))
		}, `alg is "ES384", expected ES256`},
		{"alg in lower case", property("alg", "es256"), `alg is "es256", expected ES256`},
		{"alg null", property("alg", nil), `alg is "", expected ES256`},
		{"alg by another name", header(`{"Alg":"ES256","kid":"` + kid + `"}`), `alg is "", expected ES256`},
		{"alg twice", header(`{"alg":"none","kid":"` + kid + `","alg":"ES256"}`), `the header part of the JWT cannot be decoded: at "/alg", byte 59: a name appears twice`},
		{"alg a number", property("alg", 256), `at "/alg": a JSON number does not fit string`},

		{"embedded jwk", property("jwk", object{"kty": "EC"}), "the header of the JWT has jwk, expected none"},
		{"embedded jwk, null", property("jwk", nil), "the header of the JWT has jwk, expected none"},
		{"embedded jku", property("jku", "https://example.com/keys"), "has jku"},
		{"embedded x5c", property("x5c", []string{}), "has x5c"},
		{"embedded x5u", property("x5u", "https://example.com/cert"), "has x5u"},
		{"crit", property("crit", []string{"exp"}), "has crit"},
		{"b64", property("b64", false), "has b64"},

		{"kid missing", edited(func(h, _ object) { delete(h, "kid") }), "kid has 0 bytes, expected 1 to 128"},
		{"kid too long", property("kid", strings.Repeat("k", 129)), "kid has 129 bytes"},
		{"kid with a line break", property("kid", "a\nb"), "printable ASCII"},
		{"kid not ASCII", property("kid", "schlüssel"), "printable ASCII"},
		{"kid a list", property("kid", []string{kid}), `at "/kid": a JSON array does not fit string`},

		{"header no base64url", parts(func(p []string) { p[0] = "+" + p[0][1:] }), "the header part of the JWT is not canonical base64url"},
		{"header padded", parts(func(p []string) { p[0] += "=" }), "the header part of the JWT is not canonical base64url"},
		{"header with a line break", parts(func(p []string) { p[0] = p[0][:4] + "\n" + p[0][4:] }), "the header part of the JWT is not canonical base64url"},
		{"claims with a line break", parts(func(p []string) { p[1] += "\r\n" }), "the claims part of the JWT is not canonical base64url"},
		{"signature non-canonical: unused bits set", parts(func(p []string) { p[2] = p[2][:85] + next(p[2][85:]) }), "the signature part of the JWT is not canonical base64url"},
		{"header no JSON", header(`{"alg"`), "not valid JSON"},
		{"header no object", header(`[]`), `the header part of the JWT cannot be decoded: at "": a JSON array does not fit`},
		{"header with a second document", header(`{"alg":"ES256","kid":"k"}{}`), "not valid JSON"},
		{"header not UTF-8", header("{\"alg\":\"ES256\",\"kid\":\"\xff\"}"), "not valid JSON"},

		{"signature empty", parts(func(p []string) { p[2] = "" }), "the signature of the JWT has 0 bytes, expected 64"},
		{"signature DER", func(t *testing.T, p *plaid) http.Header {
			parts := strings.Split(p.deliver(t, body, nil).Get("Plaid-Verification"), ".")
			der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).Lsh(big.NewInt(1), 250), new(big.Int).Lsh(big.NewInt(1), 250)})
			require.NoError(t, err)
			return carry(parts[0] + "." + parts[1] + "." + encode(string(der)))
		}, "expected 64 (r and s, not DER)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, v := start(t)
			e, err := v.Verify(t.Context(), c.make(t, p), []byte(body))
			require.ErrorIs(t, err, webhook.ErrInvalid)
			require.ErrorContains(t, err, "webhook: ")
			require.ErrorContains(t, err, c.reason)
			require.Zero(t, e)
			require.Zero(t, p.fetches(), "no key is fetched")
		})
	}
}

// Adapters to other servers hand the names of headers over as they came.
func TestHeaderIsFoundInAnyCase(t *testing.T) {
	for _, name := range []string{"Plaid-Verification", "plaid-verification", "PLAID-VERIFICATION", "plaid-Verification"} {
		p, v := start(t)
		header := http.Header{name: p.deliver(t, body, nil)["Plaid-Verification"], "content-type": {"application/json"}}
		_, err := v.Verify(t.Context(), header, []byte(body))
		require.NoError(t, err, name)
		h := v.Handler(func(context.Context, webhook.Event) error { return nil })
		response := post(t, h, http.MethodPost, header, strings.NewReader(body))
		require.Equal(t, 200, response.Code, name)
		t.Attr("got", fmt.Sprintf("%s: status=%d", name, response.Code))
	}
}

// next is the digit after one, which decodes to the same bytes where its last bits are unused.
func next(digit string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(digits[strings.Index(digits, digit)+1])
}

// Of the right form, but not by the key.
func TestSignatureIsRefused(t *testing.T) {
	for name, signature := range map[string]func(good string) string{
		"zero":      func(string) string { return strings.Repeat("\x00", 64) },
		"r is zero": func(good string) string { return strings.Repeat("\x00", 32) + good[32:] },
		"r and s are the curve's order": func(string) string {
			order := string(elliptic.P256().Params().N.Bytes())
			return order + order
		},
		"one bit changed": func(good string) string { return good[:63] + string([]byte{good[63] ^ 1}) },
	} {
		t.Run(name, func(t *testing.T) {
			p, v := start(t)
			signed := encode(`{"alg":"ES256","kid":"`+kid+`"}`) + "." + encode(text(t, p.claims(body)))
			good := p.signature(t, signed)
			_, err := v.Verify(t.Context(), carry(signed+"."+encode(good)), []byte(body))
			require.NoError(t, err)
			_, err = v.Verify(t.Context(), carry(signed+"."+encode(signature(good))), []byte(body))
			require.ErrorIs(t, err, webhook.ErrInvalid)
			require.EqualError(t, err, `webhook: the signature is not by key "`+kid+`"`)
		})
	}
	t.Run("of another key", func(t *testing.T) {
		p, v := start(t)
		other := newPlaid(t)
		_, err := v.Verify(t.Context(), other.deliver(t, body, nil), []byte(body))
		require.ErrorIs(t, err, webhook.ErrInvalid)
		require.Equal(t, 1, p.fetches())
	})
}
