package main

import (
	"cmp"
	"context"
	"strconv"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

type eligibility struct {
	Phone   string `placeholder:"NUMBER" help:"The user's phone number, such as +14155550123."`
	Session string `placeholder:"ID" help:"The id of the Link session."`
	requestFlags
}

func (c *eligibility) Run(ctx context.Context, p *program) error {
	return perform(ctx, p, c.requestFlags, (*plaidlink.Client).LinkProfileEligibilityCheck, func(req *gen.LinkProfileEligibilityCheckRequest) error {
		req.User.PhoneNumber = cmp.Or(c.Phone, req.User.PhoneNumber)
		req.LinkSessionID = cmp.Or(c.Session, req.LinkSessionID)
		return need(map[string]string{"--phone": req.User.PhoneNumber, "--session": req.LinkSessionID})
	}, func(resp *gen.LinkProfileEligibilityCheckResponse) []string {
		return []string{"profile_matches", strconv.FormatBool(resp.ProfileMatches), "request_id", resp.RequestID}
	})
}

type oauthExchange struct {
	CorrelationID string `arg:"" optional:"" help:"The link_correlation_id of the redirect's query."`
	requestFlags
}

func (c *oauthExchange) Run(ctx context.Context, p *program) error {
	return perform(ctx, p, c.requestFlags, (*plaidlink.Client).LinkOAuthCorrelationIDExchange, func(req *gen.LinkOAuthCorrelationIDExchangeRequest) error {
		req.LinkCorrelationID = cmp.Or(c.CorrelationID, req.LinkCorrelationID)
		return need(map[string]string{"<correlation-id>": req.LinkCorrelationID})
	}, func(resp *gen.LinkOAuthCorrelationIDExchangeResponse) []string {
		return []string{"link_token", resp.LinkToken, "request_id", resp.RequestID}
	})
}

type publicTokenCreate struct {
	Institution string         `placeholder:"ID" help:"The id of the bank, such as ins_109508."`
	Products    []gen.Products `placeholder:"LIST" enum:"${products}" help:"The products to link, such as auth,transactions."`
	requestFlags
}

func (c *publicTokenCreate) Run(ctx context.Context, p *program) error {
	return perform(ctx, p, c.requestFlags, (*plaidlink.Client).SandboxPublicTokenCreate, func(req *gen.SandboxPublicTokenCreateRequest) error {
		req.InstitutionID = cmp.Or(c.Institution, req.InstitutionID)
		if c.Products != nil {
			req.InitialProducts = c.Products
		}
		return need(map[string]string{"--institution": req.InstitutionID, "--products": join(req.InitialProducts)})
	}, func(resp *gen.SandboxPublicTokenCreateResponse) []string {
		return []string{"public_token", resp.PublicToken, "request_id", resp.RequestID}
	})
}
