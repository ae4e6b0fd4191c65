package plaidlink_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// Plain http needs a host on this machine, or an option that says what it does.
func TestPlainHTTP(t *testing.T) {
	creds := plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: wiretest.Secret}
	mine := plaidlink.WithHTTPClient(&http.Client{})
	for name, test := range map[string]struct {
		env  plaidlink.Environment
		opts []plaidlink.Option
		want string // in the error; empty where it is accepted
	}{
		"localhost":                       {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithBaseURL("http://localhost:8080"), mine}, ""},
		"below localhost":                 {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithBaseURL("http://plaid.localhost:8080")}, ""},
		"below localhost, own transport":  {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithBaseURL("http://plaid.localhost:8080"), mine}, "would send the secret in clear"},
		"a name":                          {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithBaseURL("http://plaid:8080")}, "would send the secret in clear"},
		"a name, insecure":                {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://plaid:8080/v1")}, ""},
		"insecure, own transport":         {plaidlink.Sandbox, []plaidlink.Option{mine, plaidlink.WithInsecureBaseURL("http://plaid:8080")}, ""},
		"insecure in production":          {plaidlink.Production, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://plaid:8080")}, "WithInsecureBaseURL: expected the environment sandbox"},
		"insecure to Plaid":               {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://Sandbox.Plaid.com")}, "the hosts of plaid.com"},
		"insecure to Plaid, with a dot":   {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://plaid.com.:80")}, "the hosts of plaid.com"},
		"insecure https":                  {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("https://plaid:8080")}, "expected http:// and a host name"},
		"insecure without a host":         {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://:8080")}, "expected http:// and a host name"},
		"insecure without a scheme":       {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("plaid:8080")}, "expected http:// and a host name"},
		"insecure with a user":            {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://me:" + wiretest.Secret + "@plaid")}, "expected http:// and a host name"},
		"insecure with a query":           {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://plaid?a=1")}, "has a query"},
		"insecure, then another base URL": {plaidlink.Sandbox, []plaidlink.Option{plaidlink.WithInsecureBaseURL("http://plaid"), plaidlink.WithBaseURL("http://other")}, "would send the secret in clear"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := plaidlink.New(test.env, creds, test.opts...)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), wiretest.Secret)
		})
	}
}

// A name below localhost is dialed on loopback: neither the proxy of the environment nor a name server hears of it.
func TestNameBelowLocalhostIsDialedHere(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	server := sandbox.NewServer()
	defer server.Close()
	base := strings.Replace(server.URL, "127.0.0.1", "plaid.no-name-server.localhost", 1)
	client, err := plaidlink.New(plaidlink.Sandbox, server.Credentials(), plaidlink.WithBaseURL(base), plaidlink.WithMaxAttempts(1))
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	_, err = client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	require.NoError(t, err)
}
