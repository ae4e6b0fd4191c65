package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// runWebhookListen prints the webhooks that arrive, until ctx ends.
func runWebhookListen(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("webhook listen", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:9000", "`host:port` to listen on; port 0 is any free one")
	base := flags.String("sandbox", "", "base `URL` of a running plaidlink sandbox; without it, Plaid's by PLAID_ENV")
	raw := flags.Bool("json", false, "print the body of each webhook, one on a line, in place of a summary")
	const does = `Receives webhooks at any path until it is interrupted, verifies each with its key, and prints it.

The keys come from Plaid, with PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV, or from a sandbox: with --sandbox, the first
two may be left out. Plaid must be able to reach the address: use a tunnel.

Flags:`
	if err := parseFlags(flags, does, args, stdout); err != nil {
		return err
	}
	keys, err := keySource(*base)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s, choose another address with --listen: %w", *listen, err)
	}
	print := &eventPrinter{out: stdout, raw: *raw}
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

// keySource is a client: of a sandbox where base is its URL, else of Plaid.
func keySource(base string) (webhook.KeySource, error) {
	if base == "" {
		return plaidlink.NewFromEnv()
	}
	creds := credentialsFromEnv()
	if creds.ClientID == "" && creds.Secret == "" {
		creds = sandbox.New().Credentials()
	}
	return plaidlink.New(plaidlink.Sandbox, creds, plaidlink.WithBaseURL(strings.TrimSuffix(base, "/")))
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
	_, err := fmt.Fprintln(p.out, line)
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
