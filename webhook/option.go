package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/option"
)

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
