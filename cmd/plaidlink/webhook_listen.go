package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

func webhookListenCommand() *cli.Command {
	return &cli.Command{
		Name:  "listen",
		Usage: "receive webhooks, verify them and print them",
		Description: `Receives webhooks at any path until it is interrupted, verifies each with its key, and prints it.

The keys come from Plaid, with PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV, or from a sandbox: with --sandbox, the three
may be left out. Plaid must be able to reach the address: use a tunnel.

Examples:
  plaidlink webhook listen --listen 127.0.0.1:9000
  plaidlink webhook listen --json --sandbox http://127.0.0.1:8080`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:9000", Usage: "`host:port` to listen on; port 0 is any free one"},
			&cli.BoolFlag{Name: "json", Usage: "print the body of each webhook, one on a line, in place of a summary"},
		},
		Action: runWebhookListen,
	}
}

// runWebhookListen prints the webhooks that arrive, until ctx ends.
func runWebhookListen(ctx context.Context, cmd *cli.Command) error {
	keys, err := connect(cmd)
	if err != nil {
		return err
	}
	address, stderr := cmd.String("listen"), cmd.Root().ErrWriter
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cannot listen on %s, choose another address with --listen: %w", address, err)
	}
	print := &eventPrinter{out: cmd.Root().Writer, raw: cmd.Bool("json")}
	verifier := webhook.NewVerifier(keys, webhook.WithLogger(slog.New(slog.NewTextHandler(stderr, nil))))
	server := &http.Server{Handler: verifier.Handler(print.event), ReadHeaderTimeout: 10 * time.Second}
	fmt.Fprintf(stderr, "Listening on http://%s\n", listener.Addr())
	ended := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer ended()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// eventPrinter prints one event at a time.
type eventPrinter struct {
	out io.Writer
	raw bool

	mu sync.Mutex
}

func (p *eventPrinter) event(_ context.Context, e webhook.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := summary(e)
	if p.raw {
		line = strings.NewReplacer("\n", "", "\r", "").Replace(string(e.Raw)) // of JSON, these stand between tokens only
	}
	_, err := fmt.Fprintln(p.out, mask(line))
	return err
}

// summary is one line: what happened, in which session, and the public tokens to exchange.
func summary(e webhook.Event) string {
	what := e.Type + " " + e.Code
	switch p := e.Payload.(type) {
	case *gen.LinkSessionFinishedWebhook:
		return fmt.Sprintf("%s %s session=%q public_tokens=%q", what, p.Status, p.LinkSessionID, p.PublicTokens)
	case *webhook.ItemAddResult:
		return fmt.Sprintf("%s session=%q public_token=%q", what, p.LinkSessionID, p.PublicToken)
	case *gen.LinkEventsWebhook:
		var names []string
		for _, event := range p.Events {
			names = append(names, event.EventName)
		}
		return fmt.Sprintf("%s session=%q events=%q", what, p.LinkSessionID, names)
	}
	return fmt.Sprintf("%q %q id=%s", e.Type, e.Code, e.ID)
}
