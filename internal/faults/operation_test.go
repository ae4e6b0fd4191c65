package faults

import (
	"context"
	"runtime"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Operation is a request to an operation of the client.
type Operation struct {
	ID        string // operationId of the specification
	Retryable bool   // whether it may be sent again though it was perhaps carried out
	call      func(context.Context, *plaidlink.Client, ...plaidlink.CallOption) (any, error)
}

// The operations of most rows: one of each kind.
var (
	Get        = Of("linkTokenGet", true, (*plaidlink.Client).LinkTokenGet, gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"})
	Exchange   = Of("itemPublicTokenExchange", false, (*plaidlink.Client).ItemPublicTokenExchange, gen.ItemPublicTokenExchangeRequest{PublicToken: "public-sandbox-0"})
	Operations = []Operation{Get, Exchange}
)

// Of returns the operation of a method with a request.
func Of[Req, Resp any](
	id string, retryable bool,
	method func(*plaidlink.Client, context.Context, Req, ...plaidlink.CallOption) (*Resp, error), req Req,
) Operation {
	return Operation{id, retryable, func(ctx context.Context, c *plaidlink.Client, opts ...plaidlink.CallOption) (any, error) {
		resp, err := method(c, ctx, req, opts...)
		if resp == nil {
			return nil, err
		}
		return resp, err
	}}
}

// Call makes one call and returns what its caller got.
func (o Operation) Call(ctx context.Context, c *plaidlink.Client, opts ...plaidlink.CallOption) Outcome {
	var captured plaidlink.Response
	opts = append([]plaidlink.CallOption{plaidlink.CaptureResponse(&captured)}, opts...)
	start := time.Now()
	resp, err := o.call(ctx, c, opts...)
	return Outcome{happened: true, operation: o.ID, response: resp, err: err, captured: captured, elapsed: time.Since(start)}
}

// New makes a client of the sandbox, with [plaidlink.New].
func New(creds plaidlink.Credentials, opts ...plaidlink.Option) Outcome {
	return made(plaidlink.New(plaidlink.Sandbox, creds, opts...))
}

// NewFromEnv makes a client with [plaidlink.NewFromEnv].
func NewFromEnv() Outcome { return made(plaidlink.NewFromEnv()) }

// NewIn is [New] in an environment.
func NewIn(env plaidlink.Environment, creds plaidlink.Credentials, opts ...plaidlink.Option) Outcome {
	return made(plaidlink.New(env, creds, opts...))
}

// Encode encodes a value. The response is the text, or nil.
func Encode(encode func(any) ([]byte, error), v any) Outcome {
	data, err := encode(v)
	if err != nil {
		return Outcome{happened: true, err: err}
	}
	return Outcome{happened: true, response: string(data)}
}

func made(c *plaidlink.Client, err error) Outcome {
	if c == nil {
		return Outcome{happened: true, err: err}
	}
	return Outcome{happened: true, response: c, err: err}
}

// Allocating measures all that is allocated during a call, in bytes, garbage included. The heap in use grows by less.
func Allocating(call func() Outcome) Outcome {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	o := call()
	runtime.ReadMemStats(&after)
	o.allocated = after.TotalAlloc - before.TotalAlloc
	return o
}
