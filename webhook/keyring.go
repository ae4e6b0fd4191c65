package webhook

import (
	"context"
	"errors"
	"sync"
	"time"
)

// What the keyring remembers, and for how long.
const (
	maxKeys     = 64
	maxVerdicts = 128
	refusedFor  = 5 * time.Minute  // a kid that Plaid does not know, or whose key is not acceptable
	failedFor   = 10 * time.Second // a kid whose key could not be fetched, so that an outage brings no storm
)

// keyring keeps the keys that Plaid gave, and fetches others. Anyone can name a kid, so all that a new one costs is bounded.
type keyring struct {
	source KeySource
	now    func() time.Time
	maxAge time.Duration

	mu       sync.Mutex
	keys     map[string]*key // stays here when too old, and is then fetched again
	verdicts map[string]verdict
	flights  map[string]*flight
	unknown  bucket // fetches of kids that are not in keys
}

// verdict is an error that stands for a kid until some time.
type verdict struct {
	err   error
	until time.Time
}

func newKeyring(source KeySource, now func() time.Time, maxAge time.Duration) *keyring {
	return &keyring{
		source: source, now: now, maxAge: maxAge,
		keys: map[string]*key{}, verdicts: map[string]verdict{}, flights: map[string]*flight{},
		unknown: bucket{tokens: maxUnknown},
	}
}

// get returns a key that is in service.
func (r *keyring) get(ctx context.Context, kid string) (*key, error) {
	found, flight, err := r.find(ctx, kid)
	if flight != nil {
		found, err = flight.wait(ctx)
	}
	if err == nil {
		err = found.inService(r.now())
	}
	return found, err
}

// find gives what is known of a kid, or else a flight to wait for.
func (r *keyring) find(ctx context.Context, kid string) (*key, *flight, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if v, ok := r.verdicts[kid]; ok && now.Before(v.until) {
		return nil, nil, v.err
	}
	known, ok := r.keys[kid]
	if ok {
		// A clock that was set back makes the age negative: nothing is known of it then.
		if age := now.Sub(known.fetched); age >= 0 && age < r.maxAge {
			return known, nil, nil
		}
	}
	if f := r.flights[kid]; f != nil {
		return nil, f, nil
	}
	if ctx.Err() != nil {
		return nil, nil, unavailable(kid, contextError(ctx))
	}
	if !ok && !r.unknown.take(now) {
		return nil, nil, unavailable(kid, errTooMany)
	}
	return nil, r.fly(ctx, kid, now), nil
}

var errTooMany = errors.New("too many webhooks name keys that are not known, and each would cost a call")

// land notes what a flight brought.
func (r *keyring) land(f *flight) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.flights, f.kid)
	delete(r.verdicts, f.kid)
	switch now := r.now(); {
	case f.err == nil:
		r.keys[f.kid] = f.key
	case errors.Is(f.err, ErrInvalid):
		delete(r.keys, f.kid)
		r.verdicts[f.kid] = verdict{f.err, now.Add(refusedFor)}
	default:
		r.verdicts[f.kid] = verdict{f.err, now.Add(failedFor)}
	}
	dropOldest(r.keys, maxKeys, func(k *key) time.Time { return k.fetched })
	dropOldest(r.verdicts, maxVerdicts, func(v verdict) time.Time { return v.until })
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
