package sandbox

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// maxKeys is how many keys a Signer knows; the oldest go first.
const maxKeys = 16

// Signer signs webhooks as Plaid does, so that a test can call a webhook handler itself. It is a [webhook.KeySource] too:
//
//	signer := sandbox.NewSigner()
//	handler := webhook.NewVerifier(signer).Handler(receive)
//	request, err := signer.Request("/webhook", body)
//	…
//	handler.ServeHTTP(httptest.NewRecorder(), request)
//
// A Signer may be used by several goroutines. The zero Signer makes a key when it needs one.
type Signer struct {
	mu   sync.Mutex
	keys []signingKey // oldest first; the last one signs
}

type signingKey struct {
	private *ecdsa.PrivateKey
	public  gen.JWKPublicKey
}

// NewSigner makes a signer with a new key on P-256.
func NewSigner() *Signer {
	s := &Signer{}
	s.Rotate()
	return s
}

// Rotate makes a new key, which signs from now on. The one before has an expired_at of now, as Plaid's keys have that are
// out of service.
func (s *Signer) Rotate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = withNewKey(s.keys)
}

// withNewKey returns the keys with a new one, which puts the last one out of service.
func withNewKey(keys []signingKey) []signingKey {
	// Neither of these fails on P-256: crypto/rand fills the bytes or ends the program.
	private, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	point, _ := private.PublicKey.Bytes() // 4, then X and Y of 32 bytes each
	now := time.Now().Unix()
	if n := len(keys); n > 0 {
		keys[n-1].public.ExpiredAt = &now
	}
	return append(keys[max(0, len(keys)-maxKeys+1):], signingKey{private, gen.JWKPublicKey{
		Alg:       "ES256",
		CreatedAt: now,
		Crv:       "P-256",
		Kid:       newIDs().uuid(),
		Kty:       "EC",
		Use:       "sig",
		X:         base64.RawURLEncoding.EncodeToString(point[1:33]),
		Y:         base64.RawURLEncoding.EncodeToString(point[33:]),
	}})
}

// KeyID returns the kid of the key that signs.
func (s *Signer) KeyID() string { return s.current().public.Kid }

func (s *Signer) current() signingKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.keys) == 0 {
		s.keys = withNewKey(nil)
	}
	return s.keys[len(s.keys)-1]
}

// Sign returns the value of the header Plaid-Verification for a body, which must be sent byte for byte. It is good for 5
// minutes from issued, which is the present unless a test wants another time.
func (s *Signer) Sign(body []byte, issued time.Time) string {
	key := s.current()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode(fmt.Appendf(nil, `{"alg":"ES256","kid":%q,"typ":"JWT"}`, key.public.Kid)) + "." +
		encode(fmt.Appendf(nil, `{"iat":%d,"request_body_sha256":"%x"}`, issued.Unix(), sha256.Sum256(body)))
	digest := sha256.Sum256([]byte(text))
	sigR, sigS, _ := ecdsa.Sign(rand.Reader, key.private, digest[:]) // fails for a key of another kind only
	signature := make([]byte, 64)                                    // r and s of 32 bytes each, not ASN.1
	sigR.FillBytes(signature[:32])
	sigS.FillBytes(signature[32:])
	return text + "." + encode(signature)
}

// WebhookVerificationKeyGet responds as Plaid does, without a network: with the key of req.KeyID, or an error with
// [plaidlink.CodeInvalidWebhookVerificationKeyID]. It ignores the options.
func (s *Signer) WebhookVerificationKeyGet(_ context.Context, req gen.WebhookVerificationKeyGetRequest, _ ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	response, err := s.respond(req, newIDs().requestID())
	if refused, ok := errors.AsType[refusal](err); ok {
		return nil, &plaidlink.Error{
			Operation:  gen.OperationWebhookVerificationKeyGet.ID,
			StatusCode: refused.status,
			Type:       refused.ErrorType,
			Code:       refused.ErrorCode,
			Message:    refused.ErrorMessage,
			RequestID:  newIDs().requestID(),
			Attempts:   1,
		}
	}
	return response, nil
}

func (s *Signer) respond(req gen.WebhookVerificationKeyGetRequest, requestID string) (*gen.WebhookVerificationKeyGetResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range s.keys {
		if key.public.Kid == req.KeyID {
			return &gen.WebhookVerificationKeyGetResponse{Key: key.public, RequestID: requestID}, nil
		}
	}
	return nil, invalidInput(plaidlink.CodeInvalidWebhookVerificationKeyID, "there is no key with this key_id")
}

// Request makes a request with a webhook, signed now: for a handler's ServeHTTP, where target is a path, or for a client, where it
// is a URL. The error is that of url.Parse.
func (s *Signer) Request(target string, body []byte) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("sandbox: Request: expected a path or a URL: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Plaid-Verification", s.Sign(body, time.Now()))
	return r, nil
}

// Signer returns what signs the sandbox's webhooks; /webhook_verification_key/get responds with its keys.
func (s *Sandbox) Signer() *Signer { return s.signer }

// WebhookKeyID returns the kid of the key that signs webhooks now.
func (s *Sandbox) WebhookKeyID() string { return s.signer.KeyID() }

func (st *store) webhookVerificationKeyGet(in incoming, req gen.WebhookVerificationKeyGetRequest) (*gen.WebhookVerificationKeyGetResponse, error) {
	return st.signer.respond(req, in.requestID)
}

// Replay returns a verifier for a webhook that was captured, by its header Plaid-Verification: it knows the given key alone, as
// /webhook_verification_key/get returned it, and its clock shows the time at which the webhook was signed. So the webhook
// is verified as on the day it came:
//
//	verifier, err := sandbox.Replay(key, signature)
//	…
//	verifier.Handler(receive).ServeHTTP(w, r)
//
// The options follow these. The error is that the header has another form, or that an option is wrong.
func Replay(key gen.JWKPublicKey, signature string, opts ...webhook.Option) (*webhook.Verifier, error) {
	parts := strings.Split(signature, ".")
	var claims struct {
		IssuedAt int64 `json:"iat"`
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[len(parts)/2])
	if len(parts) != 3 || err != nil || json.Unmarshal(payload, &claims) != nil || claims.IssuedAt <= 0 {
		return nil, errors.New("sandbox: Replay: expected the value of a header Plaid-Verification, a JWT with an iat")
	}
	signed := func() time.Time { return time.Unix(claims.IssuedAt, 0) }
	known := &Signer{keys: []signingKey{{public: key}}}
	return webhook.NewVerifier(known, append([]webhook.Option{webhook.WithClock(signed)}, opts...)...), nil
}
