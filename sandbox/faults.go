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
	if err := s.checkOperation("Fail", operation); err != nil {
		return err
	}
	if i := slices.IndexFunc(faults, func(f Fault) bool { return f == nil }); i >= 0 {
		return fmt.Errorf("sandbox: Fail: fault %d is nil; a status must be 200 to 599", i+1)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if waiting := len(s.store.faults[operation]); waiting+len(faults) > maxQueued {
		return fmt.Errorf("sandbox: Fail: expected at most %d faults that wait for %s, found %d", maxQueued, operation, waiting+len(faults))
	}
	s.store.faults[operation] = append(s.store.faults[operation], faults...)
	return nil
}

// takeFaults returns what happens to a request of an operation, innermost first: the next of the queue, and the latency.
func (s *Sandbox) takeFaults(operation string) (faults []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if queue := s.store.faults[operation]; len(queue) > 0 {
		faults = append(faults, queue[0])
		if s.store.faults[operation] = queue[1:]; len(queue) == 1 {
			delete(s.store.faults, operation)
		}
	}
	if s.store.latency > 0 {
		faults = append(faults, Slow(s.store.latency))
	}
	return faults
}

// PlaidError responds with an error in the form of Plaid's; nothing is carried out. A status outside 200 to 599 makes a
// nil Fault, which [Sandbox.Fail] refuses.
func PlaidError(status int, errorType plaidlink.ErrorType, code plaidlink.ErrorCode, message string) Fault {
	return instead(status, func(w http.ResponseWriter) {
		respond(w, status, (&refusal{status, errorType, code, message}).body(newIDs().requestID()))
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
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	})
}
