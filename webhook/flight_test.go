package webhook_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// slowly makes the key endpoint take a time, or as long as the context of the fetch.
func (p *plaid) slowly(d time.Duration) {
	p.before = func(ctx context.Context, _ string) {
		select {
		case <-time.After(d):
		case <-ctx.Done():
			p.set(func() { p.failure = ctx.Err() })
		}
	}
}

// Who needs a key that is being fetched waits for that fetch.
func TestFetchIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := start(t)
		p.slowly(time.Second)
		delivery := p.deliver(t, body, nil)
		errs := make([]error, 100)
		var wait sync.WaitGroup
		for i := range errs {
			wait.Go(func() { _, errs[i] = v.Verify(t.Context(), delivery, []byte(body)) })
		}
		wait.Wait()
		require.NoError(t, errors.Join(errs...))
		require.Equal(t, 1, p.fetches())
	})
}

// The first caller's end is not that of the others, or of the fetch.
func TestFetchOutlivesItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := start(t)
		p.slowly(2 * time.Second)
		delivery := p.deliver(t, body, nil)
		because := errors.New("because")
		ctx, cancel := context.WithCancelCause(t.Context())
		var first, second error
		began, ended := time.Now(), time.Time{}
		var wait sync.WaitGroup
		wait.Go(func() { _, first = v.Verify(ctx, delivery, []byte(body)); ended = time.Now() })
		synctest.Wait()
		wait.Go(func() { _, second = v.Verify(t.Context(), delivery, []byte(body)) })
		time.Sleep(time.Second)
		cancel(because)
		wait.Wait()
		require.ErrorIs(t, first, webhook.ErrKeyUnavailable)
		require.ErrorIs(t, first, context.Canceled)
		require.ErrorIs(t, first, because)
		require.Equal(t, time.Second, ended.Sub(began), "at once")
		require.NoError(t, second)
		require.Equal(t, 1, p.fetches())
		_, err := v.Verify(ctx, delivery, []byte(body))
		require.NoError(t, err, "what is known needs no waiting")
	})
}

// A context that has ended starts no fetch.
func TestContextEndedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := start(t)
		ctx, cancel := context.WithTimeout(t.Context(), -1)
		defer cancel()
		_, err := v.Verify(ctx, p.deliver(t, body, nil), []byte(body))
		require.ErrorIs(t, err, webhook.ErrKeyUnavailable)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		synctest.Wait()
		require.Zero(t, p.fetches())
	})
}

// A fetch ends after 8 seconds, with its goroutine: synctest fails where one stays.
func TestFetchTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := start(t)
		p.slowly(time.Hour)
		began := time.Now()
		err := try(t, p, v, kid)
		require.ErrorIs(t, err, webhook.ErrKeyUnavailable)
		require.Equal(t, 8*time.Second, time.Since(began))
	})
}

// A key source that does not end with its context holds up nobody for longer, and gets no second call for the kid.
func TestKeySourceHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := start(t)
		release := make(chan struct{})
		p.before = func(context.Context, string) { <-release }
		began := time.Now()
		for range 3 {
			err := try(t, p, v, kid)
			require.ErrorIs(t, err, webhook.ErrKeyUnavailable)
			require.ErrorContains(t, err, "no response within 8s")
		}
		require.Equal(t, 8*time.Second, time.Since(began))
		require.Equal(t, 1, p.fetches())
		close(release)
		synctest.Wait()
		require.NoError(t, try(t, p, v, kid), "the response came late, and counts")
	})
}

// keySource is a function as a KeySource.
type keySource func() (*gen.WebhookVerificationKeyGetResponse, error)

func (f keySource) WebhookVerificationKeyGet(context.Context, gen.WebhookVerificationKeyGetRequest, ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	return f()
}

// Whatever a key source does, the program goes on.
func TestKeySourceMisbehaves(t *testing.T) {
	for name, c := range map[string]struct {
		source webhook.KeySource
		reason string
	}{
		"panics":            {keySource(func() (*gen.WebhookVerificationKeyGetResponse, error) { panic("secret") }), "cannot be fetched: the key source panicked"},
		"returns nothing":   {keySource(func() (*gen.WebhookVerificationKeyGetResponse, error) { return nil, nil }), "neither a key nor an error"},
		"is a nil function": {keySource(nil), "the key source panicked"},
		"is a nil client":   {(*plaidlink.Client)(nil), "the client was not made by New"},
		"is a zero client":  {&plaidlink.Client{}, "the client was not made by New"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlaid(t)
			err := try(t, p, webhook.NewVerifier(c.source, webhook.WithClock(p.now)), kid)
			require.ErrorIs(t, err, webhook.ErrKeyUnavailable)
			require.ErrorContains(t, err, c.reason)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}
