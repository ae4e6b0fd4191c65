package plaidlink

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

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

// do makes a call: it builds the request, makes attempts, decodes the response of the last one and returns it. The response
// is non-nil if and only if the error is nil. Essential returns a property without which the response is worthless.
func do[Req, Resp any](
	ctx context.Context, c *Client, op gen.Operation, newRequest func(server string, body Req) (*http.Request, error),
	body Req, opts []CallOption, essential func(*Resp) (name, value string),
) (*Resp, error) {
	call, err := c.newCall(ctx, op, opts)
	if err != nil {
		return nil, err
	}
	req, err := newRequest(c.server, body)
	if err != nil {
		return nil, c.newError(call, err)
	}
	resp := new(Resp)
	failure := c.makeAttempts(ctx, call, req)
	if failure == nil {
		failure = c.decoded(ctx, call, decode(c, call, resp, essential))
	}
	if err := c.end(call, failure); err != nil {
		return nil, err
	}
	return resp, nil
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

// decoded logs the attempt whose response was decoded, and returns the error of the call where that failed.
func (c *Client) decoded(ctx context.Context, call *call, err error) (failure *Error) {
	if err != nil {
		call.maybe = true
		failure = c.newError(call, err)
	}
	c.log(ctx, call, failure, retry.Decision{})
	return failure
}

// end captures what is known of the response, and releases its body. That of a failed call stays, for its error.
func (c *Client) end(call *call, failure *Error) error {
	if call.capture != nil {
		*call.capture = c.newResponse(call)
	}
	if failure != nil {
		return failure
	}
	call.response.Release()
	return nil
}
