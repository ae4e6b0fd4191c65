package webhook

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// What the keyring remembers, and for how long.
const (
	maxKeys     = 64
	maxVerdicts = 128
	failedFor   = 10 * time.Second // a key that could not be fetched, so that an outage brings no storm

	// A key that Plaid does not know, or that is not acceptable; longer while unknown keys have to wait, so that a few
	// made-up names do not take their turn again and again.
	refusedFor        = 5 * time.Minute
	refusedForCrowded = time.Hour
)

// keyring keeps the keys that Plaid gave, and fetches others.
type keyring struct {
	// Set by NewVerifier and its options.
	source      KeySource
	now         func() time.Time
	maxAge      time.Duration
	perHour     int
	logger      *slog.Logger // nil for none
	store       KeyStore     // nil for none
	environment plaidlink.Environment

	saving sync.Mutex // held while the store is written

	mu       sync.Mutex
	keys     map[string]*key // a key stays here when it is too old, and is then fetched again
	verdicts map[string]verdict
	flights  map[string]*flight
	waiting  *waiting
}

// verdict is an error that holds for a key for some time.
type verdict struct {
	err error
	at  time.Time
}

func (v verdict) holds(now time.Time, crowded bool) bool {
	limit := failedFor
	if errors.Is(v.err, ErrInvalid) {
		limit = refusedFor
		if crowded {
			limit = refusedForCrowded
		}
	}
	return now.Sub(v.at) < limit
}

// verify checks that the key that a token names has signed it.
func (r *keyring) verify(ctx context.Context, t token) error {
	found, err := r.get(ctx, t)
	if err == nil {
		err = found.inService(r.now())
	}
	if err == nil && !found.signed(t) {
		err = invalid("the signature is not by key %q", t.kid)
	}
	return err
}

func (r *keyring) get(ctx context.Context, t token) (*key, error) {
	now := r.now()
	r.mu.Lock()
	found, flight, err := r.find(ctx, t, now)
	names, report := len(r.waiting.keys), r.waiting.report(now)
	r.mu.Unlock()
	if report {
		warn(ctx, r.logger, "plaid: webhooks name more unknown keys than are fetched",
			slog.Int("waiting", names), slog.Int("fetches_per_hour", r.perHour))
	}
	if flight != nil {
		return flight.wait(ctx)
	}
	return found, err
}

// find returns what is known of a key, or else a flight to wait for. The caller holds r.mu.
func (r *keyring) find(ctx context.Context, t token, now time.Time) (*key, *flight, error) {
	if v, ok := r.verdicts[t.kid]; ok && v.holds(now, r.waiting.crowded(now)) {
		return nil, nil, v.err
	}
	known, ok := r.keys[t.kid]
	if ok {
		// A clock that was set back makes the age negative: nothing is known of it then.
		if age := now.Sub(known.FetchedAt); age >= 0 && age < r.maxAge {
			return known, nil, nil
		}
	}
	if f := r.flights[t.kid]; f != nil {
		return nil, f, nil
	}
	if ctx.Err() != nil {
		return nil, nil, unavailable(t.kid, transport.ContextError(ctx))
	}
	chosen := t.kid
	if !ok {
		chosen = r.waiting.choose(t, now)
	}
	var f *flight
	if chosen != "" {
		f = r.fly(ctx, chosen, now)
	}
	if chosen != t.kid {
		return nil, nil, unavailable(t.kid, errCrowded)
	}
	return nil, f, nil
}

var errCrowded = errors.New("webhooks name more unknown keys than are fetched, and it waits for its turn")

// land notes the result of a flight, and reports whether the keys are others now.
func (r *keyring) land(f *flight) (changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.flights, f.kid)
	delete(r.verdicts, f.kid)
	_, known := r.keys[f.kid]
	switch {
	case f.err == nil:
		r.keys[f.kid] = f.key
		dropOldest(r.keys, maxKeys, func(k *key) time.Time { return k.FetchedAt })
		return true
	case errors.Is(f.err, ErrInvalid):
		delete(r.keys, f.kid)
		changed = known
	}
	r.verdicts[f.kid] = verdict{f.err, r.now()}
	dropOldest(r.verdicts, maxVerdicts, func(v verdict) time.Time { return v.at })
	return changed
}

// dropOldest makes room for the one that was added last.
func dropOldest[V any](m map[string]V, most int, at func(V) time.Time) {
	if len(m) <= most {
		return
	}
	oldest, found := "", false
	for kid, v := range m {
		if !found || at(v).Before(at(m[oldest])) {
			oldest, found = kid, true
		}
	}
	delete(m, oldest)
}
