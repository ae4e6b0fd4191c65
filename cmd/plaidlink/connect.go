package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func credentialsFromEnv() plaidlink.Credentials {
	return plaidlink.Credentials{ClientID: os.Getenv("PLAID_CLIENT_ID"), Secret: plaidlink.Secret(os.Getenv("PLAID_SECRET"))}
}

// connect makes a client: of a running sandbox where one is named, else of Plaid.
func connect(cmd *cli.Command, opts ...plaidlink.Option) (*plaidlink.Client, error) {
	opts = append(opts, plaidlink.WithUserAgent("plaidlink-command"))
	base := sandboxURL(cmd)
	if base == "" {
		return plaidlink.NewFromEnv(opts...)
	}
	creds := credentialsFromEnv()
	if creds.ClientID == "" && creds.Secret == "" {
		usual := sandbox.New()
		defer usual.Close()
		creds = usual.Credentials()
	}
	return plaidlink.New(plaidlink.Sandbox, creds, append(opts, plaidlink.WithBaseURL(base))...)
}

// tape keeps the body of the last answer as it came, for --raw. It is for one call at a time.
type tape struct{ body bytes.Buffer }

func (t *tape) option() plaidlink.Option { return plaidlink.WithHTTPClient(&http.Client{Transport: t}) }

// RoundTrip records what the client reads, which the client bounds.
func (t *tape) RoundTrip(req *http.Request) (*http.Response, error) {
	t.body.Reset()
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(resp.Body, &t.body), resp.Body}
	return resp, nil
}

// print prints the body, and a line break where it has none at its end.
func (t *tape) print(out io.Writer, edit func(string) string) error {
	_, err := io.WriteString(out, strings.TrimRight(edit(t.body.String()), "\n")+"\n")
	return err
}
