package sandbox

import (
	"fmt"

	"github.com/plaidlink/plaidlink-go/gen"
)

// incoming is what a request brings beside its body.
type incoming struct {
	requestID string // for the response
	token     string // access_token of the body; empty where it has none
	baseURL   string // of hosted pages, without a slash at its end
}

// created is a response with the status 201.
type created struct{ response any }

// operation does what a valid request body asks for, and returns the response.
type operation func(s *Sandbox, in incoming, body []byte) (any, error)

// operations has what the sandbox does, by operationId.
var operations = map[string]operation{
	gen.OperationAccountsGet.ID:                    ofItem((*store).accountsGet),
	gen.OperationInstitutionsGetByID.ID:            inStore((*store).institutionsGetByID),
	gen.OperationItemAccessTokenInvalidate.ID:      ofItem((*store).itemAccessTokenInvalidate),
	gen.OperationItemGet.ID:                        ofItem((*store).itemGet),
	gen.OperationItemPublicTokenExchange.ID:        inStore((*store).itemPublicTokenExchange),
	gen.OperationItemRemove.ID:                     ofItem((*store).itemRemove),
	gen.OperationItemWebhookUpdate.ID:              inStore((*store).itemWebhookUpdate),
	gen.OperationLinkOAuthCorrelationIDExchange.ID: inStore((*store).linkOAuthCorrelationIDExchange),
	gen.OperationLinkProfileEligibilityCheck.ID:    inStore((*store).linkProfileEligibilityCheck),
	gen.OperationLinkTokenCreate.ID:                inStore((*store).linkTokenCreate),
	gen.OperationLinkTokenGet.ID:                   inStore((*store).linkTokenGet),
	gen.OperationSandboxItemFireWebhook.ID:         ofItem((*store).sandboxItemFireWebhook),
	gen.OperationSandboxItemResetLogin.ID:          ofItem((*store).sandboxItemResetLogin),
	gen.OperationSandboxPublicTokenCreate.ID:       inStore((*store).sandboxPublicTokenCreate),
	gen.OperationUserCreate.ID:                     inStore((*store).userCreate),
	gen.OperationUserGet.ID:                        inStore((*store).userGet),
	gen.OperationUserRemove.ID:                     inStore((*store).userRemove),
	gen.OperationUserUpdate.ID:                     inStore((*store).userUpdate),
	gen.OperationWebhookVerificationKeyGet.ID:      inStore((*store).webhookVerificationKeyGet),
}

// inStore decodes the body for fn, which runs with the lock held.
func inStore[Req, Resp any](fn func(*store, incoming, Req) (Resp, error)) operation {
	return func(s *Sandbox, in incoming, body []byte) (any, error) {
		var req Req
		if err := decodeValid(body, &req); err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return fn(s.store, in, req)
	}
}

// ofItem is inStore for what is about the Item of the access_token.
func ofItem[Req, Resp any](fn func(*store, incoming, *itemRecord, Req) (Resp, error)) operation {
	return inStore(func(st *store, in incoming, req Req) (response Resp, err error) {
		item, err := st.findItem(gen.AccessToken(in.token))
		if err != nil {
			return response, err
		}
		return fn(st, in, item, req)
	})
}

// checkOperation refuses what is neither an operationId nor a path of Handle, for the exported method that takes one.
func (s *Sandbox) checkOperation(method, id string) error {
	if operations[id] == nil && s.handlerOf(id) == nil {
		return fmt.Errorf("sandbox: %s: %q is not an operationId; expected one such as linkTokenCreate, or a path with a handler", method, id)
	}
	return nil
}
