package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"
	"text/template"

	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func sandboxCommand() *cli.Command {
	return &cli.Command{
		Name:  "sandbox",
		Usage: "serve Plaid Link on this machine, for tests and demos",
		Description: `Serves Plaid Link on this machine until it is interrupted, and prints the credentials to use.

Examples:
  plaidlink sandbox --listen 127.0.0.1:8080
  plaidlink sandbox --listen 127.0.0.1:0 --webhook http://127.0.0.1:9000/webhook --seed 7`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8080", Usage: "`host:port` to listen on; port 0 is any free one"},
			&cli.StringFlag{Name: "client-id", Usage: "client `id` to accept, in place of the usual one"},
			&cli.StringFlag{Name: "secret", Usage: "`secret` to accept, in place of the usual one; do not give a real one"},
			&cli.StringFlag{Name: "webhook", Usage: "`URL` that every webhook goes to; without it, to that of its link token, if that is on this machine"},
			&cli.DurationFlag{Name: "latency", Usage: "`time` that every answer takes longer, such as 300ms", HideDefault: true},
			&cli.Uint64Flag{
				Name: "seed", HideDefault: true,
				Usage: "`number` from which identifiers are made, the same in every run; without it they are random",
			},
		},
		Action: runSandbox,
	}
}

// runSandbox serves package sandbox until ctx ends.
func runSandbox(ctx context.Context, cmd *cli.Command) error {
	if err := withoutSandbox(cmd); err != nil {
		return err
	}
	listen, target := cmd.String("listen"), cmd.String("webhook")
	if _, _, err := net.SplitHostPort(listen); err != nil {
		return usagef("--listen %s: expected host:port, such as 127.0.0.1:8080", listen)
	}
	opts := []sandbox.Option{
		sandbox.WithCredentials(plaidlink.Credentials{ClientID: cmd.String("client-id"), Secret: plaidlink.Secret(cmd.String("secret"))}),
		sandbox.WithLatency(cmd.Duration("latency")),
	}
	if target != "" {
		if u, err := url.Parse(target); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return usagef("--webhook: expected a URL, such as http://127.0.0.1:9000/webhook")
		}
		opts = append(opts, sandbox.WithWebhookTarget(target))
	}
	if cmd.IsSet("seed") {
		opts = append(opts, sandbox.WithSeed(cmd.Uint64("seed")))
	}
	server, err := sandbox.Listen(listen, opts...)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use: stop the program that listens there, or choose another port with --listen", listen)
	}
	if err != nil {
		return fmt.Errorf("cannot listen on %s, choose another address with --listen: %w", listen, err)
	}
	defer server.Close()
	if err := printUse(cmd.Root().Writer, server); err != nil {
		return fmt.Errorf("print how to use it: %w", err)
	}
	<-ctx.Done()
	return nil
}

var sandboxUse = template.Must(template.New("use").Parse(`Plaid Link sandbox
  base URL    {{.URL}}
  client id   {{.ClientID}}
  secret      {{.Secret}}

Create a link token:
  curl {{.URL}}/link/token/create -H 'Content-Type: application/json' \
    -H 'PLAID-CLIENT-ID: {{.ClientID}}' -H 'PLAID-SECRET: {{.Secret}}' \
    -d '{"client_name":"Example","language":"en","country_codes":["US"],"user":{"client_user_id":"user-1"},"products":["auth"],"hosted_link":{}}'

Connect a bank: open its hosted_link_url in a browser (user_good, pass_good), or finish its session without one
(outcome: success or exit):
  curl {{.URL}}/_sandbox/link/finish -H 'Content-Type: application/json' \
    -d '{"link_token":"link-sandbox-…","outcome":"success"}'

See what happened: {{.URL}}/_sandbox/
Everything is in memory. Ctrl-C stops it.
`))

func printUse(w io.Writer, server *sandbox.Server) error {
	credentials := server.Credentials()
	return sandboxUse.Execute(w, map[string]string{
		"URL":      server.URL,
		"ClientID": credentials.ClientID,
		"Secret":   string(credentials.Secret),
	})
}
