package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// fetchTimeout bounds a fetch, all its attempts included: Plaid waits 10 s for the answer to a webhook.
const fetchTimeout = 8 * time.Second

// flight is a fetch that all who need the key wait for.
type flight struct {
	context.Context // of the fetch; the end of one caller's does not end it
	cancel          context.CancelFunc
	kid             string
	started         time.Time
	done            chan struct{}

	// What it brought, once done is closed.
	key *key
	err error
}

func newFlight(ctx context.Context, kid string, started time.Time) *flight {
	f := &flight{kid: kid, started: started, done: make(chan struct{})}
	f.Context, f.cancel = context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	return f
}

// wait waits for the flight, for the caller's context, and no longer than a fetch may take: a key source may hang.
func (f *flight) wait(ctx context.Context) (*key, error) {
	select {
	case <-f.done:
		return f.key, f.err
	case <-ctx.Done():
		return nil, unavailable(f.kid, contextError(ctx))
	case <-f.Done():
	}
	select {
	case <-f.done: // it ends its context after that
		return f.key, f.err
	default:
		return nil, unavailable(f.kid, fmt.Errorf("no answer within %v", fetchTimeout))
	}
}

// fly fetches a key, in a goroutine of its own. A key source that panics there would end the program.
func (r *keyring) fly(f *flight) {
	f.err = unavailable(f.kid, errors.New("the key source panicked"))
	defer func() {
		_ = recover()
		r.land(f)
		close(f.done)
		f.cancel()
	}()
	f.key, f.err = r.fetch(f)
}

func (r *keyring) fetch(f *flight) (*key, error) {
	answer, err := r.source.WebhookVerificationKeyGet(f, gen.WebhookVerificationKeyGetRequest{KeyID: f.kid})
	switch {
	case errors.Is(err, plaidlink.CodeInvalidWebhookVerificationKeyID):
		return nil, &failure{kind: ErrInvalid, reason: fmt.Sprintf("Plaid does not know key %q", f.kid), cause: err}
	case err != nil:
		return nil, unavailable(f.kid, err)
	case answer == nil:
		return nil, unavailable(f.kid, errors.New("the key source gave neither a key nor an error"))
	}
	return newKey(f.kid, answer.Key, f.started)
}

// contextError is the end of a context: its error, and its cause where that is another.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}
