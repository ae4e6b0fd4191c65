package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

var startOfTests = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

func TestTokenGet(t *testing.T) {
	a := newAccount(t, sandbox.WithTime(startOfTests), sandbox.WithSeed(7))
	token := a.newToken(t, "--hosted", "--webhook", "https://example.com/w", "--redirect-uri", "https://example.com/r")

	got := a.run(t, "", "token", "get", token)
	require.Zero(t, got.code, got.stderr)
	for name, want := range map[string]string{
		"link_token": token, "client_name": "Example App", "products": "auth", "countries": "US", "language": "en",
		"webhook": "https://example.com/w", "redirect_uri": "https://example.com/r", "created_at": "2026-03-02T09:30:00Z",
	} {
		require.Equal(t, want, got.field(t, name))
	}
	require.NotContains(t, got.stdout, "session")

	require.NoError(t, failure(a.FinishLink(token, sandbox.Exited(sandbox.Exit{
		Status:      "requires_code",
		Error:       &gen.PlaidError{ErrorType: "ITEM_ERROR", ErrorCode: "INVALID_MFA", ErrorMessage: "no\x1b[2Jsuch\ncode"},
		Institution: &sandbox.Institution{ID: "ins_109509", Name: "First Gingham Credit Union"},
	}))))
	require.NoError(t, failure(a.FinishLink(token, sandbox.Success())))
	got = a.run(t, "", "token", "get", token)
	require.Zero(t, got.code, got.stderr)
	for _, want := range []string{
		`(?m)^session [0-9a-f-]{36}  exit$`,
		`(?m)^  exit +requires_code +First Gingham Credit Union \(ins_109509\) +ITEM_ERROR/INVALID_MFA: no\\x1b\[2Jsuch\\ncode$`,
		`(?m)^    2026-03-02T09:30:00\S*Z +EXIT +First Gingham Credit Union \(ins_109509\) +ITEM_ERROR/INVALID_MFA`,
		`(?m)^session [0-9a-f-]{36}  success$`,
		`(?m)^  started +2026-03-02T09:30:00Z$`,
		`(?m)^  finished +2026-03-02T09:30:00Z$`,
		`(?m)^    2026-03-02T09:30:00\S*Z +HANDOFF +First Platypus Bank \(ins_109508\)$`,
		`(?m)^    First Platypus Bank \(ins_109508\) +public_token public-sandbox-[0-9a-f-]{36}$`,
		`(?m)^      Plaid Checking +depository/checking +mask 0000 +\w+$`,
	} {
		require.Regexp(t, want, got.stdout)
	}

	var body gen.LinkTokenGetResponse
	got = a.run(t, "", "token", "get", token, "--json")
	require.NoError(t, json.Unmarshal([]byte(got.stdout), &body))
	require.Len(t, body.LinkSessions, 2)
}

// The response is printed as it came, and nothing of it is lost.
func TestTokenGetAsJSON(t *testing.T) {
	const body = `{ "link_token":"t", "created_at":null,"expiration":null, "metadata":{"initial_products":[],"webhook":null,"country_codes":[],` +
		`"language":null,"redirect_uri":null,"client_name":null, "new":1.50},"request_id":"r" , "access_token":"odd form"}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(body))
	}))
	defer server.Close()
	got := invoke(t, nil, "--sandbox", server.URL+"/", "token", "get", "t", "--json")
	require.Equal(t, result{0, strings.Replace(body, `"odd form"`, `"[redacted]"`, 1) + "\n", ""}, got)
	got = invoke(t, nil, "--sandbox", server.URL, "token", "get", "t")
	require.Equal(t, result{0, "link_token  t\nrequest_id  r\n", ""}, got)
}

func TestTokenGetRefuses(t *testing.T) {
	a := newAccount(t)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"an unknown token":         {[]string{"link-sandbox-0"}, 3, "plaidlink token get: 400 INVALID_INPUT/INVALID_LINK_TOKEN: "},
		"one while it waits":       {[]string{"link-sandbox-0", "--wait"}, 3, "INVALID_LINK_TOKEN"},
		"a timeout without a wait": {[]string{"t", "--timeout", "1s"}, 2, "--timeout and --interval: expected --wait with them"},
		"no time":                  {[]string{"t", "--wait", "--timeout", "0s"}, 2, `--timeout: expected a time above 0, such as 90s, found "0s"`},
		"a negative interval":      {[]string{"t", "--wait", "--interval=-1s"}, 2, `--interval: expected a time above 0, such as 90s, found "-1s"`},
		"a wait for what":          {[]string{"t", "--wait", "--timeout", "long"}, 2, `--timeout: expected a time above 0, such as 90s, found "long"`},
	} {
		t.Run(name, func(t *testing.T) {
			a.run(t, "", append([]string{"token", "get"}, test.args...)...).failed(t, test.code, test.want)
		})
	}
}

// Each way to name no account, or one that is wrong.
func TestCredentials(t *testing.T) {
	a := newAccount(t)
	for name, test := range map[string]struct {
		env  []string
		args []string
		code int
		want string
	}{
		"none":                        {nil, nil, 2, "expected PLAID_CLIENT_ID, PLAID_SECRET, PLAID_ENV to be set in the environment, or --sandbox"},
		"no environment":              {[]string{"PLAID_CLIENT_ID=id", "PLAID_SECRET=" + testSecret}, nil, 2, "PLAID_ENV"},
		"no such environment":         {[]string{"PLAID_CLIENT_ID=id", "PLAID_SECRET=" + testSecret, "PLAID_ENV=prod"}, nil, 2, "expected sandbox or production"},
		"the secret for it":           {[]string{"PLAID_CLIENT_ID=id", "PLAID_SECRET=sandbox", "PLAID_ENV=" + testSecret}, nil, 2, "PLAID_ENV does not name an environment: expected sandbox or production"},
		"a short secret":              {[]string{"PLAID_CLIENT_ID=id", "PLAID_SECRET=x\n", "PLAID_ENV=sandbox"}, nil, 2, "plaidlink token get: the secret begins or ends with white space"},
		"a secret with a break":       {[]string{"PLAID_CLIENT_ID=id", "PLAID_SECRET=" + testSecret + "\n", "PLAID_ENV=sandbox"}, nil, 2, "white space"},
		"half of it, a sandbox":       {[]string{"PLAID_CLIENT_ID=id"}, []string{"--sandbox", a.URL}, 2, "the secret is empty"},
		"another's, a sandbox":        {[]string{"PLAID_CLIENT_ID=id", "PLAID_SECRET=other"}, []string{"--sandbox", a.URL}, 3, "INVALID_API_KEYS"},
		"none, a sandbox's own":       {nil, []string{"--sandbox", a.URL}, 3, "INVALID_API_KEYS"}, // this one has others than usual
		"a host that is not loopback": {nil, []string{"--sandbox", "http://plaid.example"}, 2, `--sandbox "http`},
		"nobody listens":              {nil, []string{"--sandbox", "http://127.0.0.1:1"}, 1, "connection refused (3 attempts): is plaidlink sandbox running there?"},
	} {
		t.Run(name, func(t *testing.T) {
			got := invoke(t, test.env, append([]string{"token", "get", "t"}, test.args...)...)
			got.failed(t, test.code, test.want)
			require.NotContains(t, got.stderr, testSecret)
		})
	}
}

// The sandbox with default credentials needs none, and its address comes from a flag before or after the command, or the environment.
func TestSandboxFlag(t *testing.T) {
	server := sandbox.NewServer()
	defer server.Close()
	create := func(env, before, after []string) result {
		args := append(before, "public-token", "create", "--institution", "ins_109508", "--products", "auth")
		return invoke(t, env, append(args, after...)...)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	for name, got := range map[string]result{
		"before":            create(nil, []string{"--sandbox", server.URL}, nil),
		"after":             create(nil, nil, []string{"--sandbox=" + server.URL}),
		"without a scheme":  create(nil, nil, []string{"--sandbox", host}),
		"that of localhost": create(nil, nil, []string{"--sandbox", "localhost" + strings.TrimPrefix(host, "127.0.0.1")}),
		"environment":       create([]string{"PLAIDLINK_SANDBOX=" + server.URL}, nil, nil),
		"the flag counts":   create([]string{"PLAIDLINK_SANDBOX=http://127.0.0.1:1"}, nil, []string{"--sandbox", server.URL}),
	} {
		t.Run(name, func(t *testing.T) {
			require.Zero(t, got.code, got.stderr)
			require.Regexp(t, "^public-sandbox-", got.field(t, "public_token"))
		})
	}
}
