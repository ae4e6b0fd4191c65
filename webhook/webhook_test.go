package webhook_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// The client is what most programs give NewVerifier.
var _ webhook.KeySource = (*plaidlink.Client)(nil)

const (
	kid  = "6c5516e1-92dc-479e-a8ff-5a51992e0001"
	body = `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","status":"SUCCESS","link_session_id":"session-1",` +
		`"link_token":"link-sandbox-1","public_tokens":["public-sandbox-1"],"environment":"sandbox"}`
)

// object is a JSON object.
type object map[string]any

// plaid is what signs webhooks, and has the keys.
type plaid struct {
	key *ecdsa.PrivateKey

	mu      sync.Mutex
	time    time.Time
	keys    map[string]gen.JWKPublicKey
	failure error                         // of the key endpoint
	before  func(context.Context, string) // called at each fetch
	fetched []string                      // kids, in order
}

func newPlaid(t testing.TB) *plaid {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p := &plaid{key: key, time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), keys: map[string]gen.JWKPublicKey{}}
	p.keys[kid] = jwkOf(t, kid, key)
	return p
}

// start makes a verifier with the clock and the keys of a new plaid.
func start(t testing.TB, opts ...webhook.Option) (*plaid, *webhook.Verifier) {
	t.Helper()
	p := newPlaid(t)
	return p, webhook.NewVerifier(p, append([]webhook.Option{webhook.WithClock(p.now)}, opts...)...)
}

func jwkOf(t testing.TB, kid string, key *ecdsa.PrivateKey) gen.JWKPublicKey {
	t.Helper()
	point, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	return gen.JWKPublicKey{
		Alg: "ES256", Crv: "P-256", Kty: "EC", Use: "sig", Kid: kid,
		X: base64.RawURLEncoding.EncodeToString(point[1:33]),
		Y: base64.RawURLEncoding.EncodeToString(point[33:]),
	}
}

// WebhookVerificationKeyGet is Plaid's key endpoint.
func (p *plaid) WebhookVerificationKeyGet(ctx context.Context, req gen.WebhookVerificationKeyGetRequest, _ ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	p.mu.Lock()
	p.fetched = append(p.fetched, req.KeyID)
	before := p.before
	p.mu.Unlock()
	if before != nil {
		before(ctx, req.KeyID)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure != nil {
		return nil, p.failure
	}
	key, ok := p.keys[req.KeyID]
	if !ok {
		return nil, &plaidlink.Error{
			Operation: "webhookVerificationKeyGet", StatusCode: 400,
			Type: plaidlink.TypeInvalidInput, Code: plaidlink.CodeInvalidWebhookVerificationKeyID, Message: "not found",
		}
	}
	return &gen.WebhookVerificationKeyGetResponse{Key: key, RequestID: "request-1"}, nil
}

// set changes the state while a verifier runs.
func (p *plaid) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *plaid) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.time
}

func (p *plaid) advance(d time.Duration) { p.set(func() { p.time = p.time.Add(d) }) }

func (p *plaid) fetches() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.fetched)
}

// claims are those of a good delivery.
func (p *plaid) claims(body string) object {
	sum := sha256.Sum256([]byte(body))
	return object{"iat": p.now().Unix(), "request_body_sha256": hex.EncodeToString(sum[:])}
}

// deliver signs a body as Plaid does, after edit changed the JWT's header and claims.
func (p *plaid) deliver(t testing.TB, body string, edit func(header, claims object)) http.Header {
	t.Helper()
	header, claims := object{"alg": "ES256", "kid": kid, "typ": "JWT"}, p.claims(body)
	if edit != nil {
		edit(header, claims)
	}
	return carry(p.sign(t, text(t, header), text(t, claims)))
}

// by names another key.
func by(kid string) func(header, _ object) {
	return func(header, _ object) { header["kid"] = kid }
}

func text(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

// sign makes a JWT of JSON texts.
func (p *plaid) sign(t testing.TB, header, claims string) string {
	t.Helper()
	return p.signParts(t, encode(header), encode(claims))
}

func (p *plaid) signParts(t testing.TB, header, claims string) string {
	t.Helper()
	return header + "." + claims + "." + encode(p.signature(t, header+"."+claims))
}

// signature is r and s of 32 bytes each.
func (p *plaid) signature(t testing.TB, signed string) string {
	t.Helper()
	hash := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, p.key, hash[:])
	require.NoError(t, err)
	return raw(r, s, 32)
}

func raw(r, s *big.Int, size int) string {
	return string(r.FillBytes(make([]byte, size))) + string(s.FillBytes(make([]byte, size)))
}

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// carry makes the headers of a request.
func carry(tokens ...string) http.Header { return http.Header{"Plaid-Verification": tokens} }

// idOf is the ID of what names an occurrence, each part as a Go string.
func idOf(parts string) string {
	sum := sha256.Sum256([]byte(parts))
	return hex.EncodeToString(sum[:])
}

// A good delivery, so that each refusal has its one reason.
func TestVerify(t *testing.T) {
	p, v := start(t)
	e, err := v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
	require.NoError(t, err)
	require.Equal(t, "LINK", e.Type)
	require.Equal(t, "SESSION_FINISHED", e.Code)
	require.Equal(t, p.now(), e.IssuedAt)
	require.Equal(t, body, string(e.Raw))
	require.Equal(t, idOf(`"LINK""SESSION_FINISHED""session-1"`), e.ID)
	require.Equal(t, []string{kid}, p.fetched)

	again, err := v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
	require.NoError(t, err)
	require.Equal(t, e.ID, again.ID, "a redelivery has the same ID")
	require.Equal(t, 1, p.fetches(), "the key is kept")
}
