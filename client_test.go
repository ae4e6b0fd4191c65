package plaidlink_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// The environments are the servers of the specification, each by its description.
func TestEnvironmentsAreTheServersOfTheSpecification(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	require.NoError(t, err)
	require.Len(t, doc.Servers, 3)
	for _, server := range doc.Servers {
		env, err := plaidlink.ParseEnvironment(server.Description)
		require.NoError(t, err)
		require.Equal(t, server.URL, env.BaseURL())
	}
}

func TestParseEnvironmentKnowsThree(t *testing.T) {
	for _, name := range []string{"sandbox", "Production", "DEVELOPMENT"} {
		env, err := plaidlink.ParseEnvironment(name)
		require.NoError(t, err)
		require.Equal(t, strings.ToLower(name), string(env))
	}
	for _, name := range []string{"", "prod", "sandbox ", "https://sandbox.plaid.com"} {
		_, err := plaidlink.ParseEnvironment(name)
		require.ErrorContains(t, err, "expected sandbox, production or development", "%q", name)
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	good := plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: wiretest.Secret}
	for name, test := range map[string]struct {
		env   plaidlink.Environment
		creds plaidlink.Credentials
		opts  []plaidlink.Option
		want  string
	}{
		"no environment":          {"", good, nil, "expected plaidlink.Sandbox or plaidlink.Production"},
		"an unknown environment":  {"staging", good, nil, `environment "staging"`},
		"no credentials":          {plaidlink.Sandbox, plaidlink.Credentials{}, nil, "the client id is empty; the secret is empty"},
		"a nil option":            {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithMaxAttempts(1), nil}, "option 2 is nil"},
		"no attempts":             {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithMaxAttempts(0)}, "expected 1 to 10, found 0"},
		"too many attempts":       {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithMaxAttempts(11)}, "expected 1 to 10, found 11"},
		"no attempt timeout":      {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithAttemptTimeout(0)}, "expected more than 0"},
		"a negative delay":        {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithMaxRetryDelay(-time.Second)}, "expected more than 0"},
		"a negative budget":       {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithRetryBudget(-1)}, "expected 0 or more"},
		"a nil HTTP client":       {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithHTTPClient(nil)}, "WithHTTPClient: expected a client"},
		"a nil logger":            {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithLogger(nil)}, "WithLogger: expected a logger"},
		"a header of the SDK":     {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithHeader("plaid-secret", "x")}, "Plaid-Secret is set by the SDK"},
		"a header with a newline": {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithHeader("X-A", "a\nb")}, "a character that no header can carry"},
		"a header without a name": {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithHeader("", "a")}, "not a header name"},
		"an empty product":        {plaidlink.Sandbox, good, []plaidlink.Option{plaidlink.WithUserAgent("")}, "not a header value"},
		"several problems":        {plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id"}, []plaidlink.Option{nil, nil}, "the secret is empty; option 1 is nil; option 2 is nil"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := plaidlink.New(test.env, test.creds, test.opts...)
			require.Nil(t, c)
			require.ErrorContains(t, err, test.want)
			require.True(t, strings.HasPrefix(err.Error(), "plaidlink: New: "), err.Error())
			require.NotContains(t, err.Error(), "\n")
			require.NotContains(t, err.Error(), wiretest.Secret)
		})
	}
}

func TestNewFromEnvReadsTheVariables(t *testing.T) {
	for name, test := range map[string]struct{ id, secret, env, want string }{
		"all set":             {"id", "secret", "sandbox", ""},
		"nothing set":         {"", "", "", "PLAID_CLIENT_ID, PLAID_SECRET, PLAID_ENV to be set"},
		"no environment":      {"id", "secret", "", "PLAID_ENV to be set"}, // there is no default
		"unknown environment": {"id", "secret", "prod", `PLAID_ENV is "prod": expected sandbox or production`},
		"a bad secret":        {"id", "secret\n", "sandbox", "the secret begins or ends with white space"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PLAID_CLIENT_ID", test.id)
			t.Setenv("PLAID_SECRET", test.secret)
			t.Setenv("PLAID_ENV", test.env)
			c, err := plaidlink.NewFromEnv()
			if test.want == "" {
				require.NoError(t, err)
				require.Equal(t, "plaidlink.Client(sandbox, https://sandbox.plaid.com)", c.String())
				return
			}
			require.ErrorContains(t, err, test.want)
		})
	}
}

// What is sent: three credential headers, JSON, the SDK's name, and the caller's headers.
func TestHeadersAreSent(t *testing.T) {
	var got []http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header)
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"link_token":"link-sandbox-0","expiration":"2026-01-01T00:00:00Z","request_id":"r"}`))
	}))
	defer server.Close()
	client := wiretest.NewClient(t, server.URL, plaidlink.WithUserAgent("example/1.2"), plaidlink.WithHeader("X-Team", "payments"))

	_, err := wiretest.GetToken(t, client, plaidlink.WithHeader("X-Call", "1"))
	require.NoError(t, err)
	_, err = wiretest.GetToken(t, client, plaidlink.WithHeader("x-team", "ledger"))
	require.NoError(t, err)

	require.Equal(t, wiretest.ClientID, got[0].Get("PLAID-CLIENT-ID"))
	require.Equal(t, wiretest.Secret, got[0].Get("PLAID-SECRET"))
	require.Equal(t, "2020-09-14", got[0].Get("Plaid-Version"))
	require.Equal(t, "application/json", got[0].Get("Content-Type"))
	require.Regexp(t, `^example/1\.2 plaidlink-go/`+plaidlink.Version+` \(go1\.`, got[0].Get("User-Agent"))
	require.Equal(t, "payments", got[0].Get("X-Team"))
	require.Equal(t, "1", got[0].Get("X-Call"))
	require.Equal(t, "ledger", got[1].Get("X-Team"), "the header of a call overrides that of the client")
	require.Empty(t, got[1].Get("X-Call"), "the header of a call is sent with that call only")
}

func TestCallRefusesBadArguments(t *testing.T) {
	client := wiretest.NewClient(t, "http://127.0.0.1:1") // nothing listens; nothing is sent
	req := gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"}
	var none *plaidlink.Client
	var noContext context.Context
	for name, test := range map[string]struct {
		call func() error
		want string
	}{
		"a nil context":             {func() error { _, err := client.LinkTokenGet(noContext, req); return err }, "expected a context, found nil"},
		"a nil option":              {func() error { _, err := client.LinkTokenGet(t.Context(), req, nil); return err }, "option 1 is nil"},
		"a nil client":              {func() error { _, err := none.LinkTokenGet(t.Context(), req); return err }, "the client was not made by New"},
		"a zero client":             {func() error { _, err := new(plaidlink.Client).LinkTokenGet(t.Context(), req); return err }, "the client was not made by New"},
		"a nil response":            {func() error { _, err := wiretest.GetToken(t, client, plaidlink.CaptureResponse(nil)); return err }, "CaptureResponse: expected"},
		"a bad option":              {func() error { _, err := wiretest.GetToken(t, client, plaidlink.WithMaxAttempts(0)); return err }, "expected 1 to 10"},
		"an extra field, not JSON":  {func() error { return notJSON(client, t.Context()) }, "unexpected EOF"},
		"a day that does not exist": {func() error { return noDate(client, t.Context()) }, "not in the calendar"},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.call()
			require.ErrorContains(t, err, test.want)
			require.True(t, strings.HasPrefix(err.Error(), "plaidlink: linkToken"), err.Error())
		})
	}
}

func notJSON(c *plaidlink.Client, ctx context.Context) error {
	_, err := c.LinkTokenGet(ctx, gen.LinkTokenGetRequest{
		LinkToken:   "link-sandbox-0",
		ExtraFields: gen.ExtraFields{"new": []byte(`{`)},
	})
	return err
}

func noDate(c *plaidlink.Client, ctx context.Context) error {
	_, err := c.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		User: &gen.LinkTokenCreateRequestUser{DateOfBirth: gen.Date{Year: 1990, Month: 2, Day: 30}},
	})
	return err
}
