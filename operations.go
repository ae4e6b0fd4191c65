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
	return do(ctx, c, op, gen.NewLinkTokenCreateRequest, req, opts,
		func(r *gen.LinkTokenCreateResponse) (string, string) { return "link_token", r.LinkToken })
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
	return do(ctx, c, gen.OperationLinkTokenGet, gen.NewLinkTokenGetRequest, req, opts,
		func(r *gen.LinkTokenGetResponse) (string, string) { return "link_token", r.LinkToken })
}

// LinkProfileEligibilityCheck reports whether Plaid has a saved profile for a phone number. Plaid removed the operation from
// its specification in January 2025.
func (c *Client) LinkProfileEligibilityCheck(ctx context.Context, req gen.LinkProfileEligibilityCheckRequest, opts ...CallOption) (*gen.LinkProfileEligibilityCheckResponse, error) {
	return do(ctx, c, gen.OperationLinkProfileEligibilityCheck, gen.NewLinkProfileEligibilityCheckRequest, req, opts,
		func(r *gen.LinkProfileEligibilityCheckResponse) (string, string) { return "request_id", r.RequestID })
}

// LinkOAuthCorrelationIDExchange returns the link token of a correlation id, which arrives in the query of the redirect URI
// and lives briefly. Only payment_initiation has them. The call is not retried if it may have been carried out.
func (c *Client) LinkOAuthCorrelationIDExchange(ctx context.Context, req gen.LinkOAuthCorrelationIDExchangeRequest, opts ...CallOption) (*gen.LinkOAuthCorrelationIDExchangeResponse, error) {
	return do(ctx, c, gen.OperationLinkOAuthCorrelationIDExchange, gen.NewLinkOAuthCorrelationIDExchangeRequest, req, opts,
		func(r *gen.LinkOAuthCorrelationIDExchangeResponse) (string, string) { return "link_token", r.LinkToken })
}

// ItemPublicTokenExchange exchanges the public token of a finished session, within 30 minutes, for the access token of the
// new Item. Store the access token: the response is its only copy. The call is not retried if it may have been carried
// out; see [Error.MaybeCarriedOut].
func (c *Client) ItemPublicTokenExchange(ctx context.Context, req gen.ItemPublicTokenExchangeRequest, opts ...CallOption) (*gen.ItemPublicTokenExchangeResponse, error) {
	return do(ctx, c, gen.OperationItemPublicTokenExchange, gen.NewItemPublicTokenExchangeRequest, req, opts,
		func(r *gen.ItemPublicTokenExchangeResponse) (string, string) {
			return "access_token", string(r.AccessToken)
		})
}

// SandboxPublicTokenCreate creates a public token without Link, in the sandbox only; elsewhere Plaid responds SANDBOX_ONLY.
func (c *Client) SandboxPublicTokenCreate(ctx context.Context, req gen.SandboxPublicTokenCreateRequest, opts ...CallOption) (*gen.SandboxPublicTokenCreateResponse, error) {
	return do(ctx, c, gen.OperationSandboxPublicTokenCreate, gen.NewSandboxPublicTokenCreateRequest, req, opts,
		func(r *gen.SandboxPublicTokenCreateResponse) (string, string) { return "public_token", r.PublicToken })
}

// WebhookVerificationKeyGet returns the key that signed a webhook, by the kid of its JWT. Keep one key per kid.
func (c *Client) WebhookVerificationKeyGet(ctx context.Context, req gen.WebhookVerificationKeyGetRequest, opts ...CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	return do(ctx, c, gen.OperationWebhookVerificationKeyGet, gen.NewWebhookVerificationKeyGetRequest, req, opts,
		func(r *gen.WebhookVerificationKeyGetResponse) (string, string) { return "key.kid", r.Key.Kid })
}
