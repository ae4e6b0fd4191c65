package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go/webhook"
)

type webhookVerify struct {
	BodyFile string    `arg:"" default:"-" help:"The body, as it arrived. Default: standard input."`
	Header   string    `placeholder:"VALUE" help:"The header Plaid-Verification. Default: the variable PLAID_VERIFICATION."`
	At       time.Time `placeholder:"TIME" help:"When it arrived, such as 2026-03-02T09:30:00Z. Default: now."`
	JSON     bool      `name:"json" help:"Print the body as one line of JSON, instead of a summary."`
}

func (c *webhookVerify) Run(ctx context.Context, p *program) error {
	signature := cmp.Or(c.Header, p.getenv("PLAID_VERIFICATION"))
	if signature == "" {
		return usagef("expected the header Plaid-Verification, with --header or PLAID_VERIFICATION")
	}
	keys, err := p.connect()
	if err != nil {
		return err
	}
	body, err := p.readInput(ctx, c.BodyFile)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	var opts []webhook.Option
	if !c.At.IsZero() {
		opts = append(opts, webhook.WithClock(func() time.Time { return c.At }))
	}
	event, err := webhook.NewVerifier(keys, opts...).Verify(ctx, http.Header{"Plaid-Verification": {signature}}, body)
	if err != nil {
		return err
	}
	return p.printEvent(event, c.JSON)
}
