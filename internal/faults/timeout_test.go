package faults_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// requireTimeout asserts that whoever asks for a timeout, in any of the ways that Go has, finds one, or finds none.
func requireTimeout(t testing.TB, err error, want bool) {
	t.Helper()
	require.Equal(t, want, os.IsTimeout(err), "os.IsTimeout: %v", err)
	for _, err := range []error{err, fmt.Errorf("connecting a bank: %w", err), errors.Join(errors.New("also"), err)} {
		var network net.Error
		require.ErrorAs(t, err, &network, "every error of a call is one")
		require.Equal(t, want, network.Timeout(), "%v", err)
	}
}

func TestFault48TimeoutIsANetError(t *testing.T) {
	row := faults.Begin(t, "an attempt, or a call, that took too long")
	const attempt = 5 * time.Second
	for name, test := range map[string]struct {
		reply          wiretest.RoundTripper
		status         int
		ctx            time.Duration // 0 for no deadline
		timeout        bool
		deadline, late bool // whether errors.Is finds context.DeadlineExceeded, ErrAttemptTimeout
	}{
		"silence":                   {replyNever, 0, 0, true, false, true},
		"half a body":               {replyHalf, 200, 0, true, false, true},
		"half an error":             {cutOff(400, creditsBody[:100], nil), 400, 0, true, false, true},
		"the context's deadline":    {replyNever, 0, time.Second, true, true, false},
		"the deadline, in a body":   {replyHalf, 200, time.Second, true, true, false},
		"a deadline of a network":   {func(*http.Request) (*http.Response, error) { return nil, os.ErrDeadlineExceeded }, 0, 0, true, false, false},
		"a timeout of the caller's": {func(*http.Request) (*http.Response, error) { return nil, &quietError{} }, 0, 0, true, false, false},
		"a dialer that was too slow": {func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
		}, 0, 0, true, false, false},
		"an error of another kind":        {func(*http.Request) (*http.Response, error) { return nil, errBroken }, 0, 0, false, false, false},
		"a refusal":                       {wiretest.ReplyError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidLinkToken), 400, 0, false, false, false},
		"a 504":                           {wiretest.Reply(504, ""), 504, 0, false, false, false}, // the server's timeout, not ours
		"a response that does not decode": {wiretest.Reply(200, "<html>"), 200, 0, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.ctx > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.ctx)
					defer cancel()
				}
				m := wiretest.InMemory(test.reply)
				got := faults.Exchange.Call(ctx, m.Client(t, plaidlink.WithAttemptTimeout(attempt)))
				e := requireTyped(t, got, wiretest.OpExchange, test.status)
				requireTimeout(t, e, test.timeout)
				require.Equal(t, test.timeout, e.Timeout())
				require.Equal(t, test.deadline, errors.Is(e, context.DeadlineExceeded))
				require.Equal(t, test.late, errors.Is(e, plaidlink.ErrAttemptTimeout))
				for _, earlier := range e.Earlier {
					requireTimeout(t, earlier, test.timeout)
				}
				row.Got(name, got)
			})
		})
	}
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := faults.Get.Call(ctx, wiretest.InMemory(replyNever).Client(t))
		requireTimeout(t, got.Err(), false)
		row.Got("canceled", got)
	})
	for _, err := range []error{plaidlink.ErrAttemptTimeout, fmt.Errorf("custom: %w", plaidlink.ErrAttemptTimeout)} {
		var network net.Error
		require.ErrorAs(t, err, &network)
		require.True(t, network.Timeout())
	}
	require.True(t, os.IsTimeout(plaidlink.ErrAttemptTimeout))
	require.False(t, (&plaidlink.Error{}).Timeout(), "an Error that a test makes has no cause")
}

// A call without a deadline of its context ends too.
func TestCallTimeoutBoundsACall(t *testing.T) {
	second := time.Second
	for name, test := range map[string]struct {
		opts     []plaidlink.Option
		call     []plaidlink.CallOption
		ctx      time.Duration // 0 for no deadline
		reply    wiretest.RoundTripper
		o        faults.Operation
		elapsed  time.Duration // 0 where jitter decides
		attempts int
		bounded  bool // whether the call's own timeout ended it
	}{
		"60 s by default":             {nil, nil, 0, replyNever, faults.Get, 60 * second, 2, true},
		"set for the client":          {[]plaidlink.Option{plaidlink.WithCallTimeout(35 * second)}, nil, 0, replyNever, faults.Get, 35 * second, 2, true},
		"set for the call":            {[]plaidlink.Option{plaidlink.WithCallTimeout(2 * second)}, []plaidlink.CallOption{plaidlink.WithCallTimeout(40 * second)}, 0, replyNever, faults.Get, 40 * second, 2, true},
		"raised by an attempt's":      {[]plaidlink.Option{plaidlink.WithAttemptTimeout(90 * second)}, nil, 0, replyNever, faults.Get, 90 * second, 1, true},
		"raised for one call":         {nil, []plaidlink.CallOption{plaidlink.WithAttemptTimeout(2 * time.Minute)}, 0, replyNever, faults.Get, 2 * time.Minute, 1, true},
		"half a body":                 {nil, nil, 0, replyHalf, faults.Get, 60 * second, 2, true},
		"an operation that is once":   {nil, nil, 0, replyNever, faults.Exchange, 30 * second, 1, false},
		"a short deadline stands":     {nil, nil, 3 * second, replyNever, faults.Get, 3 * second, 1, false},
		"a long deadline stands":      {nil, nil, time.Hour, replyNever, faults.Get, 0, 3, false},
		"shorter than an attempt's":   {[]plaidlink.Option{plaidlink.WithCallTimeout(2 * second)}, nil, 0, replyNever, faults.Get, 2 * second, 1, true},
		"waits count":                 {[]plaidlink.Option{plaidlink.WithCallTimeout(12 * second)}, nil, 0, inTurn(replyLimited("9"), replyNever), faults.Get, 12 * second, 2, true},
		"no wait beyond it":           {[]plaidlink.Option{plaidlink.WithCallTimeout(35 * second)}, nil, 0, inTurn(replyLimited("9"), replyLimited("9"), replyLimited("9")), faults.Get, 0, 3, false},
		"a refusal is not hidden":     {[]plaidlink.Option{plaidlink.WithCallTimeout(5 * second)}, nil, 0, replyLimited("9"), faults.Get, time.Nanosecond, 1, false},
		"the client's own is shorter": {[]plaidlink.Option{plaidlink.WithMaxAttempts(1), plaidlink.WithCallTimeout(40 * second)}, nil, 0, replyNever, faults.Get, 30 * second, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.ctx > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.ctx)
					defer cancel()
				}
				client := wiretest.NewClient(t, "https://plaid.test", append(test.opts, plaidlink.WithHTTPClient(&http.Client{Transport: test.reply}))...)
				got := test.o.Call(ctx, client, test.call...)
				e := got.Failure()
				require.NotNil(t, e)
				switch test.elapsed {
				case 0:
				case time.Nanosecond:
					require.Zero(t, got.Elapsed())
				default:
					require.Equal(t, test.elapsed, got.Elapsed())
				}
				require.Equal(t, test.attempts, e.Attempts)
				if !test.bounded {
					require.Len(t, e.Earlier, test.attempts-1)
					require.Equal(t, test.ctx > 0 && test.ctx < time.Minute, errors.Is(e, context.DeadlineExceeded))
					return
				}
				require.ErrorIs(t, e, context.DeadlineExceeded)
				require.ErrorContains(t, e, "the call took longer than "+test.elapsed.String())
				requireTimeout(t, e, true)
				require.True(t, e.Temporary())
				require.True(t, e.MaybeCarriedOut)
				require.Len(t, e.Earlier, test.attempts, "that of the last attempt too")
				last := e.Earlier[test.attempts-1]
				require.ErrorIs(t, last, plaidlink.ErrAttemptTimeout)
				require.NotErrorIs(t, last, context.DeadlineExceeded)
				require.Equal(t, last.(*plaidlink.Error).StatusCode, e.StatusCode)
			})
		})
	}
	t.Run("an error that is late keeps its code", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithCallTimeout(30*second), plaidlink.WithHTTPClient(&http.Client{Transport: cutOff(429, creditsBody[:100], nil)}))
			_, err := wiretest.GetToken(t, client)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorIs(t, err, plaidlink.CodeCreditsExhausted)
		})
	})
	for _, d := range []time.Duration{0, -1, -time.Hour} {
		_, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "a", Secret: "b"}, plaidlink.WithCallTimeout(d))
		require.EqualError(t, err, fmt.Sprintf("plaidlink: New: WithCallTimeout: expected more than 0, found %v", d))
		_, err = wiretest.GetToken(t, wiretest.InMemory(wiretest.Reply(200, wiretest.TokenBody)).Client(t), plaidlink.WithCallTimeout(d))
		require.ErrorContains(t, err, "WithCallTimeout: expected more than 0")
	}
}

// inTurn replies in one way after the other; the last one stays.
func inTurn(all ...wiretest.RoundTripper) wiretest.RoundTripper {
	n := 0
	return func(req *http.Request) (*http.Response, error) {
		n++
		return all[min(n, len(all))-1](req)
	}
}
