package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/contracttest"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestDemoOnLoopback(t *testing.T) {
	got := invoke(t, nil, "demo")
	require.Zero(t, got.code, got.stderr)
	for _, want := range []string{
		"PLAID-CLIENT-ID: sandbox-client-id",
		"PLAID-SECRET: [redacted]",
		"Plaid-Version: 2020-09-14",
		"link_token: \"link-sandbox-",
		"access token [redacted]",
		"400 INVALID_INPUT/INVALID_LINK_TOKEN",
		"errors.Is(err, plaidlink.CodeInvalidLinkToken): true",
		"Done: every step worked.",
	} {
		require.Contains(t, got.stdout, want)
	}
	require.NotContains(t, got.stdout, "sandbox-secret")
	require.NotContains(t, got.stdout, "access-sandbox-")
}

// With credentials the demo goes to Plaid's host; here a round tripper leads it to a sandbox instead.
func TestDemoAtPlaid(t *testing.T) {
	server := sandbox.NewServer(sandbox.WithAllowedHosts("sandbox.plaid.com"))
	defer server.Close()
	var out bytes.Buffer
	p := &program{getenv: environment(nil), stdout: &out}
	w := &walk{program: p, transport: contracttest.Client(t, detour(server.URL)).Transport}
	require.NoError(t, w.run(t.Context(), server.Credentials()))
	require.Contains(t, out.String(), "https://sandbox.plaid.com")
	require.Contains(t, out.String(), "Done: every step worked.")
}

// detour sends what goes to Plaid elsewhere.
type detour string

func (d detour) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, _ = strings.Cut(string(d), "://")
	return http.DefaultTransport.RoundTrip(req)
}

func TestDemoFails(t *testing.T) {
	for name, test := range map[string]struct {
		id, secret string
		args       []string
		code       int
		want       string
	}{
		"a secret without an id": {"", "secret", nil, 2, "expected both PLAID_CLIENT_ID and PLAID_SECRET to be set, or neither"},
		"an id without a secret": {"id", "", nil, 2, "expected both"},
		"an argument":            {"", "", []string{"x"}, 2, "unexpected argument"},
	} {
		t.Run(name, func(t *testing.T) {
			env := []string{"PLAID_CLIENT_ID=" + test.id, "PLAID_SECRET=" + test.secret}
			invoke(t, env, append([]string{"demo"}, test.args...)...).failed(t, test.code, test.want)
		})
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, (&walk{program: &program{getenv: environment(nil), stdout: io.Discard}, transport: http.DefaultTransport}).run(ended, plaidlink.Credentials{ClientID: "id", Secret: "secret"}), context.Canceled)
}
