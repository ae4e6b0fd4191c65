package plaidlink

import (
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// sender is what gen.Client sends requests with: it makes the attempts of a call.
type sender struct{ c *Client }

// Do makes attempts until one is answered or nothing is left to try. It hands the answer to the call, which is the context
// of the request, and returns no response.
func (s sender) Do(req *http.Request) (*http.Response, error) {
	call := req.Context().Value(callKey{}).(*call)
	for name, values := range call.header {
		req.Header[name] = values
	}
	policy := retry.Policy{MaxAttempts: call.maxAttempts, MaxDelay: call.maxRetryDelay}
	for {
		start := time.Now()
		number := int(call.attempt.Add(1))
		outcome, failure := s.attempt(call, req)
		if outcome.Failure == retry.Answered && outcome.Status < 500 && outcome.Status != http.StatusTooManyRequests {
			s.c.budget.Answered()
		}
		var next retry.Decision
		if failure != nil && call.Err() == nil {
			next = policy.Next(outcome, number, func() bool { return repeatable(call.operation.Repeat, req) }, remaining(call), rand.Float64())
			next.Repeat = next.Repeat && s.c.budget.Take(time.Now())
		}
		s.c.log(call, number, time.Since(start), failure, next)
		switch {
		case failure == nil:
			return nil, nil
		case !next.Repeat:
			return nil, failure
		}
		call.earlier = append(call.earlier, failure)
		err := sleep(call, next.Delay)
		if err == nil {
			req.Body, err = req.GetBody()
		}
		if err != nil {
			return nil, err
		}
	}
}

// attempt makes one attempt. Its failure is nil for a 200 that could be decoded.
func (s sender) attempt(call *call, req *http.Request) (retry.Outcome, *Error) {
	answer, err := s.c.guard.Exchange(req, call.attemptTimeout)
	call.answer = answer
	outcome := retry.Outcome{Failure: transport.Failure(err), Status: answer.Status}
	cut := err != nil && !transport.Unsent(err)
	switch {
	case err != nil:
	case answer.Status == http.StatusOK:
		if err = call.decode(answer); err == nil {
			return outcome, nil
		}
	case answer.Status >= 300 && answer.Status < 400:
		err = ErrRedirect
	default:
		err = errStatus
	}
	if cut || answer.Status >= 500 || answer.Status/100 == 2 {
		call.maybe = true
	}
	if call.Err() != nil {
		err = contextError(call)
	}
	failure := s.c.newError(call, err)
	outcome.Code, outcome.RetryAfter = string(failure.Code), failure.RetryAfter
	return outcome, failure
}

// remaining is the time to the deadline of a context, negative where it has none.
func remaining(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return -1
	}
	return max(0, time.Until(deadline))
}

// sleep waits, or returns the context's end at once.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return contextError(ctx)
	}
}
