package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

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
