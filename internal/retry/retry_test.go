package retry_test

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

const (
	second  = time.Second
	forever = time.Duration(math.MaxInt64)
	almost1 = 1 - 1.0/(1<<53) // the greatest number that rand.Float64 gives
)

func TestWhatAnOutcomeAllows(t *testing.T) {
	type allowed struct{ retryable, any, second bool } // after the first attempt of an operation, after the second of a retryable one
	never, always, once, whenRetryable := allowed{}, allowed{true, true, true}, allowed{true, true, false}, allowed{true, false, true}
	for name, test := range map[string]struct {
		outcome retry.Outcome
		want    allowed
	}{
		"no connection":        {retry.Outcome{Failure: retry.Unsent}, always},
		"lost connection":      {retry.Outcome{Failure: retry.Ambiguous}, whenRetryable},
		"body cut off":         {retry.Outcome{Failure: retry.Ambiguous, Status: 200}, whenRetryable},
		"bad certificate":      {retry.Outcome{Failure: retry.Final}, never},
		"too large":            {retry.Outcome{Failure: retry.Final, Status: 200}, never},
		"429":                  {retry.Outcome{Status: 429}, always},
		"429 of a new code":    {retry.Outcome{Status: 429, Code: "ITEM_LIMIT"}, always},
		"429 suspected abuse":  {retry.Outcome{Status: 429, Code: "RATE_LIMIT"}, once},
		"429 no credits":       {retry.Outcome{Status: 429, Code: "CREDITS_EXHAUSTED", RetryAfter: second}, never},
		"500":                  {retry.Outcome{Status: 500, Code: "INTERNAL_SERVER_ERROR"}, whenRetryable},
		"502 of the edge":      {retry.Outcome{Status: 502}, whenRetryable},
		"504 of the edge":      {retry.Outcome{Status: 504}, whenRetryable},
		"503":                  {retry.Outcome{Status: 503}, whenRetryable},
		"503 maintenance":      {retry.Outcome{Status: 503, Code: "PLANNED_MAINTENANCE"}, never},
		"503 to wait":          {retry.Outcome{Status: 503, Code: "PLANNED_MAINTENANCE", RetryAfter: second}, whenRetryable},
		"400 institution down": {retry.Outcome{Status: 400, Code: "INSTITUTION_DOWN"}, never}, // the caller's to judge
		"401":                  {retry.Outcome{Status: 401}, never},
		"408":                  {retry.Outcome{Status: 408}, never}, // every other 4xx
		"308":                  {retry.Outcome{Status: 308}, never},
		"208":                  {retry.Outcome{Status: 208}, never},
		// A code counts with its own status alone.
		"500 with a code of 429": {retry.Outcome{Status: 500, Code: "CREDITS_EXHAUSTED"}, whenRetryable},
		"a failure with a 429":   {retry.Outcome{Failure: retry.Final, Status: 429}, never},
	} {
		after := func(attempt int, retryable bool) bool {
			return retry.Policy{MaxAttempts: 3, MaxDelay: 10 * second}.Next(test.outcome, attempt, retryable, -1, 0).Retry
		}
		require.Equal(t, test.want, allowed{after(1, true), after(1, false), after(2, true)}, name)
	}
}

// Each step is an attempt of one call: what it came to, and what follows.
func TestPolicy(t *testing.T) {
	type step struct {
		outcome   retry.Outcome
		remaining time.Duration // to the deadline, -1 for none
		want      retry.Decision
	}
	again := func(d time.Duration) retry.Decision { return retry.Decision{Retry: true, Delay: d} }
	var stop retry.Decision
	status := func(status int) retry.Outcome { return retry.Outcome{Status: status} }
	abuse := retry.Outcome{Status: 429, Code: "RATE_LIMIT"}
	after := func(status int, code string, d time.Duration) retry.Outcome {
		return retry.Outcome{Status: status, Code: code, RetryAfter: d}
	}
	const retryable, once = true, false
	for name, test := range map[string]struct {
		retryable bool
		steps     []step
	}{
		"500, retryable": {retryable, []step{
			{status(500), -1, again(125 * time.Millisecond)}, {status(500), -1, again(250 * time.Millisecond)}, {status(500), -1, stop}}},
		"500, not retryable": {once, []step{{status(500), -1, stop}}},
		"429, any": {once, []step{
			{status(429), -1, again(500 * time.Millisecond)}, {status(429), -1, again(second)}, {status(429), -1, stop}}},
		"nothing sent, any": {once, []step{
			{retry.Outcome{Failure: retry.Unsent}, -1, again(125 * time.Millisecond)}, {status(500), -1, stop}}},
		"suspected abuse, once":            {retryable, []step{{abuse, -1, again(500 * time.Millisecond)}, {abuse, -1, stop}}},
		"suspected abuse after another":    {retryable, []step{{status(500), -1, again(125 * time.Millisecond)}, {abuse, -1, stop}}},
		"maintenance":                      {retryable, []step{{after(503, "PLANNED_MAINTENANCE", 0), -1, stop}}},
		"short maintenance":                {retryable, []step{{after(503, "PLANNED_MAINTENANCE", 2*second), -1, again(2100 * time.Millisecond)}}},
		"short maintenance, not retryable": {once, []step{{after(503, "PLANNED_MAINTENANCE", 2*second), -1, stop}}},
		"the longest wait":                 {once, []step{{after(429, "", 10*second), -1, again(10 * second)}}},
		"too long a wait":                  {once, []step{{after(429, "", 10*second+1), -1, stop}}},
		"an endless wait":                  {once, []step{{after(429, "", forever), -1, stop}}},
		"the deadline is near":             {once, []step{{after(429, "", 2*second), 2100 * time.Millisecond, stop}}},
		"the deadline is far":              {once, []step{{after(429, "", 2*second), 2100*time.Millisecond + 1, again(2100 * time.Millisecond)}}},
		"the deadline is now":              {retryable, []step{{status(500), 0, stop}}},
	} {
		t.Run(name, func(t *testing.T) {
			policy := retry.Policy{MaxAttempts: 3, MaxDelay: 10 * second}
			for i, step := range test.steps {
				got := policy.Next(step.outcome, i+1, test.retryable, step.remaining, 0.5)
				require.Equal(t, step.want, got, "attempt %d", i+1)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	for name, test := range map[string]struct {
		outcome     retry.Outcome
		attempt     int
		max         time.Duration
		least, most time.Duration // with the least and the greatest random number
	}{
		"first":                 {retry.Outcome{Status: 500}, 1, 10 * second, 0, 250 * time.Millisecond},
		"third":                 {retry.Outcome{Status: 500}, 3, 10 * second, 0, second},
		"lost connection":       {retry.Outcome{Failure: retry.Ambiguous}, 1, 10 * second, 0, 250 * time.Millisecond},
		"429, first":            {retry.Outcome{Status: 429}, 1, 10 * second, 0, second},
		"429, third":            {retry.Outcome{Status: 429}, 3, 10 * second, 0, 4 * second},
		"at most max":           {retry.Outcome{Status: 429}, 9, 10 * second, 0, 10 * second},
		"max is small":          {retry.Outcome{Status: 500}, 1, time.Millisecond, 0, time.Millisecond},
		"demanded":              {retry.Outcome{Status: 429, RetryAfter: 3 * second}, 5, 10 * second, 3 * second, 3300 * time.Millisecond},
		"demanded with a 503":   {retry.Outcome{Status: 503, RetryAfter: 3 * second}, 1, 10 * second, 3 * second, 3300 * time.Millisecond},
		"demanded, nearly max":  {retry.Outcome{Status: 429, RetryAfter: 9900 * time.Millisecond}, 1, 10 * second, 9900 * time.Millisecond, 10 * second},
		"demanded, over max":    {retry.Outcome{Status: 429, RetryAfter: 11 * second}, 1, 10 * second, 11 * second, 11 * second}, // never shortened
		"demanded, no end":      {retry.Outcome{Status: 429, RetryAfter: forever}, 1, 10 * second, forever, forever},
		"demanded, no end, max": {retry.Outcome{Status: 429, RetryAfter: forever}, 1, forever, forever, forever},
		"no overflow, doubling": {retry.Outcome{Status: 500}, 1000, forever, 0, forever},
		"no overflow, 64th":     {retry.Outcome{Status: 429}, 64, forever, 0, forever},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.least, retry.Backoff(test.outcome, test.attempt, test.max, 0))
			most := retry.Backoff(test.outcome, test.attempt, test.max, almost1)
			require.InEpsilon(t, float64(test.most), float64(most), 1e-6)
			require.LessOrEqual(t, most, test.most)
			middle := retry.Backoff(test.outcome, test.attempt, test.max, 0.5)
			require.GreaterOrEqual(t, middle, test.least)
			require.LessOrEqual(t, middle, most)
		})
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	date := func(t time.Time) string { return t.Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		value, date string
		want        time.Duration
	}{
		"none":                 {"", "", 0},
		"seconds":              {"3", "", 3 * second},
		"padded":               {" 3\t", "", 3 * second},
		"zeros":                {"0003", "", 3 * second},
		"0":                    {"0", "", 0},
		"an hour":              {"3600", "", time.Hour},
		"the last that fits":   {"9223372036", "", 9223372036 * second},
		"too many nanoseconds": {"9223372037", "", forever},
		"too many for an int":  {"9223372036854775808", "", forever},
		"23 digits":            {strings.Repeat("9", 23), "", forever},
		"garbage":              {"soon", "", 0},
		"negative":             {"-1", "", 0},
		"fractional":           {"1.5", "", 0},
		"signed":               {"+1", "", 0},
		"exponent":             {"1e3", "", 0},
		"two":                  {"1, 2", "", 0},
		"other digits":         {"٣", "", 0},
		"a date":               {date(now.Add(5 * second)), "", 5 * second},
		"an ANSI C date":       {now.Add(5 * second).Format(time.ANSIC), "", 5 * second},
		"a date of the past":   {date(now.Add(-second)), "", 0},
		"the last date":        {"Fri, 31 Dec 9999 23:59:59 GMT", "", forever},
		"a date, other clock":  {date(now.Add(time.Hour)), date(now.Add(time.Hour - 4*second)), 4 * second},
		"a date, bad Date":     {date(now.Add(5 * second)), "yesterday", 5 * second},
		"seconds, other clock": {"3", date(now.Add(time.Hour)), 3 * second},
	} {
		h := http.Header{}
		h.Set("Retry-After", test.value)
		h.Set("Date", test.date)
		require.Equal(t, test.want, retry.RetryAfter(h, now), name)
	}
	require.Zero(t, retry.RetryAfter(http.Header{}, now))
}
