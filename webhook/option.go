package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Option configures a Verifier; see NewVerifier.
type Option func(*Verifier) error

// WithKeyMaxAge sets how long a key is used after it was fetched: more than 0 and at most 24 hours, 15 minutes by default.
// A revoked key is accepted for this long at most; each key costs a call in this time while webhooks come.
func WithKeyMaxAge(d time.Duration) Option {
	return func(v *Verifier) error {
		if d <= 0 || d > 24*time.Hour {
			return fmt.Errorf("WithKeyMaxAge: expected more than 0 and at most 24h, found %v", d)
		}
		v.keyMaxAge = d
		return nil
	}
}

// WithSeen lets Handler ask whether an event was dealt with before, by its ID: if so, the answer is 200 and the function is
// not called. An error is answered 500. It does not lock: two deliveries at the same time may both be unseen, so the
// function must record the ID in the same transaction as its effect, and fail where it is recorded already. Verify does
// not use it.
func WithSeen(seen func(context.Context, Event) (bool, error)) Option {
	return func(v *Verifier) error {
		if seen == nil {
			return errors.New("WithSeen: expected a function, found nil")
		}
		v.seen = seen
		return nil
	}
}

// WithLogger logs each webhook that Handler refuses, or that fails, at level Warn: status, reason and, once it is verified,
// id, type and code. Bodies are never logged, and tokens within the error of your function are masked.
func WithLogger(logger *slog.Logger) Option {
	return func(v *Verifier) error {
		if logger == nil {
			return errors.New("WithLogger: expected a logger, found nil")
		}
		v.logger = logger
		return nil
	}
}

// WithClock makes the verifier take the time from now, for tests. The 8 seconds of a fetch and the 10 seconds for reading
// a body are not affected.
func WithClock(now func() time.Time) Option {
	return func(v *Verifier) error {
		if now == nil {
			return errors.New("WithClock: expected a function, found nil")
		}
		v.now = now
		return nil
	}
}
