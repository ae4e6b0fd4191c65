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
		outcome, err := s.attempt(call, req)
		if outcome.Failure == retry.Answered && outcome.Status < 500 && outcome.Status != http.StatusTooManyRequests {
			s.c.budget.Answered()
		}
		var next retry.Decision
		switch {
		case err == nil:
		case call.Err() != nil:
			err = contextError(call)
		default:
			next = policy.Next(outcome, number, func() bool { return repeatable(call.operation.Repeat, req) }, remaining(call), rand.Float64())
			next.Repeat = next.Repeat && s.c.budget.Take(time.Now())
		}
		s.c.log(call, number, time.Since(start), err, next)
		if !next.Repeat {
			return nil, err
		}
		call.earlier = append(call.earlier, s.c.newError(call, err))
		if err := sleep(call, next.Delay); err != nil {
			return nil, err
		}
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
}

// attempt makes one attempt. Its error is nil for a 200 that could be decoded.
func (s sender) attempt(call *call, req *http.Request) (retry.Outcome, error) {
	answer, err := s.c.guard.Exchange(req, call.attemptTimeout)
	call.answer = answer
	outcome := retry.Outcome{Failure: transport.Failure(err), Status: answer.Status}
	if err == nil && answer.Status == http.StatusOK {
		return outcome, call.decode(answer)
	}
	if err == nil {
		outcome.Code = string(readAPIError(answer).code)
		outcome.RetryAfter = retry.RetryAfter(answer.Header, time.Now())
		err = errStatus
		if answer.Status >= 300 && answer.Status < 400 {
			err = ErrRedirect
		}
	}
	cut := outcome.Failure != retry.Answered && !transport.Unsent(err)
	if cut || answer.Status >= 500 || answer.Status/100 == 2 {
		call.maybe = true
	}
	return outcome, err
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
