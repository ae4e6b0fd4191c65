package sandbox

import (
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

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
	var payload []byte
	err := errors.New("not a JWT")
	if len(parts) == 3 {
		payload, err = base64.RawURLEncoding.DecodeString(parts[1])
	}
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil || claims.IssuedAt <= 0 {
		return nil, errors.New("sandbox: Replay: expected the value of a header Plaid-Verification, a JWT with an iat")
	}
	signed := func() time.Time { return time.Unix(claims.IssuedAt, 0) }
	known := &Signer{keys: []signingKey{{public: key}}}
	return webhook.NewVerifier(known, append([]webhook.Option{webhook.WithClock(signed)}, opts...)...), nil
}
