package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"
	"text/template"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// runSandbox serves package sandbox until ctx ends.
func runSandbox(ctx context.Context, args []string, stdout, _ io.Writer) error {
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:8080", "`host:port` to listen on; port 0 is any free one")
	clientID := flags.String("client-id", "", "client `id` to accept, in place of the usual one")
	secret := flags.String("secret", "", "`secret` to accept, in place of the usual one; do not give a real one")
	target := flags.String("webhook", "", "`URL` that every webhook goes to; without it, to that of its link token, if that is on this machine")
	latency := flags.Duration("latency", 0, "`time` that every answer takes longer, such as 300ms")
	seed := flags.Uint64("seed", 0, "`number` from which identifiers are made, the same in every run; without it they are random")
	const does = "Serves Plaid Link on this machine until it is interrupted, and prints the credentials to use.\n\nFlags:"
	if err := parseFlags(flags, does, args, stdout); err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(*listen); err != nil {
		return usagef("--listen %s: expected host:port, such as 127.0.0.1:8080", *listen)
	}
	opts := []sandbox.Option{
		sandbox.WithCredentials(plaidlink.Credentials{ClientID: *clientID, Secret: plaidlink.Secret(*secret)}),
		sandbox.WithLatency(*latency),
	}
	if *target != "" {
		if u, err := url.Parse(*target); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return usagef("--webhook: expected a URL, such as http://127.0.0.1:9000/webhook")
		}
		opts = append(opts, sandbox.WithWebhookTarget(*target))
	}
	flags.Visit(func(f *flag.Flag) {
		if f.Name == "seed" {
			opts = append(opts, sandbox.WithSeed(*seed))
		}
	})
	server, err := sandbox.Listen(*listen, opts...)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use: stop the program that listens there, or choose another port with --listen", *listen)
	}
	if err != nil {
		return fmt.Errorf("cannot listen on %s, choose another address with --listen: %w", *listen, err)
	}
	defer server.Close()
	if err := printUse(stdout, server); err != nil {
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
