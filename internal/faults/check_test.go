package faults_test

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// operation is a call of which only matters whether it may be repeated.
type operation struct {
	id         string
	repeatable bool
	call       func(*testing.T, *plaidlink.Client, ...plaidlink.CallOption) (answered bool, err error)
}

var (
	repeatableOperation = operation{wiretest.OpGet, true,
		func(t *testing.T, c *plaidlink.Client, opts ...plaidlink.CallOption) (bool, error) {
			resp, err := wiretest.GetToken(t, c, opts...)
			return resp != nil, err
		}}
	unrepeatableOperation = operation{wiretest.OpExchange, false,
		func(t *testing.T, c *plaidlink.Client, opts ...plaidlink.CallOption) (bool, error) {
			resp, err := wiretest.Exchange(t, c, opts...)
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
	e := wiretest.RequireFailed(t, err, operation, status)
	require.Len(t, e.Earlier, e.Attempts-1)
	require.Less(t, len(err.Error()), 500, "a text is short, whatever the server sent")
	require.Equal(t, e.MaybeCarriedOut, strings.Contains(err.Error(), "perhaps carried out"), "%v", err)
	return e
}

// clientOf is a client that does not wait long between attempts.
func clientOf(t *testing.T, url string, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	return wiretest.NewClient(t, url, append([]plaidlink.Option{plaidlink.WithMaxRetryDelay(time.Millisecond)}, opts...)...)
}

// ambiguous asserts that a fault, which leaves open whether the request was carried out, is repeated where that is safe and
// there alone. It gives what the caller of each operation got.
func ambiguous(t *testing.T, status int, fault wiretest.Handler, opts ...plaidlink.Option) []*plaidlink.Error {
	t.Helper()
	return eachOperation(t, func(o operation) *plaidlink.Error {
		s := wiretest.Serve(t, wiretest.Always(fault))
		e := o.fails(t, clientOf(t, s.URL, opts...), status)
		require.Equal(t, o.attempts(), e.Attempts, "%s: %v", o.id, e)
		require.EqualValues(t, e.Attempts, s.Requests.Load(), "%s: requests that the server saw", o.id)
		require.True(t, e.MaybeCarriedOut, "%s: %v", o.id, e)
		require.True(t, e.Temporary())
		return e
	})
}

// mended asserts that a repeatable call gets its answer from the second attempt.
func mended(t *testing.T, fault wiretest.Handler, opts ...plaidlink.Option) {
	t.Helper()
	s := wiretest.Serve(t, wiretest.InTurn(fault, wiretest.Good))
	repeatableOperation.succeeds(t, clientOf(t, s.URL, opts...))
	require.EqualValues(t, 2, s.Requests.Load())
}

// final asserts that a fault is not repeated, whatever the operation.
func final(t *testing.T, status int, maybe bool, fault wiretest.Handler, opts ...plaidlink.Option) []*plaidlink.Error {
	t.Helper()
	return eachOperation(t, func(o operation) *plaidlink.Error {
		s := wiretest.Serve(t, wiretest.Always(fault))
		e := o.fails(t, clientOf(t, s.URL, opts...), status)
		require.Equal(t, 1, e.Attempts, "%s: %v", o.id, e)
		require.EqualValues(t, 1, s.Requests.Load())
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

// allocated is all that was allocated while f ran, in bytes, garbage included. The heap in use grew by less.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
