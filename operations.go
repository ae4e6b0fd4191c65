package plaidlink

import (
	"context"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/wire"
)

// LinkTokenCreate creates a link token, which starts Link in a browser or an app. Set Webhook and HostedLink to let Plaid
// host the page. The token lives 4 hours for a new Item; trust Expiration. The call is retried after a failure unless
// HostedLink.DeliveryMethod is set, because Plaid then sends an SMS or an e-mail.
func (c *Client) LinkTokenCreate(ctx context.Context, req gen.LinkTokenCreateRequest, opts ...CallOption) (*gen.LinkTokenCreateResponse, error) {
	op := gen.OperationLinkTokenCreate
	op.Retry = wire.RetryAlways
	if sendsMessage(req) {
		op.Retry = wire.RetryNever
	}
	return do(ctx, c, op, req, opts, "link_token", func(r *gen.LinkTokenCreateResponse) string { return r.LinkToken })
}

// sendsMessage reports whether the request makes Plaid send the user an SMS or an e-mail, which a retry would send twice.
func sendsMessage(req gen.LinkTokenCreateRequest) bool {
	if _, replaced := req.ExtraFields["hosted_link"]; replaced {
		return true // in doubt
	}
	if req.HostedLink == nil {
		return false
	}
	_, replaced := req.HostedLink.ExtraFields["delivery_method"]
	return replaced || req.HostedLink.DeliveryMethod != ""
}

// LinkTokenGet returns what a link token was created with, and its sessions up to 6 hours after their end. Read
// LinkSessions[].Results.ItemAddResults and Exit; OnSuccess and OnExit are deprecated.
func (c *Client) LinkTokenGet(ctx context.Context, req gen.LinkTokenGetRequest, opts ...CallOption) (*gen.LinkTokenGetResponse, error) {
	return do(ctx, c, gen.OperationLinkTokenGet, req, opts, "link_token", func(r *gen.LinkTokenGetResponse) string { return r.LinkToken })
}

// LinkProfileEligibilityCheck reports whether Plaid has a saved profile for a phone number. Plaid removed the operation from
// its specification in January 2025.
func (c *Client) LinkProfileEligibilityCheck(ctx context.Context, req gen.LinkProfileEligibilityCheckRequest, opts ...CallOption) (*gen.LinkProfileEligibilityCheckResponse, error) {
	return do(ctx, c, gen.OperationLinkProfileEligibilityCheck, req, opts, "request_id",
		func(r *gen.LinkProfileEligibilityCheckResponse) string { return r.RequestID })
}

// LinkOAuthCorrelationIDExchange returns the link token of a correlation id, which arrives in the query of the redirect URI
// and lives briefly. Only payment_initiation has them. The call is not retried if it may have been carried out.
func (c *Client) LinkOAuthCorrelationIDExchange(ctx context.Context, req gen.LinkOAuthCorrelationIDExchangeRequest, opts ...CallOption) (*gen.LinkOAuthCorrelationIDExchangeResponse, error) {
	return do(ctx, c, gen.OperationLinkOAuthCorrelationIDExchange, req, opts, "link_token",
		func(r *gen.LinkOAuthCorrelationIDExchangeResponse) string { return r.LinkToken })
}

// ItemPublicTokenExchange exchanges the public token of a finished session, within 30 minutes, for the access token of the
// new Item. Store the access token: the response is its only copy. The call is not retried if it may have been carried
// out; see [Error.MaybeCarriedOut].
func (c *Client) ItemPublicTokenExchange(ctx context.Context, req gen.ItemPublicTokenExchangeRequest, opts ...CallOption) (*gen.ItemPublicTokenExchangeResponse, error) {
	return do(ctx, c, gen.OperationItemPublicTokenExchange, req, opts, "access_token",
		func(r *gen.ItemPublicTokenExchangeResponse) string { return string(r.AccessToken) })
}

// SandboxPublicTokenCreate creates a public token without Link, in the sandbox only; elsewhere Plaid responds SANDBOX_ONLY.
func (c *Client) SandboxPublicTokenCreate(ctx context.Context, req gen.SandboxPublicTokenCreateRequest, opts ...CallOption) (*gen.SandboxPublicTokenCreateResponse, error) {
	return do(ctx, c, gen.OperationSandboxPublicTokenCreate, req, opts, "public_token",
		func(r *gen.SandboxPublicTokenCreateResponse) string { return r.PublicToken })
}

// WebhookVerificationKeyGet returns the key that signed a webhook, by the kid of its JWT. Keep one key per kid.
func (c *Client) WebhookVerificationKeyGet(ctx context.Context, req gen.WebhookVerificationKeyGetRequest, opts ...CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	return do(ctx, c, gen.OperationWebhookVerificationKeyGet, req, opts, "key.kid", func(r *gen.WebhookVerificationKeyGetResponse) string { return r.Key.Kid })
}

// ItemGet reads the state of an Item: its institution, products, consent, webhook and last error. An Item in an error state
// is not a failure of the call; read Item.Error, and see [ErrorCode.NeedsUpdateMode] for what to do about one. An Item that is
// removed, or whose user took back the access, fails with ITEM_NOT_FOUND. It is a read, and is retried as one.
func (c *Client) ItemGet(ctx context.Context, req gen.ItemGetRequest, opts ...CallOption) (*gen.ItemGetResponse, error) {
	return do(ctx, c, gen.OperationItemGet, req, opts, "item.item_id", func(r *gen.ItemGetResponse) string { return r.Item.ItemID })
}

// ItemRemove ends an Item, its access token and what was made from it. Subscriptions are billed to the end of the month.
// Call it before you forget the token. An Item that is removed already fails with [CodeItemNotFound] or
// [CodeInvalidAccessToken], which also is what a retry returns after a removal whose response was lost: read both as done.
func (c *Client) ItemRemove(ctx context.Context, req gen.ItemRemoveRequest, opts ...CallOption) (*gen.ItemRemoveResponse, error) {
	return do(ctx, c, gen.OperationItemRemove, req, opts, "request_id", func(r *gen.ItemRemoveResponse) string { return r.RequestID })
}

// ItemAccessTokenInvalidate replaces the access token of an Item; the old one stops working at once, and the Item's id stays.
// The response is the only copy of the new token: record that you are about to call it, store NewAccessToken, and forget the
// old token last. It is never retried after an ambiguous failure; when Error.MaybeCarriedOut is set and the old token fails
// with [CodeInvalidAccessToken], the new token is lost, and the Item must be linked again.
func (c *Client) ItemAccessTokenInvalidate(ctx context.Context, req gen.ItemAccessTokenInvalidateRequest, opts ...CallOption) (*gen.ItemAccessTokenInvalidateResponse, error) {
	return do(ctx, c, gen.OperationItemAccessTokenInvalidate, req, opts, "new_access_token",
		func(r *gen.ItemAccessTokenInvalidateResponse) string { return string(r.NewAccessToken) })
}

// ItemWebhookUpdate sets the address for the webhooks of an Item. Plaid acknowledges it by a webhook to the new address. An
// ExtraFields member "webhook" with the value null removes the address. The Webhook of a link token has no effect in update
// mode: use this call. It is retried, for the address is the same after one call and after two.
func (c *Client) ItemWebhookUpdate(ctx context.Context, req gen.ItemWebhookUpdateRequest, opts ...CallOption) (*gen.ItemWebhookUpdateResponse, error) {
	return do(ctx, c, gen.OperationItemWebhookUpdate, req, opts, "item.item_id", func(r *gen.ItemWebhookUpdateResponse) string { return r.Item.ItemID })
}

// AccountsGet lists the accounts of an Item, with names, masks and balances as Plaid last saw them. It is free, does not ask
// the bank, and is retried as a read. After update mode an account can have a new id, so call it again.
func (c *Client) AccountsGet(ctx context.Context, req gen.AccountsGetRequest, opts ...CallOption) (*gen.AccountsGetResponse, error) {
	return do(ctx, c, gen.OperationAccountsGet, req, opts, "item.item_id", func(r *gen.AccountsGetResponse) string { return r.Item.ItemID })
}

// InstitutionsGetByID reads an institution by its id, such as "ins_109508". CountryCodes are required. Cache the response:
// Plaid allows 400 calls a minute for a client. It is retried as a read.
func (c *Client) InstitutionsGetByID(ctx context.Context, req gen.InstitutionsGetByIDRequest, opts ...CallOption) (*gen.InstitutionsGetByIDResponse, error) {
	return do(ctx, c, gen.OperationInstitutionsGetByID, req, opts, "institution.institution_id",
		func(r *gen.InstitutionsGetByIDResponse) string { return r.Institution.InstitutionID })
}

// SandboxItemResetLogin puts an Item into the error state ITEM_LOGIN_REQUIRED, in the sandbox only; elsewhere Plaid returns
// SANDBOX_ONLY. Update mode mends the Item. It is retried, for the state is the same after one call and after two.
func (c *Client) SandboxItemResetLogin(ctx context.Context, req gen.SandboxItemResetLoginRequest, opts ...CallOption) (*gen.SandboxItemResetLoginResponse, error) {
	return do(ctx, c, gen.OperationSandboxItemResetLogin, req, opts, "request_id", func(r *gen.SandboxItemResetLoginResponse) string { return r.RequestID })
}

// SandboxItemFireWebhook sends a webhook of an Item to its address, in the sandbox only; elsewhere Plaid returns SANDBOX_ONLY.
// Each call sends one more, so it is not retried after an ambiguous failure.
func (c *Client) SandboxItemFireWebhook(ctx context.Context, req gen.SandboxItemFireWebhookRequest, opts ...CallOption) (*gen.SandboxItemFireWebhookResponse, error) {
	return do(ctx, c, gen.OperationSandboxItemFireWebhook, req, opts, "request_id", func(r *gen.SandboxItemFireWebhookResponse) string { return r.RequestID })
}

// UserCreate makes a Plaid user for a user of yours, by your ClientUserID, and returns its id for
// [gen.LinkTokenCreateRequest.UserID]. A ClientUserID that has one already gets the same id. Integrations that called it
// before 2025-12-10 get a UserToken too, and an error for a ClientUserID that is known. Personal data that cannot be right
// fails with [CodeInvalidUserIdentityData]. It is retried, for a second call gives the same user, or changes nothing.
func (c *Client) UserCreate(ctx context.Context, req gen.UserCreateRequest, opts ...CallOption) (*gen.UserCreateResponse, error) {
	return do(ctx, c, gen.OperationUserCreate, req, opts, "user_id", func(r *gen.UserCreateResponse) string { return r.UserID })
}

// UserGet reads what Plaid keeps about a user. The response is personal data. An unknown user fails with [CodeUserNotFound].
// It is retried as a read.
func (c *Client) UserGet(ctx context.Context, req gen.UserGetRequest, opts ...CallOption) (*gen.UserGetResponse, error) {
	return do(ctx, c, gen.OperationUserGet, req, opts, "user_id", func(r *gen.UserGetResponse) string { return r.UserID })
}

// UserUpdate changes what Plaid keeps about a user: what Identity has replaces the old, and the rest stays. It is retried, for
// the request wins once or twice; do not let two processes update one user at a time.
func (c *Client) UserUpdate(ctx context.Context, req gen.UserUpdateRequest, opts ...CallOption) (*gen.UserUpdateResponse, error) {
	return do(ctx, c, gen.OperationUserUpdate, req, opts, "request_id", func(r *gen.UserUpdateResponse) string { return r.RequestID })
}

// UserRemove removes a Plaid user and every Item of that user. A user that is removed already fails with [CodeUserNotFound],
// which also is what a retry returns after a removal whose response was lost: read it as done.
func (c *Client) UserRemove(ctx context.Context, req gen.UserRemoveRequest, opts ...CallOption) (*gen.UserRemoveResponse, error) {
	return do(ctx, c, gen.OperationUserRemove, req, opts, "request_id", func(r *gen.UserRemoveResponse) string { return r.RequestID })
}
