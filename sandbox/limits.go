package sandbox

import (
	"fmt"
	"net/http"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// limitCode is one of Plaid's codes for a rate that was exceeded without suspicion of abuse.
const limitCode plaidlink.ErrorCode = "ADDITION_LIMIT"

// rateWindow is a limit that LimitRate set, and its present period.
type rateWindow struct {
	RateLimit
	period time.Duration
	began  time.Time
}

// LimitRate responds to requests of an operation, by its operationId, with 429, RATE_LIMIT_EXCEEDED and ADDITION_LIMIT once
// that many were served within a period, which is of the sandbox's clock and begins with a request. Requests that are
// refused for their credentials do not count. Zero requests refuse every one, a period of zero takes the limit away. No
// source says that Plaid sends a Retry-After, so none is sent; PlaidError(…).RetryAfter is a 429 that has one.
// The error is that the operation does not exist or that a number is negative.
func (s *Sandbox) LimitRate(operation string, requests int, period time.Duration) error {
	if err := s.checkOperation("LimitRate", operation); err != nil {
		return err
	}
	if requests < 0 || period < 0 {
		return fmt.Errorf("sandbox: LimitRate: expected requests and a period of zero or more, found %d and %v", requests, period)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if period == 0 {
		delete(s.store.limits, operation)
	} else {
		s.store.limits[operation] = &rateWindow{RateLimit{Requests: requests, Seconds: period.Seconds()}, period, time.Time{}}
	}
	return nil
}

// checkRate counts a request, and refuses it when it is one too many.
func (s *Sandbox) checkRate(operation string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit, ok := s.store.limits[operation]
	if !ok {
		return nil
	}
	now := s.clock.now()
	if now.Sub(limit.began) >= limit.period || now.Before(limit.began) {
		limit.began, limit.Used = now, 0
	}
	if limit.Used < limit.Requests {
		limit.Used++
		return nil
	}
	return refuse(http.StatusTooManyRequests, plaidlink.TypeRateLimitExceeded, limitCode,
		"%d requests in %v are the limit of this operation", limit.Requests, limit.period)
}

// WithLatency is [Sandbox.SetLatency] from the start.
func WithLatency(d time.Duration) Option {
	return func(s *Sandbox) { s.SetLatency(d) }
}

// SetLatency lets every request of an operation wait for d of real time before it is carried out or meets a fault; zero or
// less ends that. If the client goes or the server is closed meanwhile, nothing is carried out.
func (s *Sandbox) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.latency = d
}
