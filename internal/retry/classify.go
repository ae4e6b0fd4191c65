package retry

import "time"

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

// Verdict is what an outcome allows.
type Verdict int

const (
	Never          Verdict = iota
	Always                 // whatever the operation
	Once                   // one retry, whatever the operation
	WhenRetryable          // when the operation may be carried out twice
	WhenRetryAfter         // as WhenRetryable, and only when the server said how long to wait
)

// Classify returns what an outcome allows.
func Classify(o Outcome) Verdict {
	switch {
	case o.Failure == Final:
		return Never
	case o.Failure == Unsent:
		return Always
	case o.Failure == Ambiguous:
		return WhenRetryable
	case o.Status == 429:
		switch o.Code {
		case "CREDITS_EXHAUSTED":
			return Never // waiting adds no credits
		case "RATE_LIMIT":
			return Once // abuse detection: insisting makes it worse
		}
		return Always // refused before it was carried out
	case o.Status >= 500:
		if o.Code == "PLANNED_MAINTENANCE" {
			return WhenRetryAfter // it takes long, unless the server says otherwise
		}
		return WhenRetryable
	}
	return Never
}
