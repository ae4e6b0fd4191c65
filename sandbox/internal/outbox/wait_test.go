package outbox_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// held is a receiver that does not respond until release is called, and signals on arrived that a request came.
func held(t testing.TB) (r *receiver, arrived <-chan struct{}, release func()) {
	came, let := make(chan struct{}, 1), make(chan struct{})
	release = sync.OnceFunc(func() { close(let) })
	t.Cleanup(release)
	return &receiver{respond: func(_ int, r *http.Request) (*http.Response, error) {
		select {
		case came <- struct{}{}:
		default:
		}
		select {
		case <-let:
			return respondWith(200), nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}}, came, release
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, arrived, release := held(t)
		o := newOutbox(t, r)
		o.wait(t) // there is nothing to wait for
		o.put("1", "2")
		<-arrived

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := o.Wait(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualError(t, err, "context deadline exceeded")

		waited := make(chan error, 2)
		go func() { waited <- o.Wait(context.Background()) }()
		go func() { waited <- o.Wait(context.Background()) }()
		synctest.Wait()
		require.Empty(t, waited)
		release()
		require.NoError(t, <-waited)
		require.NoError(t, <-waited)
		require.Len(t, r.got(), 2)
	})
}

// Wait looks at the clock itself: what is due is waited for, also where nobody called Wake.
func TestWaitForWhatIsDue(t *testing.T) {
	o := newOutbox(t, responding(500, 200))
	o.put("{}")
	o.wait(t)
	require.Equal(t, outbox.Pending, o.only(t).State, "it does not wait for what is not due")
	o.clock.move(30 * time.Second)
	o.wait(t)
	require.Equal(t, outbox.Delivered, o.only(t).State)
}

// No lock is held while a receiver responds, nor while a function of the Config runs.
func TestNothingBlocksDuringAnAttempt(t *testing.T) {
	var o tested
	r, arrived, release := held(t)
	use := func() {
		if o.Outbox != nil {
			o.Deliveries() // takes the lock
		}
	}
	o = newOutbox(t, r, func(c *outbox.Config) {
		now, sign, id := c.Now, c.Sign, c.NewID
		c.Now = func() time.Time { use(); return now() }
		c.Sign = func(body []byte) string { use(); return sign(body) }
		c.NewID = func() string { use(); return id() }
	})
	o.put("1")
	<-arrived
	o.put("2")
	require.NoError(t, o.Duplicate("id-1"))
	got := o.Deliveries()
	require.Len(t, got, 3)
	for _, d := range got {
		require.Equal(t, outbox.Pending, d.State)
		require.Empty(t, d.Attempts)
	}
	release()
	o.wait(t)
	require.Equal(t, []string{"1", "2", "1"}, r.got())
}
