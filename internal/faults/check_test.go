package faults_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// attempts is how many the client makes where the request was perhaps carried out.
func attempts(o faults.Operation) int {
	if o.Retryable {
		return 3
	}
	return 1
}

// succeeds makes a call that gets its response.
func succeeds(t *testing.T, o faults.Operation, c *plaidlink.Client) faults.Outcome {
	t.Helper()
	got := o.Call(t.Context(), c)
	require.NoError(t, got.Err())
	require.NotNil(t, got.Response(), "a call ends in a response or an error")
	return got
}

// fails makes a call that fails, and asserts what every failure owes its caller.
func fails(t *testing.T, o faults.Operation, c *plaidlink.Client, status int) faults.Outcome {
	t.Helper()
	got := o.Call(t.Context(), c)
	requireTyped(t, got, o.ID, status)
	return got
}

func requireTyped(t *testing.T, got faults.Outcome, operation string, status int) *plaidlink.Error {
	t.Helper()
	require.Nil(t, got.Response(), "an error comes without a response")
	e := wiretest.RequireFailed(t, got.Err(), operation, status)
	require.Len(t, e.Earlier, e.Attempts-1)
	require.Less(t, len(e.Error()), 500, "a text is short, whatever the server sent")
	require.Equal(t, e.MaybeCarriedOut, strings.Contains(e.Error(), "perhaps carried out"), "%v", e)
	return e
}

// clientOf is a client that does not wait long between attempts.
func clientOf(t *testing.T, url string, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	return wiretest.NewClient(t, url, append([]plaidlink.Option{plaidlink.WithMaxRetryDelay(time.Millisecond)}, opts...)...)
}

// ambiguous asserts that a fault, which leaves open whether the request was carried out, is retried only where that is
// safe. It returns what the caller of each operation got.
func ambiguous(t *testing.T, status int, fault faults.Handler, opts ...plaidlink.Option) []faults.Outcome {
	t.Helper()
	return eachOperation(t, func(o faults.Operation) faults.Outcome {
		s := faults.Serve(t, faults.Always(fault))
		got := fails(t, o, clientOf(t, s.URL, opts...), status)
		e := got.Failure()
		require.Equal(t, attempts(o), e.Attempts, "%s: %v", o.ID, e)
		require.EqualValues(t, e.Attempts, s.Requests.Load(), "%s: requests that the server saw", o.ID)
		require.True(t, e.MaybeCarriedOut, "%s: %v", o.ID, e)
		require.True(t, e.Temporary())
		return got
	})
}

// mended asserts that a retryable call gets its response from the second attempt.
func mended(t *testing.T, fault faults.Handler, opts ...plaidlink.Option) {
	t.Helper()
	s := faults.Serve(t, faults.InTurn(fault, faults.Good))
	succeeds(t, faults.Get, clientOf(t, s.URL, opts...))
	require.EqualValues(t, 2, s.Requests.Load())
}

// final asserts that a fault is not retried, whatever the operation.
func final(t *testing.T, status int, maybe bool, fault faults.Handler, opts ...plaidlink.Option) []faults.Outcome {
	t.Helper()
	return eachOperation(t, func(o faults.Operation) faults.Outcome {
		s := faults.Serve(t, faults.Always(fault))
		got := fails(t, o, clientOf(t, s.URL, opts...), status)
		e := got.Failure()
		require.Equal(t, 1, e.Attempts, "%s: %v", o.ID, e)
		require.EqualValues(t, 1, s.Requests.Load())
		require.Equal(t, maybe, e.MaybeCarriedOut, "%s: %v", o.ID, e)
		return got
	})
}

func eachOperation(t *testing.T, try func(faults.Operation) faults.Outcome) (all []faults.Outcome) {
	t.Helper()
	for _, o := range faults.Operations {
		all = append(all, try(o))
	}
	return all
}
