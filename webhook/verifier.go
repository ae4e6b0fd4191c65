package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/option"
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

// Option configures a Verifier; see NewVerifier.
type Option func(*Verifier) error

// WithKeyMaxAge sets how long a key is used after it was fetched: more than 0 and at most 24 hours, 15 minutes by default.
// A revoked key is accepted for this long at most; each key costs a call in this time while webhooks come.
func WithKeyMaxAge(d time.Duration) Option {
	return option.Checked(d > 0 && d <= 24*time.Hour, func(v *Verifier) { v.keys.maxAge = d },
		"WithKeyMaxAge: expected more than 0 and at most 24h, found %v", d)
}

// WithLeeway sets how far ahead of this host's clock a webhook may have been signed: 0 to 5 minutes, 3 by default. A
// webhook that was captured can be sent again for this much longer.
func WithLeeway(d time.Duration) Option {
	return option.Checked(d >= 0 && d <= 5*time.Minute, func(v *Verifier) { v.leeway = d },
		"WithLeeway: expected 0 to 5m, found %v", d)
}

// WithKeyQuota sets how many fetches an hour unknown keys may cost, beyond 10 at once: 20 to 360, 60 by default. Fewer are
// cheaper while strangers make up keys, and keep a new key of Plaid out for longer. Keys that are known do not count.
func WithKeyQuota(perHour int) Option {
	return option.Checked(perHour >= 20 && perHour <= 360, func(v *Verifier) { v.keys.perHour = perHour },
		"WithKeyQuota: expected 20 to 360 an hour, found %d", perHour)
}

// WithKeyStore keeps the keys of an environment in a store, so that a program that starts while strangers make up keys
// knows Plaid's. A stored key is used as if it had been fetched by this program, and fetched again when it is older than
// [WithKeyMaxAge] allows. What is damaged, of another environment or over 64 KiB is logged and ignored, and replaced when
// the next key is fetched. NewVerifier loads the store, and waits at most 5 seconds for one that ends with its context.
func WithKeyStore(store KeyStore, environment plaidlink.Environment) Option {
	return func(v *Verifier) error {
		if store == nil {
			return errors.New("WithKeyStore: expected a store, found nil")
		}
		if environment.BaseURL() == "" {
			return fmt.Errorf("WithKeyStore: expected the environment that sends the webhooks, found %.20q", environment)
		}
		v.keys.store, v.keys.environment = store, environment
		return nil
	}
}

// WithSeen lets Handler ask whether an event was handled before, by its ID: if so, the response is 200 and the function is
// not called. It is asked only for events that have an ID, see [Event]. An error makes the response 500. It does not lock:
// two deliveries at the same time may both be unseen, so the function must record the ID in the same transaction as its
// effect, and fail where it is recorded already. Verify does not use it.
func WithSeen(seen func(context.Context, Event) (bool, error)) Option {
	return option.Checked(seen != nil, func(v *Verifier) { v.seen = seen },
		"WithSeen: expected a function, found nil")
}

// WithLogger logs, at level Warn, each webhook that Handler refuses or that fails: status, reason and, once it is verified,
// type, code and the ID if there is one. It logs too that unknown keys have to wait, once in 10 minutes, and what is wrong
// with a key store. Bodies are never logged, and tokens within the error of your function are masked.
func WithLogger(logger *slog.Logger) Option {
	return option.Checked(logger != nil, func(v *Verifier) { v.keys.logger = logger },
		"WithLogger: expected a logger, found nil")
}

// WithClock makes the verifier take the time from now, for tests. The 8 seconds of a fetch and the 10 seconds for reading
// a body are not affected.
func WithClock(now func() time.Time) Option {
	return option.Checked(now != nil, func(v *Verifier) { v.keys.now = now },
		"WithClock: expected a function, found nil")
}
