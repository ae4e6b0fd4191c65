package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// fetchTimeout bounds a fetch, all its attempts included: Plaid waits 10 s for the response to a webhook.
const fetchTimeout = 8 * time.Second

// flight is a fetch that everyone who needs the key waits for.
type flight struct {
	kid  string
	done chan struct{}   // closed when there is a result
	late <-chan struct{} // closed when the fetch may take no longer

	// The result, once done is closed.
	key *key
	err error
}

// fly starts a fetch in a goroutine of its own. The end of the caller's context does not end it: others may wait. The
// caller holds r.mu.
func (r *keyring) fly(ctx context.Context, kid string, now time.Time) *flight {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
	f := &flight{kid: kid, done: make(chan struct{}), late: ctx.Done()}
	r.flights[kid] = f
	go func() {
		defer cancel()
		f.key, f.err = r.fetch(ctx, kid, now)
		changed := r.land(f)
		close(f.done)
		if changed {
			r.save()
		}
	}()
	return f
}

// fetch asks the key source. A panic there would end the program, because it happens in a goroutine of our own.
func (r *keyring) fetch(ctx context.Context, kid string, now time.Time) (_ *key, err error) {
	defer func() {
		if recover() != nil {
			err = unavailable(kid, errors.New("the key source panicked"))
		}
	}()
	response, err := r.source.WebhookVerificationKeyGet(ctx, gen.WebhookVerificationKeyGetRequest{KeyID: kid})
	switch {
	case errors.Is(err, plaidlink.CodeInvalidWebhookVerificationKeyID):
		return nil, &failure{kind: ErrInvalid, reason: fmt.Sprintf("Plaid does not know key %q", kid), cause: err}
	case err != nil:
		return nil, unavailable(kid, err)
	case response == nil:
		return nil, unavailable(kid, errors.New("the key source returned neither a key nor an error"))
	}
	return newKey(kid, response.Key, now)
}

// wait waits for the result, for the caller's context, and no longer than a fetch may take: a key source may hang.
func (f *flight) wait(ctx context.Context) (*key, error) {
	select {
	case <-f.done:
	case <-ctx.Done():
		return nil, unavailable(f.kid, transport.ContextError(ctx))
	case <-f.late:
		select {
		case <-f.done: // late is closed after done, too
		default:
			return nil, unavailable(f.kid, fmt.Errorf("no response within %v", fetchTimeout))
		}
	}
	return f.key, f.err
}
