package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func (p *program) credentials() plaidlink.Credentials {
	return plaidlink.Credentials{ClientID: p.getenv("PLAID_CLIENT_ID"), Secret: plaidlink.Secret(p.getenv("PLAID_SECRET"))}
}

// connect makes a client: of a running sandbox where one is named, else of Plaid.
func (p *program) connect(opts ...plaidlink.Option) (*plaidlink.Client, error) {
	opts = append(opts, plaidlink.WithUserAgent("plaidlink-command"))
	creds := p.credentials()
	base := strings.TrimSuffix(cmp.Or(p.server, p.getenv("PLAIDLINK_SANDBOX")), "/")
	if base == "" {
		env, err := p.environment()
		if err != nil {
			return nil, err
		}
		return plaidlink.New(env, creds, opts...)
	}
	if !strings.Contains(base, "://") {
		base = "http://" + base
	}
	if creds.ClientID == "" && creds.Secret == "" {
		usual := sandbox.New()
		defer usual.Close()
		creds = usual.Credentials()
	}
	at := plaidlink.WithBaseURL
	if p.insecure {
		at = plaidlink.WithInsecureBaseURL
	}
	return plaidlink.New(plaidlink.Sandbox, creds, append(opts, at(base))...)
}

// environment reads PLAID_ENV. No error shows its value, which may be the secret by mistake.
func (p *program) environment() (plaidlink.Environment, error) {
	var missing []string
	for _, name := range []string{"PLAID_CLIENT_ID", "PLAID_SECRET", "PLAID_ENV"} {
		if p.getenv(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return "", fmt.Errorf("expected the environment variables %s to be set, or --sandbox", strings.Join(missing, ", "))
	}
	env, err := plaidlink.ParseEnvironment(p.getenv("PLAID_ENV"))
	if err != nil {
		return "", errors.New("PLAID_ENV does not name an environment: expected sandbox or production")
	}
	return env, nil
}

// withoutSandbox refuses --sandbox where no call would go there.
func (p *program) withoutSandbox() error {
	if p.server != "" {
		return usagef("--sandbox: this command does not call a running sandbox")
	}
	return nil
}

// tape keeps the body of the last response as it came. It is for one call at a time.
type tape struct{ body bytes.Buffer }

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
