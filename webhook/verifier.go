package webhook

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

const defaultKeyMaxAge = 15 * time.Minute

// KeySource fetches the keys that sign webhooks. *plaidlink.Client is one; it must be of the environment that sends them.
// Another must end when its context does, and give an error that is plaidlink.CodeInvalidWebhookVerificationKeyID for a
// key that does not exist. It is called from several goroutines.
type KeySource interface {
	WebhookVerificationKeyGet(ctx context.Context, req gen.WebhookVerificationKeyGetRequest, opts ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error)
}

// Verifier tells Plaid's webhooks from others. It keeps keys, so make one and keep it; it is safe for concurrent use.
type Verifier struct {
	now       func() time.Time
	keyMaxAge time.Duration
	seen      func(context.Context, Event) (bool, error)
	logger    *slog.Logger // nil for none
	keys      *keyring
	err       error // why it cannot verify
}

// NewVerifier makes a verifier, and makes no request. Where keys or an option cannot be right, every Verify returns an
// error that says so, and Handler answers 500.
func NewVerifier(keys KeySource, opts ...Option) *Verifier {
	v := &Verifier{now: time.Now, keyMaxAge: defaultKeyMaxAge}
	if keys == nil {
		v.err = errors.New("expected a key source, found nil")
	}
	for i, opt := range opts {
		err := fmt.Errorf("option %d is nil", i+1)
		if opt != nil {
			err = opt(v)
		}
		if v.err == nil {
			v.err = err
		}
	}
	v.keys = newKeyring(keys, v.now, v.keyMaxAge)
	return v
}

// Verify checks that a webhook is Plaid's, unchanged and at most 5 minutes old, and decodes it. Header is a request's, with
// names in net/http's canonical form; body is what was sent, byte for byte, and must be bounded by the caller. Event.Raw
// is body itself.
//
// Errors are ErrInvalid, ErrKeyUnavailable or ErrDecode; others say that the verifier was not made rightly. The key is
// asked for only after all checks that need none, and for at most 8 seconds; where ctx ends before, the error is that of
// ctx too.
func (v *Verifier) Verify(ctx context.Context, header http.Header, body []byte) (Event, error) {
	if err := v.usable(ctx); err != nil {
		return Event{}, err
	}
	token, err := readToken(header, v.now())
	if err != nil {
		return Event{}, err
	}
	sum := sha256.Sum256(body)
	id := hex.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(id), []byte(token.bodyHash)) != 1 {
		return Event{}, invalid("request_body_sha256 is not the SHA-256 of the body: expected the body as it was sent")
	}
	key, err := v.keys.get(ctx, token.kid)
	if err != nil {
		return Event{}, err
	}
	if !key.signed(token) {
		return Event{}, invalid("the signature is not by key %q", token.kid)
	}
	return newEvent(id, token.issuedAt, body)
}

func (v *Verifier) usable(ctx context.Context) error {
	switch {
	case v == nil || v.keys == nil:
		return errors.New("webhook: Verify: the verifier was not made by NewVerifier")
	case v.err != nil:
		return fmt.Errorf("webhook: NewVerifier: %w", v.err)
	case ctx == nil:
		return errors.New("webhook: Verify: expected a context, found nil")
	}
	return nil
}
