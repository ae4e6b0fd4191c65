// Package retry decides whether a call is tried again and when: a rule (what an outcome allows), a backoff (how
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

// Failure is why an attempt brought no whole response.
type Failure int

const (
	Responded Failure = iota // there is a response; its status decides
	Unsent                   // nothing was sent: no connection was made
	Ambiguous                // the request was perhaps carried out
	Final                    // sending it again cannot mend it
)

// Outcome is what an attempt came to.
type Outcome struct {
	Failure    Failure
	Status     int           // HTTP status, 0 where there is none
	Code       string        // error_code of a Plaid body, empty where there is none
	RetryAfter time.Duration // what the server asked for, 0 where it did not
}

// allows reports whether an outcome allows another attempt after this one. Retryable is whether the operation may be carried
// out twice.
func (o Outcome) allows(attempt int, retryable bool) bool {
	switch {
	case o.Failure == Final:
		return false
	case o.Failure == Unsent:
		return true
	case o.Failure == Ambiguous:
		return retryable
	case o.Status == 429 && o.Code == "CREDITS_EXHAUSTED":
		return false // waiting adds no credits
	case o.Status == 429 && o.Code == "RATE_LIMIT":
		return attempt == 1 // abuse detection: insisting makes it worse
	case o.Status == 429:
		return true // refused before it was carried out
	case o.Status >= 500 && o.Code == "PLANNED_MAINTENANCE":
		return retryable && o.RetryAfter > 0 // it takes long, unless the server says otherwise
	}
	return o.Status >= 500 && retryable
}
