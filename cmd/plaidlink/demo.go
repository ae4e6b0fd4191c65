package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "run Plaid Link end to end, on loopback or in Plaid's sandbox",
		Description: `Runs Plaid Link end to end and shows what goes over the wire: against a sandbox of its own on loopback or,
with PLAID_CLIENT_ID and PLAID_SECRET set, against Plaid's sandbox host.

Example:
  plaidlink demo`,
		Action: runDemo,
	}
}

// runDemo runs Plaid Link end to end: against a sandbox of its own, or, with PLAID_CLIENT_ID and PLAID_SECRET set, against
// Plaid's sandbox host.
func runDemo(ctx context.Context, cmd *cli.Command) error {
	if err := withoutSandbox(cmd); err != nil {
		return err
	}
	d := &demo{out: cmd.Root().Writer, transport: show{cmd.Root().Writer, http.DefaultTransport}}
	creds := credentialsFromEnv()
	switch {
	case creds.ClientID == "" && creds.Secret == "":
		return d.onLoopback(ctx)
	case creds.ClientID == "" || creds.Secret == "":
		return errors.New("expected both PLAID_CLIENT_ID and PLAID_SECRET to be set, or neither")
	}
	return d.atPlaid(ctx, creds)
}

type demo struct {
	out       io.Writer
	transport http.RoundTripper
	step      int
}

func (d *demo) onLoopback(ctx context.Context) error {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client(plaidlink.WithHTTPClient(&http.Client{Transport: d.transport}))
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "Plaid Link on loopback: %s\nSet PLAID_CLIENT_ID and PLAID_SECRET to run this against Plaid's own sandbox.\n", server.URL)
	return d.run(ctx, client, func(linkToken string) (string, error) {
		d.say("A user finishes the Link session, which needs no browser here")
		if err := server.FinishLink(linkToken, sandbox.Success()); err != nil {
			return "", err
		}
		d.say("Read the link token again: the session is there")
		got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: linkToken})
		if err != nil {
			return "", err
		}
		return got.LinkSessions[0].Results.ItemAddResults[0].PublicToken, nil
	})
}

func (d *demo) atPlaid(ctx context.Context, creds plaidlink.Credentials) error {
	client, err := plaidlink.New(plaidlink.Sandbox, creds, plaidlink.WithHTTPClient(&http.Client{Transport: d.transport}))
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "Plaid's sandbox: %s\n", plaidlink.Sandbox.BaseURL())
	return d.run(ctx, client, func(string) (string, error) {
		d.say("Make a public token as if a user had finished the Link session, which would need a browser")
		made, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
			InstitutionID:   "ins_109508",
			InitialProducts: []gen.Products{gen.ProductsAuth},
		})
		if err != nil {
			return "", err
		}
		return made.PublicToken, nil
	})
}

// run is the flow; finish ends the Link session of a token and gives its public token.
func (d *demo) run(ctx context.Context, client *plaidlink.Client, finish func(linkToken string) (publicToken string, err error)) error {
	d.say("Create a link token")
	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
	})
	if err != nil {
		return err
	}
	d.say("Read it back")
	if _, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken}); err != nil {
		return err
	}
	publicToken, err := finish(created.LinkToken)
	if err != nil {
		return err
	}
	d.say("Exchange the public token for an access token")
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: publicToken})
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "   item %s, access token %v\n", item.ItemID, item.AccessToken)

	d.say("A call that cannot succeed comes back as a typed error")
	_, err = client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: "link-sandbox-00000000-0000-0000-0000-000000000000"})
	var refused *plaidlink.Error
	if !errors.As(err, &refused) {
		return fmt.Errorf("expected a *plaidlink.Error, found: %w", err)
	}
	fmt.Fprintf(d.out, "   %v\n   errors.Is(err, plaidlink.CodeInvalidLinkToken): %v\n\nDone: every step worked.\n",
		err, errors.Is(err, plaidlink.CodeInvalidLinkToken))
	return nil
}

func (d *demo) say(what string) {
	d.step++
	fmt.Fprintf(d.out, "\n%d. %s\n", d.step, what)
}

// show prints what goes over the wire, with the secret and access tokens redacted.
type show struct {
	out  io.Writer
	next http.RoundTripper
}

func (s show) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.out, "   -> %s %s\n", req.Method, req.URL.Path)
	for _, name := range []string{"PLAID-CLIENT-ID", "PLAID-SECRET", "Plaid-Version"} {
		value := req.Header.Get(name)
		if name == "PLAID-SECRET" {
			value = plaidlink.Secret(value).String()
		}
		fmt.Fprintf(s.out, "      %s: %s\n", name, value)
	}
	if err := s.print(body); err != nil {
		return nil, err
	}
	resp, err := s.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.out, "   <- %s\n", resp.Status)
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	return resp, s.print(bytes.NewReader(answer))
}

func (s show) print(body io.Reader) error {
	var members map[string]jsontext.Value
	if err := json.UnmarshalRead(body, &members); err != nil {
		return fmt.Errorf("expected a JSON object: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value := members[name]
		if name == "access_token" {
			value = jsontext.Value(`"` + safe.Redacted + `"`)
		}
		if err := value.Canonicalize(); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "      %s: %.120s\n", name, value)
	}
	return nil
}
