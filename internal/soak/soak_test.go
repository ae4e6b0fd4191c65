package soak

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
)

var (
	calls   = flag.Int("calls", 1000, "calls to make")
	workers = flag.Int("goroutines", 200, "goroutines that make them")
	seed    = flag.Uint64("seed", 1, "seed of the plan")
)

// result counts the outcomes of the calls.
type result struct {
	mu       sync.Mutex
	kinds    map[string]int
	attempts int
	wrong    []error
}

func TestEveryCallEndsAsPlanned(t *testing.T) {
	require.Positive(t, *calls, "expected -calls greater than 0")
	require.Positive(t, *workers, "expected -goroutines greater than 0")
	require.Zero(t, flag.NArg(), "expected no arguments")
	plans := make([]plan, *calls)
	for i := range plans {
		plans[i] = planFor(*seed, i)
	}
	before := runtime.NumGoroutine()
	server := newServer(plans)
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "soak", Secret: "soak-secret"},
		plaidlink.WithBaseURL(server.URL),
		plaidlink.WithMaxAttempts(maxAttempts),
		plaidlink.WithAttemptTimeout(3*time.Second), // far more than a loaded machine needs for a response
		plaidlink.WithMaxRetryDelay(2*time.Millisecond),
		plaidlink.WithRetryBudget(*calls*maxAttempts), // the budget has its own test
	)
	require.NoError(t, err)
	peak := watchHeap()
	start := time.Now()
	r := makeCalls(client, plans, *workers)
	took := time.Since(start)
	heap := peak()
	for i := range plans {
		if seen := int(server.seen[i].Load()); seen != plans[i].attempts {
			r.wrong = append(r.wrong, fmt.Errorf("call %d: %d attempts reached the server, the plan has %d", i, seen, plans[i].attempts))
		}
	}
	client.CloseIdleConnections()
	server.close()
	after := settle(before)

	out := t.Output()
	fmt.Fprintf(out, "calls %d in %v from %d goroutines, seed %d\n", *calls, took.Round(time.Millisecond), *workers, *seed)
	for _, kind := range slices.Sorted(maps.Keys(r.kinds)) {
		fmt.Fprintf(out, "  %-24s %6d\n", kind, r.kinds[kind])
	}
	fmt.Fprintf(out, "retries %d, connections opened %d, peak heap %.1f MiB, goroutines %d before and %d after\n",
		r.attempts-*calls, server.connections.Load(), float64(heap)/(1<<20), before, after)
	fmt.Fprintf(out, "outcomes: %d as planned, %d not\n", *calls-len(r.wrong), len(r.wrong))
	for _, err := range r.wrong[:min(len(r.wrong), 10)] {
		t.Error(err)
	}
	if after > before {
		t.Errorf("%d goroutines are left behind", after-before)
	}
}

func makeCalls(client *plaidlink.Client, plans []plan, workers int) *result {
	r := &result{kinds: map[string]int{}}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(plans) {
					return
				}
				var resp plaidlink.Response
				token, err := makeCall(context.Background(), client, plans[i], i, &resp)
				wrong := check(plans[i], i, token, err, resp)
				r.mu.Lock()
				r.kinds[traits[plans[i].last].name]++
				r.attempts += resp.Attempts
				if wrong != nil {
					r.wrong = append(r.wrong, wrong)
				}
				r.mu.Unlock()
			}
		})
	}
	group.Wait()
	return r
}

// watchHeap samples the heap in use. The function that it returns stops it and returns the largest sample.
func watchHeap() func() uint64 {
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		var peak uint64
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-tick.C:
			case <-stop:
				done <- peak
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-done }
}

// settle waits, for at most 5 seconds, until no more goroutines run than before. It returns how many run then.
func settle(before int) int {
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for runtime.NumGoroutine() > before {
		select {
		case <-tick.C:
		case <-deadline:
			return runtime.NumGoroutine()
		}
	}
	return runtime.NumGoroutine()
}
