// Command soak makes many calls from many goroutines against a server that misbehaves by a seeded plan, and checks every
// outcome against the plan. It exits with 1 if one differs, or if goroutines are left behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/plaidlink/plaidlink-go"
)

func main() {
	calls := flag.Int("calls", 50_000, "calls to make")
	workers := flag.Int("goroutines", 200, "goroutines that make them")
	seed := flag.Uint64("seed", 1, "seed of the plan")
	flag.Parse()
	if *calls < 1 || *workers < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "soak: expected -calls and -goroutines greater than 0, and no arguments")
		os.Exit(2)
	}
	if err := run(*calls, *workers, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// result counts the outcomes of the calls.
type result struct {
	mu       sync.Mutex
	kinds    map[string]int
	attempts int
	wrong    []error
}

func run(calls, workers int, seed uint64) error {
	plans := make([]plan, calls)
	for i := range plans {
		plans[i] = planFor(seed, i)
	}
	before := runtime.NumGoroutine()
	server := newServer(plans)
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "soak", Secret: "soak-secret"},
		plaidlink.WithBaseURL(server.URL),
		plaidlink.WithMaxAttempts(maxAttempts),
		plaidlink.WithAttemptTimeout(3*time.Second), // far more than a loaded machine needs for a response
		plaidlink.WithMaxRetryDelay(2*time.Millisecond),
		plaidlink.WithRetryBudget(calls*maxAttempts), // the budget has its own test
	)
	if err != nil {
		return err
	}
	peak := watchHeap()
	start := time.Now()
	r := makeCalls(client, plans, workers)
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

	fmt.Printf("calls %d in %v from %d goroutines, seed %d\n", calls, took.Round(time.Millisecond), workers, seed)
	for _, kind := range slices.Sorted(maps.Keys(r.kinds)) {
		fmt.Printf("  %-24s %6d\n", kind, r.kinds[kind])
	}
	fmt.Printf("retries %d, connections opened %d, peak heap %.1f MiB, goroutines %d before and %d after\n",
		r.attempts-calls, server.connections.Load(), float64(heap)/(1<<20), before, after)
	fmt.Printf("outcomes: %d as planned, %d not\n", calls-len(r.wrong), len(r.wrong))
	if after > before {
		r.wrong = append(r.wrong, fmt.Errorf("%d goroutines are left behind", after-before))
	}
	return errors.Join(r.wrong[:min(len(r.wrong), 10)]...)
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
