package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// Fault is what happens to one request in place of its response: middleware that may leave out next, which carries the
// request out and responds. The functions below make the usual ones; write your own for the rest. The body can be read.
type Fault func(next http.Handler) http.Handler

// maxQueued is how many faults wait for an operation.
const maxQueued = 1000

// Fail queues faults for an operation, by its operationId such as "linkTokenGet". Each request of that operation takes
// one, in order, before anything of it is checked; when none is left the responses are normal again.
// At most 1000 wait for an operation. The error is that these are too many, that the operation does not exist, or that a
// fault is nil; nothing is queued then.
func (s *Sandbox) Fail(operation string, faults ...Fault) error {
	return s.ofOperation("Fail", operation, func() error {
		if i := slices.IndexFunc(faults, func(f Fault) bool { return f == nil }); i >= 0 {
			return fmt.Errorf("fault %d is nil; a status must be 200 to 599", i+1)
		}
		queue := append(s.store.faults[operation], faults...)
		if len(queue) > maxQueued {
			return fmt.Errorf("expected at most %d faults that wait for %s, found %d", maxQueued, operation, len(queue))
		}
		s.store.faults[operation] = queue
		return nil
	})
}

// PlaidError responds with an error in the form of Plaid's; nothing is carried out. A status outside 200 to 599 makes a
// nil Fault, which [Sandbox.Fail] refuses.
func PlaidError(status int, errorType plaidlink.ErrorType, code plaidlink.ErrorCode, message string) Fault {
	return instead(status, func(w http.ResponseWriter) {
		refuse(status, errorType, code, "%s", message).respond(w, newIDs().requestID())
	})
}

// HTML responds with a page, as a proxy in front of Plaid does with a 502; nothing is carried out. A status outside 200 to
// 599 makes a nil Fault, which [Sandbox.Fail] refuses.
func HTML(status int) Fault {
	return instead(status, func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<!doctype html><title>%d %s</title>", status, http.StatusText(status))
	})
}

// instead responds in place of the operation.
func instead(status int, write func(http.ResponseWriter)) Fault {
	if status < 200 || status > 599 {
		return nil
	}
	return serving(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { write(w) })
}

// serving makes a fault of what serves one request.
func serving(serve func(w http.ResponseWriter, r *http.Request, next http.Handler)) Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(w, r, next) })
	}
}

// RetryAfter returns the fault with a Retry-After header, which need not be a sensible one.
func (f Fault) RetryAfter(value string) Fault {
	if f == nil {
		return nil
	}
	return serving(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header().Set("Retry-After", value)
		f(next).ServeHTTP(w, r)
	})
}

// Drop closes the connection without a response; nothing is carried out.
func Drop() Fault {
	return serving(func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) })
}

// DropResponse carries the request out and closes the connection without a response, so that the client cannot know.
func DropResponse() Fault {
	return serving(func(_ http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(lost{}, r)
		panic(http.ErrAbortHandler)
	})
}

// lost is a ResponseWriter that sends nothing.
type lost http.Header

func (l lost) Header() http.Header         { return http.Header(l) }
func (l lost) Write(b []byte) (int, error) { return len(b), nil }
func (l lost) WriteHeader(int)             {}

// Slow waits for d of real time, then carries the request out and responds. If the client goes or the server is closed
// before that, nothing is carried out.
func Slow(d time.Duration) Fault {
	return serving(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-time.After(d):
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	})
}

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
	return s.ofOperation("LimitRate", operation, func() error {
		if requests < 0 || period < 0 {
			return fmt.Errorf("expected requests and a period of zero or more, found %d and %v", requests, period)
		}
		if delete(s.store.limits, operation); period > 0 {
			s.store.limits[operation] = &rateWindow{RateLimit{Requests: requests, Seconds: period.Seconds()}, period, time.Time{}}
		}
		return nil
	})
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
	// The code is one of Plaid's for a rate that was exceeded without suspicion of abuse.
	return refuse(http.StatusTooManyRequests, plaidlink.TypeRateLimitExceeded, "ADDITION_LIMIT",
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
