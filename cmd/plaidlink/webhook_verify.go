package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

type webhookVerify struct {
	BodyFile string    `arg:"" default:"-" help:"The body, as it arrived. Default: standard input."`
	Header   string    `placeholder:"VALUE" help:"The header Plaid-Verification. Default: the variable PLAID_VERIFICATION."`
	Key      string    `placeholder:"FILE" help:"Verify with the key in this JSON file, a response of Plaid with a key, and call nobody."`
	At       time.Time `placeholder:"TIME" help:"When it arrived, such as 2026-03-02T09:30:00Z. Default: now, and with --key when it was signed."`
	JSON     bool      `name:"json" help:"Print the body as one line of JSON, instead of a summary."`
}

// verifier returns one with the keys of Plaid, or one with the key of --key, as of when the webhook was signed.
func (c *webhookVerify) verifier(ctx context.Context, p *program, signature string) (*webhook.Verifier, error) {
	var opts []webhook.Option
	if !c.At.IsZero() {
		opts = append(opts, webhook.WithClock(func() time.Time { return c.At }))
	}
	if c.Key == "" {
		keys, err := p.connect()
		return webhook.NewVerifier(keys, opts...), err
	}
	if c.Key == "-" && c.BodyFile == "-" {
		return nil, usagef("--key: standard input is already used by the body")
	}
	data, err := p.readInput(ctx, c.Key)
	if err != nil {
		return nil, fmt.Errorf("--key: %w", err)
	}
	var resp gen.WebhookVerificationKeyGetResponse
	if err := json.Unmarshal(data, &resp); err != nil || resp.Key.Kid == "" {
		return nil, usagef("--key %s: expected a response of /webhook_verification_key/get, whose key has a kid%s", c.Key, where(err))
	}
	return sandbox.Replay(resp.Key, signature, opts...)
}

func (c *webhookVerify) Run(ctx context.Context, p *program) error {
	signature := cmp.Or(c.Header, p.getenv("PLAID_VERIFICATION"))
	if signature == "" {
		return usagef("expected the header Plaid-Verification, with --header or PLAID_VERIFICATION")
	}
	verifier, err := c.verifier(ctx, p, signature)
	if err != nil {
		return err
	}
	body, err := p.readInput(ctx, c.BodyFile)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	event, err := verifier.Verify(ctx, http.Header{"Plaid-Verification": {signature}}, body)
	if err != nil {
		return err
	}
	return p.printEvent(event, c.JSON, "")
}
