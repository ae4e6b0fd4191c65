package plaidlink_test

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// operation is a call of which only matters whether it may be repeated.
type operation struct {
	id         string
	repeatable bool
	call       func(*testing.T, *plaidlink.Client, ...plaidlink.CallOption) (answered bool, err error)
}

var (
	repeatableOperation = operation{opGet, true,
		func(t *testing.T, c *plaidlink.Client, opts ...plaidlink.CallOption) (bool, error) {
			resp, err := getToken(t, c, opts...)
			return resp != nil, err
		}}
	unrepeatableOperation = operation{opExchange, false,
		func(t *testing.T, c *plaidlink.Client, opts ...plaidlink.CallOption) (bool, error) {
			resp, err := exchange(t, c, opts...)
			return resp != nil, err
		}}
	operations = []operation{repeatableOperation, unrepeatableOperation}
)

// attempts is how many the client makes where the request was perhaps carried out.
func (o operation) attempts() int {
	if o.repeatable {
		return 3
	}
	return 1
}

// succeeds makes a call that is answered.
func (o operation) succeeds(t *testing.T, c *plaidlink.Client) {
	t.Helper()
	answered, err := o.call(t, c)
	require.NoError(t, err)
	require.True(t, answered, "a call ends in an answer or an error")
}

// fails makes a call that fails, and asserts what every failure owes its caller.
func (o operation) fails(t *testing.T, c *plaidlink.Client, status int) *plaidlink.Error {
	t.Helper()
	answered, err := o.call(t, c)
	return typed(t, o.id, status, answered, err)
}

func typed(t *testing.T, operation string, status int, answered bool, err error) *plaidlink.Error {
	t.Helper()
	require.False(t, answered, "an error comes without an answer")
	e := requireFailed(t, err, operation, status)
	require.Len(t, e.Earlier, e.Attempts-1)
	require.Less(t, len(err.Error()), 500, "a text is short, whatever the server sent")
	require.Equal(t, e.MaybeCarriedOut, strings.Contains(err.Error(), "perhaps carried out"), "%v", err)
	return e
}

// clientOf is a client that does not wait long between attempts.
func clientOf(t *testing.T, url string, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	return newClient(t, url, append([]plaidlink.Option{plaidlink.WithMaxRetryDelay(time.Millisecond)}, opts...)...)
}

// ambiguous asserts that a fault, which leaves open whether the request was carried out, is repeated where that is safe and
// there alone. It gives what the caller of each operation got.
func ambiguous(t *testing.T, status int, fault answer, opts ...plaidlink.Option) []*plaidlink.Error {
	t.Helper()
	return eachOperation(t, func(o operation) *plaidlink.Error {
		s := serve(t, always(fault))
		e := o.fails(t, clientOf(t, s.URL, opts...), status)
		require.Equal(t, o.attempts(), e.Attempts, "%s: %v", o.id, e)
		require.EqualValues(t, e.Attempts, s.requests.Load(), "%s: requests that the server saw", o.id)
		require.True(t, e.MaybeCarriedOut, "%s: %v", o.id, e)
		require.True(t, e.Temporary())
		return e
	})
}

// mended asserts that a repeatable call gets its answer from the second attempt.
func mended(t *testing.T, fault answer, opts ...plaidlink.Option) {
	t.Helper()
	s := serve(t, inTurn(fault, goodAnswer))
	repeatableOperation.succeeds(t, clientOf(t, s.URL, opts...))
	require.EqualValues(t, 2, s.requests.Load())
}

// final asserts that a fault is not repeated, whatever the operation.
func final(t *testing.T, status int, maybe bool, fault answer, opts ...plaidlink.Option) []*plaidlink.Error {
	t.Helper()
	return eachOperation(t, func(o operation) *plaidlink.Error {
		s := serve(t, always(fault))
		e := o.fails(t, clientOf(t, s.URL, opts...), status)
		require.Equal(t, 1, e.Attempts, "%s: %v", o.id, e)
		require.EqualValues(t, 1, s.requests.Load())
		require.Equal(t, maybe, e.MaybeCarriedOut, "%s: %v", o.id, e)
		return e
	})
}

func eachOperation(t *testing.T, try func(operation) *plaidlink.Error) (all []*plaidlink.Error) {
	t.Helper()
	for _, o := range operations {
		all = append(all, try(o))
	}
	return all
}

var changing = regexp.MustCompile(`^plaidlink: \w+: |Post "[^"]*": |net/http: HTTP/1.x transport connection broken: |127\.0\.0\.1:\d+->| \([^()]*\)$|:\d{4,5}\b`)

// told is what the callers of both operations got, without what differs from run to run.
func told(errs []*plaidlink.Error) string {
	last := errs[len(errs)-1]
	text := changing.ReplaceAllString(last.Error(), "")
	if last.MaybeCarriedOut {
		text = "maybe done: " + text
	}
	return fmt.Sprintf("get %dx, exchange %dx, %.70s", errs[0].Attempts, last.Attempts, text)
}

// trusting is an http.Client with the SDK's own transport, which trusts one more certificate.
func trusting(cert *x509.Certificate) *http.Client {
	rt := transport.Default()
	rt.TLSClientConfig.RootCAs = x509.NewCertPool()
	rt.TLSClientConfig.RootCAs.AddCert(cert)
	return &http.Client{Transport: rt}
}

// allocated is all that was allocated while f ran, in bytes, garbage included. The heap in use grew by less.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// noGoroutinesLeft asserts at the end of a test, after its clients and servers were closed, that no goroutine has outlived
// it. Call it first.
func noGoroutinesLeft(t *testing.T) {
	t.Helper()
	before := goroutines()
	t.Cleanup(func() {
		for deadline := time.Now().Add(patience); ; runtime.Gosched() {
			var left []string
			for id, stack := range goroutines() {
				if _, ok := before[id]; !ok {
					left = append(left, stack)
				}
			}
			if len(left) == 0 {
				return
			}
			if time.Now().After(deadline) {
				t.Errorf("%d goroutines left:\n\n%s", len(left), strings.Join(left, "\n\n"))
				return
			}
		}
	})
}

// goroutines is the stack of each goroutine, by its number.
func goroutines() map[string]string {
	stacks := make([]byte, 1<<20)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			stacks = stacks[:n]
			break
		}
		stacks = make([]byte, 2*len(stacks))
	}
	all := map[string]string{}
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		number, _, _ := strings.Cut(strings.TrimPrefix(stack, "goroutine "), " ")
		all[number] = stack
	}
	return all
}
