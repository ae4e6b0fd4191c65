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

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// demo is the command demo.
type demo struct{}

func (*demo) Run(ctx context.Context, p *program) error {
	creds := p.credentials()
	if (creds.ClientID == "") != (creds.Secret == "") {
		return usagef("expected both PLAID_CLIENT_ID and PLAID_SECRET to be set, or neither")
	}
	return (&walk{program: p, transport: http.DefaultTransport}).run(ctx, creds)
}

// walk is a run through Plaid Link. As a round tripper it prints what goes over the wire.
type walk struct {
	*program
	transport http.RoundTripper
	step      int
}

// run goes to Plaid's sandbox, or without credentials to one on loopback.
func (w *walk) run(ctx context.Context, creds plaidlink.Credentials) error {
	opts := []plaidlink.Option{plaidlink.WithHTTPClient(&http.Client{Transport: w})}
	var server *sandbox.Server
	if creds == (plaidlink.Credentials{}) {
		server = sandbox.NewServer()
		defer server.Close()
		w.print("Plaid Link on loopback: " + server.URL)
		w.print("Set PLAID_CLIENT_ID and PLAID_SECRET to run this against Plaid's own sandbox.")
		creds, opts = server.Credentials(), append(opts, plaidlink.WithBaseURL(server.URL))
	} else {
		w.print("Plaid's sandbox: " + plaidlink.Sandbox.BaseURL())
	}
	client, err := plaidlink.New(plaidlink.Sandbox, creds, opts...)
	if err != nil {
		return err
	}
	w.begin("Create a link token")
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
	w.begin("Read it back")
	if _, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken}); err != nil {
		return err
	}
	publicToken, err := w.finish(ctx, client, server, created.LinkToken)
	if err != nil {
		return err
	}
	w.begin("Exchange the public token for an access token")
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: publicToken})
	if err != nil {
		return err
	}
	w.print(fmt.Sprintf("   item %s, access token %v", item.ItemID, item.AccessToken))

	w.begin("A call that cannot succeed returns a typed error")
	_, err = client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: "link-sandbox-00000000-0000-0000-0000-000000000000"})
	var refused *plaidlink.Error
	if !errors.As(err, &refused) {
		return fmt.Errorf("expected a *plaidlink.Error, found: %w", err)
	}
	w.print(fmt.Sprintf("   %v", err))
	w.print(fmt.Sprintf("   errors.Is(err, plaidlink.CodeInvalidLinkToken): %v", errors.Is(err, plaidlink.CodeInvalidLinkToken)))
	w.print("")
	w.print("Done: every step worked.")
	return nil
}

// finish ends the Link session of a token as a user does, and returns its public token.
func (w *walk) finish(ctx context.Context, client *plaidlink.Client, server *sandbox.Server, linkToken string) (publicToken string, err error) {
	if server == nil {
		w.begin("Create a public token as if a user had finished the Link session, which would need a browser")
		created, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
			InstitutionID:   "ins_109508",
			InitialProducts: []gen.Products{gen.ProductsAuth},
		})
		if err != nil {
			return "", err
		}
		return created.PublicToken, nil
	}
	w.begin("A user finishes the Link session, which needs no browser here")
	if _, err := server.FinishLink(linkToken, sandbox.Success()); err != nil {
		return "", err
	}
	w.begin("Read the link token again: the session is there")
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: linkToken})
	if err != nil {
		return "", err
	}
	return got.LinkSessions[0].Results.ItemAddResults[0].PublicToken, nil
}

func (w *walk) begin(step string) {
	w.step++
	w.print("")
	w.print(fmt.Sprintf("%d. %s", w.step, step))
}

func (w *walk) print(line string) { fmt.Fprintln(w.stdout, safe.Line(w.mask(line))) }

// RoundTrip prints the request and the response, without the secret and access tokens.
func (w *walk) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	w.print("   -> " + req.Method + " " + req.URL.Path)
	w.print("      PLAID-CLIENT-ID: " + req.Header.Get("PLAID-CLIENT-ID"))
	w.print("      PLAID-SECRET: " + plaidlink.Secret(req.Header.Get("PLAID-SECRET")).String())
	w.print("      Plaid-Version: " + req.Header.Get("Plaid-Version"))
	if err := w.show(body); err != nil {
		return nil, err
	}
	resp, err := w.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	received, err := io.ReadAll(io.LimitReader(resp.Body, maxInput))
	if err != nil {
		return nil, err
	}
	w.print("   <- " + resp.Status)
	resp.Body = io.NopCloser(bytes.NewReader(received))
	return resp, w.show(bytes.NewReader(received))
}

// show prints the properties of a body in the order of their names, the long ones cut.
func (w *walk) show(body io.Reader) error {
	var properties map[string]jsontext.Value
	if err := json.UnmarshalRead(body, &properties); err != nil {
		return fmt.Errorf("expected a JSON object: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		value := properties[name]
		if err := value.Canonicalize(); err != nil {
			return err
		}
		if name == "access_token" {
			value = jsontext.Value(`"` + safe.Redacted + `"`)
		}
		w.print(fmt.Sprintf("      %s: %.120s", name, value))
	}
	return nil
}
