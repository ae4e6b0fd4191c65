package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
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
		req.InitialProducts = orList(c.Products, req.InitialProducts)
		return need(map[string]string{"--institution": req.InstitutionID, "--products": join(req.InitialProducts)})
	}, func(resp *gen.SandboxPublicTokenCreateResponse) []string {
		return []string{"public_token", resp.PublicToken, "request_id", resp.RequestID}
	})
}

type publicTokenExchange struct {
	PublicToken     string `arg:"" optional:"" help:"The public token."`
	ShowAccessToken bool   `help:"Print the access token, which gives access to the bank account's data."`
	Out             string `placeholder:"FILE" help:"Write the access token to this new file, which only you can read."`
	requestFlags
}

func (c *publicTokenExchange) Run(ctx context.Context, p *program) error {
	var req gen.ItemPublicTokenExchangeRequest
	if err := c.read(ctx, p, &req); err != nil {
		return err
	}
	req.PublicToken = cmp.Or(c.PublicToken, req.PublicToken)
	if err := need(map[string]string{"<public-token>": req.PublicToken}); err != nil {
		return err
	}
	if !c.ShowAccessToken && c.Out == "" {
		return usagef("expected --out FILE or --show-access-token: the access token is returned once, and the Item is of no use without it")
	}
	var kept *os.File
	if c.Out != "" {
		var err error
		if kept, err = os.OpenFile(c.Out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	resp, body, err := send(ctx, p, (*plaidlink.Client).ItemPublicTokenExchange, req)
	if err != nil {
		if kept != nil {
			err = errors.Join(err, kept.Close(), os.Remove(c.Out))
		}
		return err
	}
	return c.deliver(p, kept, resp, body)
}

// deliver writes and prints the response. If the file cannot be written, the access token is printed: it exists nowhere else.
func (c *publicTokenExchange) deliver(p *program, kept *os.File, resp *gen.ItemPublicTokenExchangeResponse, body string) error {
	edit, token := p.mask, resp.AccessToken.String()
	var failed error
	if kept != nil {
		_, err := kept.WriteString(string(resp.AccessToken) + "\n")
		failed = errors.Join(err, kept.Sync(), kept.Close())
	}
	if c.ShowAccessToken || failed != nil {
		edit, token = p.maskSecret, string(resp.AccessToken)
	}
	err := c.print(p, edit, body, "item_id", resp.ItemID, "access_token", token, "request_id", resp.RequestID)
	if failed != nil {
		err = fmt.Errorf("--out failed, so the access token is printed instead: %w", errors.Join(failed, err))
	}
	return err
}
