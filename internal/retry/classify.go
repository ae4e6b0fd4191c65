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
