package plaidlink

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// call is one call of an operation. It is the context of its requests, so that every layer, and a round tripper of the
// caller's, can learn from the request what it is part of.
type call struct {
	context.Context
	operation gen.Operation
	settings
	decode  func(transport.Answer) error // of a 200
	capture *Response
	attempt atomic.Int32

	// What the sender leaves behind.
	answer  transport.Answer
	earlier []error // of the attempts before the last
	maybe   bool    // whether an attempt was perhaps carried out
}

type callKey struct{}

// Value is the call itself for its key.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// do makes a call: it sends the request and decodes the answer, once. Essential names a member of the answer without
// which it is worthless, with its value.
func do[Req, Resp any](
	ctx context.Context, c *Client, op gen.Operation,
	send func(*gen.Client, context.Context, Req) (*http.Response, error),
	req Req, opts []CallOption, essential func(*Resp) (name, value string),
) (*Resp, error) {
	call, err := c.newCall(ctx, op, opts)
	if err != nil {
		return nil, err
	}
	resp := new(Resp)
	call.decode = func(answer transport.Answer) error { return decode(answer, resp, essential, c) }
	if ctx.Err() != nil {
		err = contextError(ctx)
	} else {
		_, err = send(c.api, call, req)
	}
	if call.capture != nil {
		*call.capture = c.newResponse(call)
	}
	switch failure := err.(type) {
	case nil:
		call.answer.Release() // a failed answer stays, for its error
		return resp, nil
	case *Error:
		return nil, failure // of an attempt
	default:
		return nil, c.newError(call, err) // before or between attempts
	}
}

func (c *Client) newCall(ctx context.Context, op gen.Operation, opts []CallOption) (*call, error) {
	if c == nil || c.api == nil {
		return nil, fmt.Errorf("plaidlink: %s: the client was not made by New", op.ID)
	}
	if ctx == nil {
		return nil, fmt.Errorf("plaidlink: %s: expected a context, found nil", op.ID)
	}
	call := &call{Context: ctx, operation: op, settings: c.settings}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("plaidlink: %s: option %d is nil", op.ID, i+1)
		}
		if err := opt.applyCall(call); err != nil {
			return nil, fmt.Errorf("plaidlink: %s: %w", op.ID, err)
		}
	}
	return call, nil
}

// contextError is the end of a context: its error, and its cause where that is another.
func contextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// Attempt says which attempt of which call a request is.
type Attempt struct {
	Operation string // operationId of the specification
	Number    int    // from 1
}

// AttemptFrom tells a http.RoundTripper, from the context of a request of this package, what it is sending: for traces
// and metrics. It is false for other requests.
func AttemptFrom(ctx context.Context) (Attempt, bool) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return Attempt{}, false
	}
	return Attempt{Operation: c.operation.ID, Number: int(c.attempt.Load())}, true
}
