// Package retry decides whether a call is tried again and when: a classifier (what an outcome means), a backoff (how
// long to wait) and a budget (how much of it a server must bear). Each is pure: time and chance are arguments.
package retry

import "time"

// Policy bounds the retries of one call.
type Policy struct {
	MaxAttempts int           // the first attempt included
	MaxDelay    time.Duration // a longer wait, demanded or computed, is not waited
}

// Decision is what follows from an attempt.
type Decision struct {
	Retry bool
	Delay time.Duration // to wait before it
}

// Next decides after attempt number attempt (from 1). Retryable is whether the request may be sent again though it was
// perhaps carried out. Remaining is the time to the call's deadline, negative
// where there is none. Random is from [0, 1).
func (p Policy) Next(o Outcome, attempt int, retryable bool, remaining time.Duration, random float64) Decision {
	if attempt >= p.MaxAttempts || !o.allows(attempt, retryable) {
		return Decision{}
	}
	delay := Backoff(o, attempt, p.MaxDelay, random)
	if delay > p.MaxDelay || remaining >= 0 && delay >= remaining {
		return Decision{}
	}
	return Decision{Retry: true, Delay: delay}
}
