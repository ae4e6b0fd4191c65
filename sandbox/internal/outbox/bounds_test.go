package outbox_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

func numbers(from, to int) (texts []string) {
	for n := from; n <= to; n++ {
		texts = append(texts, strconv.Itoa(n))
	}
	return texts
}

func bodies(deliveries []outbox.Delivery) (texts []string) {
	for _, d := range deliveries {
		texts = append(texts, d.Body)
	}
	return texts
}

// 1000 are kept, and while none is over the oldest are given up. The one under way ends as it would have.
func TestManyPending(t *testing.T) {
	r, arrived, release := held(t)
	o := newOutbox(t, r)
	o.put(numbers(1, 1)...)
	<-arrived
	o.put(numbers(2, 5000)...)
	require.Equal(t, numbers(4001, 5000), bodies(o.Deliveries()))
	release()
	o.wait(t)
	require.Equal(t, append(numbers(1, 1), numbers(4001, 5000)...), r.got())
}

// A webhook that waits for its next attempt outlives those that are over.
func TestPendingStaysLongest(t *testing.T) {
	o := newOutbox(t, &receiver{respond: func(n int, _ *http.Request) (*http.Response, error) {
		return respondWith(map[bool]int{true: 500, false: 200}[n == 1]), nil
	}})
	for n := range 10 {
		o.put(numbers(n*500+1, n*500+500)...)
		o.wait(t)
	}
	require.Equal(t, append([]string{"2"}, numbers(4002, 5000)...), bodies(o.Deliveries()))
	require.Len(t, o.receiver.got(), 5000)
	o.moved(t, 30*time.Second)
	require.Equal(t, outbox.Delivered, o.Deliveries()[0].State)
	o.put("next")
	require.Equal(t, append(numbers(4002, 5000), "next"), bodies(o.Deliveries()))
}

// All methods at once, for the race detector; every webhook arrives, each goroutine's in its order.
func TestManyGoroutines(t *testing.T) {
	o := newOutbox(t, responding(200))
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 100 {
				o.put(fmt.Sprintf("%d-%02d", g, n))
				o.clock.move(time.Second)
				o.Wake()
				o.Deliveries()
				if err := o.Wait(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	o.wait(t)
	got := o.receiver.got()
	require.Len(t, got, 800)
	last := map[byte]string{}
	for _, body := range got {
		require.Less(t, last[body[0]], body)
		last[body[0]] = body
	}
	for _, d := range o.Deliveries() {
		require.Equal(t, outbox.Delivered, d.State)
	}
}

// Close beside Put: what was put before is delivered or given up, what came after is not sent, and nothing hangs.
func TestCloseBesidePut(t *testing.T) {
	for range 50 {
		o := newOutbox(t, responding(200))
		var putting sync.WaitGroup
		putting.Go(func() { o.put(numbers(1, 50)...) })
		putting.Go(o.Close)
		putting.Wait()
		for _, d := range o.Deliveries() {
			require.NotEqual(t, outbox.Pending, d.State)
			require.Equal(t, d.State == outbox.Delivered, d.Reason == "")
		}
	}
}
