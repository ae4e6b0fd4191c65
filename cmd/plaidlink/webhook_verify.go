package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/plaidlink/plaidlink-go/webhook"
)

func webhookVerifyCommand() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "tell whether a webhook is Plaid's, and print it",
		ArgsUsage: "[BODY_FILE]",
		Description: `Verifies one webhook and prints what it says, or why it is refused, with exit code 1. The body is a file as it arrived, to
the last byte, or the standard input; the header Plaid-Verification is --header or PLAID_VERIFICATION. Webhooks older than
5 minutes are refused: --at verifies one as at the time when it arrived.

Examples:
  plaidlink webhook verify --header eyJhbGciOiJFUzI1NiIs… body.json
  plaidlink webhook verify --header "$(cat header)" --at 2026-03-02T09:30:00Z < body.json`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "header", Usage: "`value` of the header Plaid-Verification"},
			&cli.TimestampFlag{
				Name: "at", Usage: "`time` when it arrived, such as 2026-03-02T09:30:00Z; without it, now",
				Config: cli.TimestampConfig{Layouts: []string{time.RFC3339}}, HideDefault: true,
			},
			&cli.BoolFlag{Name: "json", Usage: "print the body in place of a summary"},
		},
		Action: runWebhookVerify,
	}
}

func runWebhookVerify(ctx context.Context, cmd *cli.Command) error {
	signature, name := cmp.Or(cmd.String("header"), os.Getenv("PLAID_VERIFICATION")), "-"
	if signature == "" {
		return usagef("expected the header Plaid-Verification, with --header or PLAID_VERIFICATION")
	}
	if cmd.Args().Present() {
		var err error
		if name, err = argument(cmd); err != nil {
			return err
		}
	}
	keys, err := connect(cmd)
	if err != nil {
		return err
	}
	body, err := readInput(cmd, name)
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	var opts []webhook.Option
	if cmd.IsSet("at") {
		opts = append(opts, webhook.WithClock(func() time.Time { return cmd.Timestamp("at") }))
	}
	event, err := webhook.NewVerifier(keys, opts...).Verify(ctx, http.Header{"Plaid-Verification": {signature}}, body)
	if err != nil {
		return err
	}
	print := &eventPrinter{out: cmd.Root().Writer, raw: cmd.Bool("json")}
	return print.event(ctx, event)
}
