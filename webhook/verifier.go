package webhook

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

const (
	defaultKeyMaxAge = 15 * time.Minute
	defaultLeeway    = 3 * time.Minute
)

// KeySource fetches the keys that sign webhooks. [*plaidlink.Client] is one; it must be of the environment that sends them.
// Another must end when its context does, and return an error that is [plaidlink.CodeInvalidWebhookVerificationKeyID] for a
// key that does not exist. It is called from several goroutines.
type KeySource interface {
	WebhookVerificationKeyGet(ctx context.Context, req gen.WebhookVerificationKeyGetRequest, opts ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error)
}

// Verifier distinguishes Plaid's webhooks from others'. It keeps keys, so make one and keep it; it is safe for concurrent use.
type Verifier struct {
	keys   *keyring
	leeway time.Duration
	seen   func(context.Context, Event) (bool, error)
	err    error // why it cannot verify
}

// NewVerifier makes a verifier, and makes no request. Where keys or an option cannot be right, every Verify returns an
// error that reports it, and Handler responds 500.
func NewVerifier(keys KeySource, opts ...Option) *Verifier {
	v := &Verifier{leeway: defaultLeeway, keys: &keyring{
		source: keys, now: time.Now, maxAge: defaultKeyMaxAge, perHour: defaultPerHour,
		keys: map[string]*key{}, verdicts: map[string]verdict{}, flights: map[string]*flight{},
	}}
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
	v.keys.waiting = newWaiting(v.keys.perHour, rand.IntN)
	if v.err == nil {
		v.keys.load()
	}
	return v
}

// Verify checks that a webhook is Plaid's, unchanged and at most 5 minutes old, and decodes it. Header is a request's, with
// names in any case; body is what was sent, byte for byte, and must be bounded by the caller. [Event.Raw] is body itself.
//
// Errors are [ErrInvalid], [ErrKeyUnavailable] or [ErrDecode]; others report that the verifier was not made correctly. The
// key is fetched only after all checks that need none, and for at most 8 seconds; where ctx ends before, the error is that
// of ctx too.
func (v *Verifier) Verify(ctx context.Context, header http.Header, body []byte) (Event, error) {
	if err := v.usable(ctx); err != nil {
		return Event{}, err
	}
	t, err := readToken(header, v.keys.now(), v.leeway)
	if err == nil {
		err = t.covers(body)
	}
	if err == nil {
		err = v.keys.verify(ctx, t)
	}
	if err != nil {
		return Event{}, err
	}
	return newEvent(t.issuedAt, body)
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
