package retry

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The first wait's upper bound; it doubles with each attempt.
const (
	baseDelay        = 250 * time.Millisecond
	baseDelayLimited = time.Second // after a 429
)

// Backoff is the wait after attempt number attempt: what the server asked for plus up to a tenth, so that clients do not
// come back all at once; else a random part (full jitter) of a bound that doubles up to max.
func Backoff(o Outcome, attempt int, max time.Duration, random float64) time.Duration {
	if asked := o.RetryAfter; asked > 0 {
		if asked >= max {
			return asked
		}
		jitter := time.Duration(random * float64(asked) / 10)
		return asked + min(jitter, max-asked) // the jitter alone does not make a wait too long
	}
	bound := baseDelay
	if o.Status == http.StatusTooManyRequests {
		bound = baseDelayLimited
	}
	for range attempt - 1 {
		bound = 2 * min(bound, max/2)
	}
	return time.Duration(random * float64(min(bound, max)))
}

// forever is a wait that no policy waits.
const forever = time.Duration(1<<63 - 1)

// RetryAfter reads the header of that name: whole seconds or an HTTP date, which is taken relative to the response's own
// Date where it has one. What is malformed, negative or past is 0: no demand. What does not fit is the longest
// duration, never a short one.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(forever/time.Second) {
			return forever
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(0, at.Sub(now))
}
