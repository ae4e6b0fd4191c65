package plaidlink

import (
	"context"

	"github.com/plaidlink/plaidlink-go/gen"
)

// ItemGet reads the state of an Item: its institution, products, consent, webhook and last error. An Item in an error state
// is not a failure of the call; read Item.Error, and see [ErrorCode.NeedsUpdateMode] for what to do about one. An Item that is
// removed, or whose user took back the access, fails with ITEM_NOT_FOUND. It is a read, and is retried as one.
func (c *Client) ItemGet(ctx context.Context, req gen.ItemGetRequest, opts ...CallOption) (*gen.ItemGetResponse, error) {
	return do(ctx, c, gen.OperationItemGet, gen.NewItemGetRequest, req, opts,
		func(r *gen.ItemGetResponse) (string, string) { return "item.item_id", r.Item.ItemID })
}

// ItemRemove ends an Item, its access token and what was made from it. Subscriptions are billed to the end of the month.
// Call it before you forget the token. An Item that is removed already fails with [CodeItemNotFound] or
// [CodeInvalidAccessToken], which also is what a retry returns after a removal whose response was lost: read both as done.
func (c *Client) ItemRemove(ctx context.Context, req gen.ItemRemoveRequest, opts ...CallOption) (*gen.ItemRemoveResponse, error) {
	return do(ctx, c, gen.OperationItemRemove, gen.NewItemRemoveRequest, req, opts,
		func(r *gen.ItemRemoveResponse) (string, string) { return "request_id", r.RequestID })
}

// ItemAccessTokenInvalidate replaces the access token of an Item; the old one stops working at once, and the Item's id stays.
// The response is the only copy of the new token: record that you are about to call it, store NewAccessToken, and forget the
// old token last. It is never retried after an ambiguous failure; when Error.MaybeCarriedOut is set and the old token fails
// with [CodeInvalidAccessToken], the new token is lost, and the Item must be linked again.
func (c *Client) ItemAccessTokenInvalidate(ctx context.Context, req gen.ItemAccessTokenInvalidateRequest, opts ...CallOption) (*gen.ItemAccessTokenInvalidateResponse, error) {
	return do(ctx, c, gen.OperationItemAccessTokenInvalidate, gen.NewItemAccessTokenInvalidateRequest, req, opts,
		func(r *gen.ItemAccessTokenInvalidateResponse) (string, string) {
			return "new_access_token", string(r.NewAccessToken)
		})
}

// ItemWebhookUpdate sets the address for the webhooks of an Item. Plaid acknowledges it by a webhook to the new address. An
// ExtraFields member "webhook" with the value null removes the address. The Webhook of a link token has no effect in update
// mode: use this call. It is retried, for the address is the same after one call and after two.
func (c *Client) ItemWebhookUpdate(ctx context.Context, req gen.ItemWebhookUpdateRequest, opts ...CallOption) (*gen.ItemWebhookUpdateResponse, error) {
	return do(ctx, c, gen.OperationItemWebhookUpdate, gen.NewItemWebhookUpdateRequest, req, opts,
		func(r *gen.ItemWebhookUpdateResponse) (string, string) { return "item.item_id", r.Item.ItemID })
}

// AccountsGet lists the accounts of an Item, with names, masks and balances as Plaid last saw them. It is free, does not ask
// the bank, and is retried as a read. After update mode an account can have a new id, so call it again.
func (c *Client) AccountsGet(ctx context.Context, req gen.AccountsGetRequest, opts ...CallOption) (*gen.AccountsGetResponse, error) {
	return do(ctx, c, gen.OperationAccountsGet, gen.NewAccountsGetRequest, req, opts,
		func(r *gen.AccountsGetResponse) (string, string) { return "item.item_id", r.Item.ItemID })
}

// InstitutionsGetByID reads an institution by its id, such as "ins_109508". CountryCodes are required. Cache the response:
// Plaid allows 400 calls a minute for a client. It is retried as a read.
func (c *Client) InstitutionsGetByID(ctx context.Context, req gen.InstitutionsGetByIDRequest, opts ...CallOption) (*gen.InstitutionsGetByIDResponse, error) {
	return do(ctx, c, gen.OperationInstitutionsGetByID, gen.NewInstitutionsGetByIDRequest, req, opts,
		func(r *gen.InstitutionsGetByIDResponse) (string, string) {
			return "institution.institution_id", r.Institution.InstitutionID
		})
}

// SandboxItemResetLogin puts an Item into the error state ITEM_LOGIN_REQUIRED, in the sandbox only; elsewhere Plaid returns
// SANDBOX_ONLY. Update mode mends the Item. It is retried, for the state is the same after one call and after two.
func (c *Client) SandboxItemResetLogin(ctx context.Context, req gen.SandboxItemResetLoginRequest, opts ...CallOption) (*gen.SandboxItemResetLoginResponse, error) {
	return do(ctx, c, gen.OperationSandboxItemResetLogin, gen.NewSandboxItemResetLoginRequest, req, opts,
		func(r *gen.SandboxItemResetLoginResponse) (string, string) { return "request_id", r.RequestID })
}

// SandboxItemFireWebhook sends a webhook of an Item to its address, in the sandbox only; elsewhere Plaid returns SANDBOX_ONLY.
// Each call sends one more, so it is not retried after an ambiguous failure.
func (c *Client) SandboxItemFireWebhook(ctx context.Context, req gen.SandboxItemFireWebhookRequest, opts ...CallOption) (*gen.SandboxItemFireWebhookResponse, error) {
	return do(ctx, c, gen.OperationSandboxItemFireWebhook, gen.NewSandboxItemFireWebhookRequest, req, opts,
		func(r *gen.SandboxItemFireWebhookResponse) (string, string) { return "request_id", r.RequestID })
}
