package plaidlink

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/transport"
	"github.com/plaidlink/plaidlink-go/wire"
)

// Attempt is one attempt of a call; see [AttemptFrom].
type Attempt struct {
	Operation string // operationId of the specification
	Number    int    // from 1
}

type attemptKey struct{}

// AttemptFrom reports which attempt of which call an [http.RoundTripper] or a log handler is part of, for traces and metrics.
// Ctx is the context of a request or a record of this package; for any other, ok is false.
func AttemptFrom(ctx context.Context) (attempt Attempt, ok bool) {
	made, ok := ctx.Value(attemptKey{}).(*Attempt)
	if !ok {
		return Attempt{}, false
	}
	return *made, true
}

// call is one call of an operation: what it was asked to do, and how far it has come.
type call struct {
	operation gen.Operation
	settings
	capture *Response

	deadline   time.Time               // of the call, where its context has none; else zero
	attempts   int                     // made, the one under way included
	made       [maxMaxAttempts]Attempt // here, because a value of each in its context would be one more allocation
	started    time.Time               // when the last attempt was
	response   transport.Response
	earlier    []error  // of the attempts before the last
	maybe      bool     // whether an attempt was perhaps carried out
	departures []string // where the response departs from the specification
}

// do calls an operation and returns its response, which is non-nil if and only if the error is nil. Name is a property without
// which the response is worthless, and value returns it.
func do[Req, Resp any](
	ctx context.Context, c *Client, op gen.Operation, body Req, opts []CallOption, name string, value func(*Resp) string,
) (*Resp, error) {
	resp := new(Resp)
	err := c.makeCall(ctx, op, opts,
		func() (*http.Request, error) { return wire.NewRequest(c.server, op.Path, &body) },
		func(call *call) error { return decode(c, call, resp, name, value) })
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// makeCall makes a call: it builds the request, makes attempts, decodes the response of the last one, and releases its body. That of a
// failed call stays, for its error.
func (c *Client) makeCall(
	ctx context.Context, op gen.Operation, opts []CallOption, newRequest func() (*http.Request, error), decode func(*call) error,
) error {
	call, err := c.newCall(ctx, op, opts)
	if err != nil {
		return err
	}
	req, err := newRequest()
	if err != nil {
		return c.newError(call, err)
	}
	failure := c.makeAttempts(ctx, call, req)
	if failure == nil {
		if err := decode(call); err != nil {
			call.maybe = true
			failure = c.newError(call, err)
		}
		c.log(ctx, call, failure, retry.Decision{})
	}
	if call.capture != nil {
		*call.capture = c.newResponse(call)
	}
	if failure != nil {
		return failure
	}
	call.response.Release()
	return nil
}

// newCall returns the call of an operation with the client's settings and those of its options. It fails if the context has
// ended.
func (c *Client) newCall(ctx context.Context, op gen.Operation, opts []CallOption) (*call, error) {
	if c == nil || c.guard == nil {
		return nil, fmt.Errorf("plaidlink: %s: the client was not made by New", op.ID)
	}
	if ctx == nil {
		return nil, fmt.Errorf("plaidlink: %s: expected a context, found nil", op.ID)
	}
	call := &call{operation: op, settings: c.settings}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("plaidlink: %s: option %d is nil", op.ID, i+1)
		}
		if err := opt.applyCall(call); err != nil {
			return nil, fmt.Errorf("plaidlink: %s: %w", op.ID, err)
		}
	}
	if ctx.Err() != nil {
		return nil, c.newError(call, transport.ContextError(ctx))
	}
	if _, ok := ctx.Deadline(); !ok {
		call.deadline = time.Now().Add(call.timeout())
	}
	return call, nil
}

// attemptContext returns the context of the last attempt, for [AttemptFrom].
func (call *call) attemptContext(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptKey{}, &call.made[call.attempts-1])
}

// makeAttempts sends a request until there is a response to decode, which it leaves in the call, or nothing is left to try.
// It logs every attempt that fails.
func (c *Client) makeAttempts(ctx context.Context, call *call, req *http.Request) *Error {
	for name, values := range call.header {
		req.Header[name] = values
	}
	policy := retry.Policy{MaxAttempts: call.maxAttempts, MaxDelay: call.maxRetryDelay}
	for {
		outcome, failure := c.attempt(ctx, call, req)
		if outcome.Failure == retry.Responded && outcome.Status < 500 && outcome.Status != http.StatusTooManyRequests {
			c.budget.Responded()
		}
		if failure == nil {
			return nil
		}
		var next retry.Decision
		if ctx.Err() == nil {
			next = policy.Next(outcome, call.attempts, call.operation.Retry == wire.RetryAlways, call.remaining(ctx), rand.Float64())
			next.Retry = next.Retry && c.budget.Take(time.Now())
		}
		c.log(ctx, call, failure, next)
		if !next.Retry {
			if call.expired() && failure.Timeout() {
				call.earlier = append(call.earlier, failure)
				return c.newError(call, fmt.Errorf("%w: the call took longer than %v", context.DeadlineExceeded, call.timeout()))
			}
			return failure
		}
		call.earlier = append(call.earlier, failure)
		err := sleep(ctx, next.Delay)
		if err == nil {
			req.Body, err = req.GetBody()
		}
		if err != nil {
			return c.newError(call, err)
		}
	}
}

// attempt sends a request once. Its failure is nil for a response that is to be decoded.
func (c *Client) attempt(ctx context.Context, call *call, req *http.Request) (retry.Outcome, *Error) {
	call.made[call.attempts] = Attempt{Operation: call.operation.ID, Number: call.attempts + 1}
	call.attempts++
	call.started = time.Now()
	limits := transport.Limits{Timeout: cmp.Or(call.attemptTimeout, defaultAttemptTimeout), Bytes: call.maxResponseBytes, Success: call.operation.Success}
	if !call.deadline.IsZero() {
		limits.Timeout = min(limits.Timeout, time.Until(call.deadline))
	}
	response, err := c.guard.Exchange(call.attemptContext(ctx), req, limits)
	call.response = response
	outcome := retry.Outcome{Failure: transport.Failure(err), Status: response.Status}
	if err == nil && call.succeeded() {
		return outcome, nil
	}
	if response.Status >= 500 || response.Status/100 == 2 || response.Status == 0 && !transport.Unsent(err) {
		call.maybe = true
	}
	if response.Status != 0 && !call.succeeded() { // the status decides, even if the body was cut off
		outcome.Failure = retry.Responded
		switch {
		case response.Status/100 == 3:
			err = ErrRedirect
		case err == nil:
			err = errStatus
		default:
			err = fmt.Errorf("the body was cut off: %w", err)
		}
	}
	if ctx.Err() != nil {
		err = transport.ContextError(ctx)
	}
	failure := c.newError(call, err)
	outcome.Code, outcome.RetryAfter = string(failure.Code), failure.RetryAfter
	return outcome, failure
}

// succeeded reports whether the status of the last response is a success.
func (call *call) succeeded() bool {
	return slices.Contains(call.operation.Success, call.response.Status)
}

// timeout returns how long the call may take where its context has no deadline. The default of an attempt does not raise it.
func (call *call) timeout() time.Duration { return max(call.callTimeout, call.attemptTimeout) }

// expired reports whether the call has taken longer than that.
func (call *call) expired() bool { return !call.deadline.IsZero() && time.Until(call.deadline) <= 0 }

// remaining returns the time to the end of the call.
func (call *call) remaining(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = call.deadline
	}
	return max(0, time.Until(deadline))
}

// sleep waits, or returns why the context ended as soon as it does.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return transport.ContextError(ctx)
	}
}
