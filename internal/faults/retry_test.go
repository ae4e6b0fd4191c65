package faults_test

import (
	"context"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// replyLimited is a 429 that asks for a wait, or for none where retryAfter is empty.
func replyLimited(retryAfter string, headers ...string) wiretest.RoundTripper {
	if retryAfter != "" {
		headers = append(headers, "Retry-After", retryAfter)
	}
	return wiretest.ReplyError(429, plaidlink.TypeRateLimitExceeded, "LINK_TOKEN_LIMIT", headers...)
}

func TestFault09RetryAfterIsRespected(t *testing.T) {
	row := faults.Begin(t, "429 with Retry-After in seconds, or as a date")
	for name, test := range map[string]struct {
		reply func() wiretest.RoundTripper
		want  time.Duration
		most  time.Duration // with jitter of a tenth, which keeps clients from coming back all at once
	}{
		"seconds":     {func() wiretest.RoundTripper { return replyLimited("3") }, 3 * time.Second, 3300 * time.Millisecond},
		"the longest": {func() wiretest.RoundTripper { return replyLimited("10") }, 10 * time.Second, 10 * time.Second}, // the default of WithMaxRetryDelay
		"padded":      {func() wiretest.RoundTripper { return replyLimited(" 2 ") }, 2 * time.Second, 2200 * time.Millisecond},
		"a date":      {func() wiretest.RoundTripper { return replyLimited(httpDate(5*time.Second, http.TimeFormat)) }, 5 * time.Second, 5500 * time.Millisecond},
		"an RFC 850 date": {func() wiretest.RoundTripper {
			return replyLimited(httpDate(5*time.Second, "Monday, 02-Jan-06 15:04:05 GMT"))
		}, 5 * time.Second, 5500 * time.Millisecond},
		// The server's clock is an hour ahead of ours: its own Date shows how long it means.
		"a date and another clock": {func() wiretest.RoundTripper {
			return replyLimited(httpDate(time.Hour+4*time.Second, http.TimeFormat), "Date", httpDate(time.Hour, http.TimeFormat))
		}, 4 * time.Second, 4400 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				m := wiretest.InMemory(test.reply(), wiretest.Reply(200, wiretest.ExchangeBody))
				got := faults.Exchange.Call(t.Context(), m.Client(t)) // a 429 was not carried out: every operation is retried
				require.NoError(t, got.Err())
				requests := m.Requests(t)
				require.Len(t, requests, 2)
				require.Equal(t, requests[0].Body, requests[1].Body)
				waited := requests[1].At.Sub(start)
				require.GreaterOrEqual(t, waited, test.want)
				require.LessOrEqual(t, waited, test.most)
				row.Got(name, got)
			})
		})
	}
	t.Run("after the last attempt", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			m := wiretest.InMemory(replyLimited("1"), replyLimited("2"), replyLimited("3"))
			got := faults.Get.Call(t.Context(), m.Client(t))
			e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 429)
			require.Len(t, m.Requests(t), 3)
			require.Equal(t, 3, e.Attempts)
			require.Equal(t, 3*time.Second, e.RetryAfter)
			require.False(t, e.MaybeCarriedOut)
			require.Len(t, e.Earlier, 2)
			for i, earlier := range e.Earlier {
				require.Equal(t, time.Duration(i+1)*time.Second, wiretest.RequireFailed(t, earlier, wiretest.OpGet, 429).RetryAfter)
			}
			require.Less(t, time.Since(start), 3400*time.Millisecond, "it waited after the last attempt")
			row.Got("after the last attempt", got)
		})
	})
}

// httpDate is the time after now, as a header has it.
func httpDate(after time.Duration, layout string) string {
	return time.Now().UTC().Add(after).Format(layout)
}

func TestFault10BadRetryAfterIsIgnored(t *testing.T) {
	row := faults.Begin(t, "Retry-After garbage, negative, fractional")
	for name, value := range map[string]string{
		"none": "", "a word": "soon", "negative": "-5", "fractional": "2.5", "signed": "+3", "hexadecimal": "0x10", "a list": "3, 4",
		"with a unit": "3s", "a date that does not exist": "Mon, 31 Feb 2000 00:00:00 GMT", "a date of the past": "Fri, 01 Jan 1999 00:00:00 GMT",
		"0": "0", // no demand, so no reason to come back at once
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := wiretest.InMemory(replyLimited(value))
				got := faults.Get.Call(t.Context(), m.Client(t))
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 429)
				require.Zero(t, e.RetryAfter)
				require.Equal(t, 3, e.Attempts)
				requests := m.Requests(t)
				require.Len(t, requests, 3)
				// The backoff after a 429: a random part of 1 s, then of 2 s.
				for i, bound := range []time.Duration{time.Second, 2 * time.Second} {
					waited := requests[i+1].At.Sub(requests[i].At)
					require.Greater(t, waited, time.Duration(0))
					require.Less(t, waited, bound)
				}
				row.Got(name, got)
			})
		})
	}
}

func TestFault11LongRetryAfterIsReturnedAtOnce(t *testing.T) {
	row := faults.Begin(t, "Retry-After 3600, 9223372037, or of 23 digits")
	const forever = time.Duration(math.MaxInt64)
	for name, test := range map[string]struct {
		value func() string
		want  time.Duration
	}{
		"an hour":             {func() string { return "3600" }, time.Hour},
		"just over the limit": {func() string { return "11" }, 11 * time.Second},
		"the last that fits":  {func() string { return "9223372036" }, 9223372036 * time.Second},
		"nanoseconds past":    {func() string { return "9223372037" }, forever}, // times 1e9 it overflows to a negative wait
		"int64":               {func() string { return "9223372036854775807" }, forever},
		"23 digits":           {func() string { return "99999999999999999999999" }, forever},
		"a date":              {func() string { return httpDate(time.Hour, http.TimeFormat) }, time.Hour},
		"the last date":       {func() string { return "Fri, 31 Dec 9999 23:59:59 GMT" }, forever},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				m := wiretest.InMemory(replyLimited(test.value()), wiretest.Reply(200, wiretest.TokenBody))
				got := faults.Get.Call(t.Context(), m.Client(t))
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 429)
				require.Zero(t, time.Since(start), "it slept")
				require.Len(t, m.Requests(t), 1)
				require.Equal(t, test.want, e.RetryAfter)
				require.Equal(t, 1, e.Attempts)
				require.False(t, e.MaybeCarriedOut)
				require.ErrorIs(t, e, plaidlink.TypeRateLimitExceeded)
				require.True(t, e.Temporary())
				row.Got(name, got)
			})
		})
	}
	t.Run("allowed by the caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			m := wiretest.InMemory(replyLimited("3600"), wiretest.Reply(200, wiretest.TokenBody))
			got := faults.Get.Call(t.Context(), m.Client(t), plaidlink.WithMaxRetryDelay(time.Hour), plaidlink.WithCallTimeout(2*time.Hour))
			require.NoError(t, got.Err())
			require.Equal(t, time.Hour, time.Since(start))
			row.Got("allowed by the caller", got)
		})
	})
}

func TestFault12WaitPastTheDeadlineIsNotBegun(t *testing.T) {
	row := faults.Begin(t, "a wait that would pass the context's deadline")
	for name, test := range map[string]struct {
		deadline time.Duration
		waits    bool
	}{
		"before the wait ends": {2 * time.Second, false},
		"with the wait":        {3 * time.Second, false}, // no time is left for the attempt itself
		"long after":           {5 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				m := wiretest.InMemory(replyLimited("3"), wiretest.Reply(200, wiretest.TokenBody))
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				got := faults.Get.Call(ctx, m.Client(t))
				row.Got(name, got)
				if test.waits {
					require.NoError(t, got.Err())
					require.Len(t, m.Requests(t), 2)
					return
				}
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 429)
				require.NotErrorIs(t, e, context.DeadlineExceeded)
				require.Zero(t, time.Since(start), "it waited though that could not help")
				require.Len(t, m.Requests(t), 1)
				require.Equal(t, 3*time.Second, e.RetryAfter)
				require.Equal(t, plaidlink.ErrorCode("LINK_TOKEN_LIMIT"), e.Code)
			})
		})
	}
}

func TestFault13FinalErrorsAreNotRetried(t *testing.T) {
	row := faults.Begin(t, "429 CREDITS_EXHAUSTED; 503 PLANNED_MAINTENANCE")
	credits := func(headers ...string) wiretest.RoundTripper {
		return wiretest.ReplyError(429, plaidlink.TypeRateLimitExceeded, plaidlink.CodeCreditsExhausted, headers...)
	}
	maintenance := func(headers ...string) wiretest.RoundTripper {
		return wiretest.ReplyError(503, plaidlink.TypeAPIError, plaidlink.CodePlannedMaintenance, headers...)
	}
	for name, test := range map[string]struct {
		reply    wiretest.RoundTripper
		status   int
		get, exc int // requests of a call of each operation
	}{
		"credits":                      {credits(), 429, 1, 1},
		"credits and Retry-After":      {credits("Retry-After", "1"), 429, 1, 1}, // waiting brings no credits
		"maintenance":                  {maintenance(), 503, 1, 1},
		"maintenance, an hour":         {maintenance("Retry-After", "3600"), 503, 1, 1},
		"maintenance, but it is short": {maintenance("Retry-After", "2"), 503, 3, 1}, // a 503 may hide what was carried out
		"suspected abuse":              {wiretest.ReplyError(429, plaidlink.TypeRateLimitExceeded, plaidlink.CodeRateLimit), 429, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				m := wiretest.InMemory(test.reply)
				c := m.Client(t)
				got := faults.Get.Call(t.Context(), c)
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, test.status)
				require.Len(t, m.Requests(t), test.get)
				require.Equal(t, test.get, e.Attempts)
				require.Equal(t, test.status == 503, e.MaybeCarriedOut)
				if test.get == 1 {
					require.Zero(t, time.Since(start))
				}
				m.Then(test.reply)
				exchanged := faults.Exchange.Call(t.Context(), c)
				require.Equal(t, test.exc, wiretest.RequireFailed(t, exchanged.Err(), wiretest.OpExchange, test.status).Attempts)
				require.Len(t, m.Requests(t), test.exc)
				row.Got(name, got, exchanged)
			})
		})
	}
}
