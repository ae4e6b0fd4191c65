package outbox_test

import (
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

func TestCloseDuringAnAttempt(t *testing.T) {
	r, arrived, _ := held(t)
	o := newOutbox(t, r)
	o.put("under way", "behind it")
	<-arrived
	o.Close()
	o.Close()
	require.Len(t, r.got(), 1)
	got := o.Deliveries()
	for _, d := range got {
		requireGivenUp(t, d, "the sandbox was closed")
	}
	require.Len(t, got[0].Attempts, 1)
	require.Equal(t, "the sandbox was closed", got[0].Attempts[0].Error)
	require.Empty(t, got[1].Attempts)
	require.NoError(t, o.Wait(t.Context()))
}

// Close from two goroutines: both return only when the attempt has ended.
func TestCloseTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := false
		o := newOutbox(t, &receiver{respond: func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			time.Sleep(time.Second)
			ended = true
			return respondWith(200), nil
		}})
		o.put("{}")
		synctest.Wait()
		var closing sync.WaitGroup
		for range 2 {
			closing.Go(func() {
				o.Close()
				require.True(t, ended)
			})
		}
		closing.Wait()
		require.Equal(t, outbox.Delivered, o.only(t).State, "a response came after all")
		require.Empty(t, o.only(t).Reason)
	})
}

func TestCloseWithPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		o := newOutbox(t, responding(200, 500), func(c *outbox.Config) { c.Now = time.Now }, readings(&count))
		o.put("delivered")
		o.wait(t)
		o.put("pending")
		o.wait(t)
		o.Close()
		count.Store(0)
		o.Wake()
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		require.Zero(t, count.Load(), "a goroutine was started")
		require.Len(t, o.receiver.got(), 2)
		got := o.Deliveries()
		require.Equal(t, outbox.Delivered, got[0].State)
		require.Empty(t, got[0].Reason)
		requireGivenUp(t, got[1], "the sandbox was closed")
	})
}

func TestPutAfterClose(t *testing.T) {
	o := newOutbox(t, responding(200))
	o.Close()
	o.put("{}")
	o.wait(t)
	got := o.only(t)
	require.Equal(t, outbox.NotSent, got.State)
	require.Equal(t, "the sandbox was closed", got.Reason)
	require.Empty(t, o.receiver.got())
}

// Nothing holds a closed outbox: no timer that runs for hours, no goroutine.
func TestClosedIsGarbage(t *testing.T) {
	closed := func() weak.Pointer[outbox.Outbox] {
		o := outbox.New(outbox.Config{
			Now: time.Now, Sign: signer(), NewID: counted("id"),
			Client: &http.Client{Transport: responding(500)},
		})
		o.Put(local, "LINK", "EVENTS", []byte("{}"))
		require.NoError(t, o.Wait(t.Context()))
		o.Close()
		return weak.Make(o)
	}()
	for range 100 {
		if runtime.GC(); closed.Value() == nil {
			return
		}
	}
	t.Error("something holds it")
}
