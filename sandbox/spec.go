package sandbox

import (
	"fmt"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/gen"
)

// operation is one of the specification, with what the sandbox does for it.
type operation struct {
	id       string
	request  *openapi3.Schema
	carryOut carryOut
}

// incoming is what a request brings beside its body.
type incoming struct {
	requestID string // for the answer
	baseURL   string // by which the client reached the sandbox, without a slash at its end
}

// carryOut does what a valid request body asks for.
type carryOut func(s *Sandbox, in incoming, body []byte) (any, *refusal)

// carriedOut has the operations that the sandbox plays, by operationId; to every other it responds as to an unknown path.
var carriedOut = map[string]carryOut{
	gen.OperationItemPublicTokenExchange.ID:        typed((*Sandbox).itemPublicTokenExchange),
	gen.OperationLinkOAuthCorrelationIDExchange.ID: typed((*Sandbox).linkOAuthCorrelationIDExchange),
	gen.OperationLinkProfileEligibilityCheck.ID:    typed((*Sandbox).linkProfileEligibilityCheck),
	gen.OperationLinkTokenCreate.ID:                typed((*Sandbox).linkTokenCreate),
	gen.OperationLinkTokenGet.ID:                   typed((*Sandbox).linkTokenGet),
	gen.OperationSandboxPublicTokenCreate.ID:       typed((*Sandbox).sandboxPublicTokenCreate),
	gen.OperationWebhookVerificationKeyGet.ID:      typed((*Sandbox).webhookVerificationKeyGet),
}

// typed decodes the body for fn, which runs with s.mu held.
func typed[Req, Resp any](fn func(*Sandbox, incoming, Req) (*Resp, *refusal)) carryOut {
	return func(s *Sandbox, in incoming, body []byte) (any, *refusal) {
		var req Req
		if refused := decodeValid(body, &req); refused != nil {
			return nil, refused
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return fn(s, in, req)
	}
}

// loadOperations reads the embedded specification, once: it takes about 40 ms. The result is keyed by path.
var loadOperations = sync.OnceValues(func() (map[string]*operation, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("sandbox: load the specification: %w", err)
	}
	operations := map[string]*operation{}
	for path, item := range doc.Paths.Map() {
		if item.Post == nil {
			return nil, fmt.Errorf("sandbox: nothing carries out %s", path)
		}
		if carriedOut[item.Post.OperationID] == nil { // the operations on Items and users
			continue
		}
		operations[path] = &operation{
			id:       item.Post.OperationID,
			request:  item.Post.RequestBody.Value.Content.Get("application/json").Schema.Value,
			carryOut: carriedOut[item.Post.OperationID],
		}
	}
	return operations, nil
})
