package plaidlink

import (
	"bytes"
	"context"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/wire"
)

// Post calls any operation of Plaid by its path, such as "/accounts/balance/get", with all that the named methods have:
// credentials, limits, retries, typed errors and logs. Success is a 200 or a 201.
//
// Req is what encoding/json makes an object of, without client_id and secret, which go as headers; nil sends {}. Resp is a
// pointer that encoding/json decodes into, a *[]byte for the body as it is, such as a PDF, or nil. The Operation of an
// [Error] is the path.
//
// A call is not retried if it may have been carried out, unless [Retryable] is given. The path of a named method keeps that
// method's rule, and does not take Retryable.
func (c *Client) Post(ctx context.Context, path string, req, resp any, opts ...CallOption) error {
	return c.post(ctx, postOperation(path, path, wire.RetryNever), req, resp, opts)
}

// Call is for the code that the command plaidgen writes; programs use the methods of that code, or [Client.Post]. It makes the
// call as Post does, with the ID of the operation in errors, log records and attempts, and with its Retry, unless the path is
// that of a named method, which keeps its rule. The response is non-nil if and only if the error is nil.
func Call[Resp any](ctx context.Context, c *Client, op wire.Operation, req any, opts []CallOption) (*Resp, error) {
	resp := new(Resp)
	if err := c.post(ctx, postOperation(op.ID, op.Path, op.Retry), req, resp, opts); err != nil {
		return nil, err
	}
	return resp, nil
}

func (c *Client) post(ctx context.Context, op wire.Operation, req, resp any, opts []CallOption) error {
	if !validPath.MatchString(op.Path) {
		return fmt.Errorf("plaidlink: Post: path %.100q: expected one such as /accounts/balance/get", op.Path)
	}
	if v := reflect.ValueOf(resp); resp != nil && (v.Kind() != reflect.Pointer || v.IsNil()) {
		return fmt.Errorf("plaidlink: %s: expected a pointer to decode the response into, found %T", op.ID, resp)
	}
	return c.makeCall(ctx, op, opts,
		func() (*http.Request, error) { return newPostRequest(c.server, op.Path, req) },
		func(call *call) error { return c.decodePost(call, resp) })
}

// validPath matches segments of the characters that Plaid's paths have. It leaves no room for a host, a query, an escape or a
// way up.
var validPath = regexp.MustCompile(`^(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)+$`)

// postOperation returns an operation. The path of a named method keeps that method's rule.
func postOperation(id, path string, retry wire.Retry) wire.Operation {
	op := wire.Operation{ID: id, Path: path, Retry: retry, Success: []int{http.StatusOK, http.StatusCreated}}
	if named := namedOperation(path); named != nil {
		op.Retry, op.Success = named.Retry, named.Success
	}
	return op
}

// namedOperation returns the operation of the method that a path has, or nil.
func namedOperation(path string) *wire.Operation {
	for _, named := range gen.Operations() {
		if named.Path == path {
			return &named
		}
	}
	return nil
}

// Retryable declares that a [Client.Post] only reads, so that it is retried even if it may have been carried out. Methods, and
// Post with the path of a named one, do not take it: their rule is known.
func Retryable() CallOption {
	return callOption(func(c *call) error {
		if c.operation.ID != c.operation.Path || namedOperation(c.operation.Path) != nil {
			return fmt.Errorf("Retryable: %s has a rule of its own", c.operation.Path)
		}
		c.operation.Retry = wire.RetryAlways
		return nil
	})
}

func newPostRequest(server, path string, req any) (*http.Request, error) {
	if req == nil {
		req = struct{}{}
	}
	marshal := stdjson.Marshal
	if _, generated := req.(json.MarshalerTo); generated { // which refuses what JSON cannot carry, as the named methods do
		marshal = func(req any) ([]byte, error) { return json.Marshal(req) }
	}
	body, err := marshal(req)
	if err != nil {
		return nil, fmt.Errorf("the request cannot be encoded: %w", err)
	}
	var properties map[string]jsontext.Value
	err = json.Unmarshal(body, &properties)
	switch {
	case errors.As(err, new(*json.SemanticError)), err == nil && properties == nil:
		return nil, fmt.Errorf("expected a request that is a JSON object, found %T", req)
	case err != nil:
		return nil, fmt.Errorf("the request cannot be encoded: %w", err)
	case properties["client_id"] != nil, properties["secret"] != nil:
		return nil, errors.New("the request has client_id or secret: the client sends them as headers")
	}
	return wire.NewRequest(server, path, stdjson.RawMessage(body))
}

// decodePost decodes a response as the caller's type wants it.
func (c *Client) decodePost(call *call, resp any) error {
	switch resp := resp.(type) {
	case nil:
		return nil
	case *[]byte:
		*resp = bytes.Clone(call.response.Body)
		return nil
	case json.UnmarshalerFrom: // a generated type
		return c.decodeBody(call, resp)
	}
	if err := stdjson.Unmarshal(call.response.Body, resp); err != nil {
		return c.undecodable(call, err)
	}
	return nil
}
