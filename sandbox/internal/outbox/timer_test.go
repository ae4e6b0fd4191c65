package outbox_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// The clock of most programs goes with real time: no Wake is needed. Time here is that of the bubble.
func TestTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutbox(t, responding(500), func(c *outbox.Config) { c.Now = time.Now })
		start := time.Now()
		o.put("first")
		synctest.Wait()
		time.Sleep(10 * time.Second)
		o.put("second")
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		for i, d := range o.Deliveries() {
			created := start.Add(time.Duration(i) * 10 * time.Second)
			requireGivenUp(t, d, "no response of 200 within 24 hours")
			require.Len(t, d.Attempts, 7)
			require.WithinDuration(t, created.Add(40950*time.Second), d.Attempts[6].Time, 0)
		}
	})
}

// readings counts those of the clock.
func readings(count *atomic.Int32) func(*outbox.Config) {
	return func(c *outbox.Config) {
		now := c.Now
		c.Now = func() time.Time { count.Add(1); return now() }
	}
}

// A clock that stands still just before an attempt must not keep a processor busy, and one that was moved meanwhile is
// looked at when the timer is over.
func TestTimerOfClockThatStandsStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		o := newOutbox(t, responding(500, 200), readings(&count))
		o.put("{}")
		o.wait(t)
		o.clock.move(30*time.Second - 1)
		o.wait(t)
		count.Store(0)
		time.Sleep(time.Second)
		synctest.Wait()
		require.LessOrEqual(t, count.Load(), int32(1000))
		require.Positive(t, count.Load())
		o.clock.move(1)
		time.Sleep(time.Millisecond)
		synctest.Wait()
		require.Equal(t, outbox.Delivered, o.only(t).State)
	})
}

func TestOneTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var count atomic.Int32
		o := newOutbox(t, responding(500), readings(&count))
		o.put("{}")
		for range 10 {
			o.wait(t)
		}
		count.Store(0)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		require.EqualValues(t, 1, count.Load())
	})
}

// A Wake between the reading of the clock and the end of the goroutine is not lost.
func TestWakeWhileClockIsRead(t *testing.T) {
	var o tested
	moved := false
	o = newOutbox(t, responding(500, 200), func(c *outbox.Config) {
		now := c.Now
		c.Now = func() time.Time {
			old := now()
			if o.receiver != nil && len(o.receiver.got()) == 1 && len(o.only(t).Attempts) == 1 && !moved {
				moved = true
				o.clock.move(time.Minute)
				o.Wake()
			}
			return old
		}
	})
	o.put("{}")
	o.wait(t)
	require.Equal(t, outbox.Delivered, o.only(t).State)
}
