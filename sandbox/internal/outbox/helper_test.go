package outbox_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// A proxy at which nobody listens: an attempt that asks the environment for one fails.
func TestMain(m *testing.M) {
	os.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	os.Exit(m.Run())
}

const local = "http://127.0.0.1:1/hook" // nobody listens; the receiver of most tests is in memory

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// receiver is a webhook's receiver in memory. It keeps what it got.
type receiver struct {
	respond func(n int, r *http.Request) (*http.Response, error) // n counts from 0

	mu         sync.Mutex
	bodies     []string
	signatures []string
	requests   []*http.Request
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	req.Body.Close()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	n := len(r.bodies)
	r.bodies = append(r.bodies, string(body))
	r.signatures = append(r.signatures, req.Header.Get("Plaid-Verification"))
	r.requests = append(r.requests, req)
	r.mu.Unlock()
	return r.respond(n, req)
}

func (r *receiver) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.bodies...)
}

func respondWith(status int) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody}
}

// responding is a receiver that responds with these, the last of them forever.
func responding(statuses ...int) *receiver {
	return &receiver{respond: func(n int, _ *http.Request) (*http.Response, error) {
		return respondWith(statuses[min(n, len(statuses)-1)]), nil
	}}
}

type tested struct {
	*outbox.Outbox
	clock    *clock
	receiver *receiver
}

// newOutbox makes one with a clock that stands still and, unless the change says otherwise, a receiver in memory. It closes
// it and looks for goroutines that are left.
func newOutbox(t testing.TB, r *receiver, changes ...func(*outbox.Config)) tested {
	t.Helper()
	noGoroutinesLeft(t)
	made := tested{clock: &clock{now: noon}, receiver: r}
	config := outbox.Config{
		Now: made.clock.Now, Sign: signer(), NewID: counted("id"), Client: &http.Client{Transport: r},
	}
	for _, change := range changes {
		change(&config)
	}
	made.Outbox = outbox.New(config)
	t.Cleanup(made.Close)
	return made
}

// counted returns prefix-1, prefix-2 and so on.
func counted(prefix string) func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("%s-%d", prefix, n)
	}
}

// signer makes the signatures signature-1, signature-2 and so on.
func signer() func([]byte) string {
	next := counted("signature")
	return func([]byte) string { return next() }
}

// overSockets is a change: requests go over sockets, with the outbox's own client.
func overSockets(config *outbox.Config) { config.Client = nil }

func (o tested) put(bodies ...string) {
	for _, body := range bodies {
		o.Put(local, "LINK", "EVENTS", []byte(body))
	}
}

func (o tested) wait(t testing.TB) {
	t.Helper()
	require.NoError(t, o.Wait(t.Context()))
}

// moved moves the clock and waits for what is due then.
func (o tested) moved(t testing.TB, d time.Duration) {
	t.Helper()
	o.clock.move(d)
	o.Wake()
	o.wait(t)
}

// only is the one webhook there is.
func (o tested) only(t testing.TB) outbox.Delivery {
	t.Helper()
	all := o.Deliveries()
	require.Len(t, all, 1)
	return all[0]
}

// noGoroutinesLeft asserts at the end of a test, once all was closed, that none of the outbox or of a client is left.
func noGoroutinesLeft(t testing.TB) {
	t.Helper()
	t.Cleanup(func() {
		left := ""
		for range 10_000 { // not by the clock, which stands still in a bubble
			if left = working(); left == "" {
				return
			}
			runtime.Gosched()
		}
		t.Errorf("a goroutine is left:\n%s", left)
	})
}

// working is the stack of a goroutine that the outbox or a client's connection has; empty where there is none.
func working() string {
	stacks := make([]byte, 256<<10)
	for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(stack, "outbox.(*Outbox)") || strings.Contains(stack, "persistConn") {
			return stack
		}
	}
	return ""
}
