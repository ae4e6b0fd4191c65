package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// body is the body of the last request that the sandbox received.
func (a account) body(t *testing.T) map[string]any {
	t.Helper()
	requests := a.Requests()
	require.NotEmpty(t, requests)
	var members map[string]any
	require.NoError(t, json.Unmarshal([]byte(requests[len(requests)-1].Body), &members))
	return members
}

func TestTokenCreate(t *testing.T) {
	a := newAccount(t)
	least := []string{"token", "create", "--client-name", "Example App", "--user", "user-1"}
	common := map[string]any{
		"client_name": "Example App", "user": map[string]any{"client_user_id": "user-1"}, "language": "en", "country_codes": []any{"US"},
	}
	for name, test := range map[string]struct {
		args  []string
		stdin string
		want  map[string]any // beside common
	}{
		"flags": {
			append(least, "--products", "auth,transactions", "--products", "identity", "--country", "CA,GB", "--language", "fr",
				"--webhook", "https://example.com/w", "--redirect-uri", "https://example.com/r", "--phone", "+14155550123", "--email", "a@example.com"),
			"", map[string]any{
				"products": []any{"auth", "transactions", "identity"}, "country_codes": []any{"CA", "GB"}, "language": "fr",
				"webhook": "https://example.com/w", "redirect_uri": "https://example.com/r",
				"user": map[string]any{"client_user_id": "user-1", "phone_number": "+14155550123", "email_address": "a@example.com"},
			},
		},
		"an empty object is sent": {append(least, "--products", "auth", "--hosted"), "", map[string]any{"products": []any{"auth"}, "hosted_link": map[string]any{}}},
		"the hosted page": {
			append(least, "--products", "auth", "--completion-redirect-uri", "https://example.com/done", "--url-lifetime", "90s"), "",
			map[string]any{"products": []any{"auth"}, "hosted_link": map[string]any{"completion_redirect_uri": "https://example.com/done", "url_lifetime_seconds": 90.0}},
		},
		"flags override a body, and the rest is kept": {
			append(least, "--body", "-"),
			`{"client_name":"Other","language":"es","country_codes":["ES"],"products":["auth"],"user":{"client_user_id":"o","phone_number":"+1"},"hosted_link":{"x":1},"new":{"y":2}}`,
			map[string]any{
				"language": "es", "country_codes": []any{"ES"}, "products": []any{"auth"}, "hosted_link": map[string]any{"x": 1.0},
				"user": map[string]any{"client_user_id": "user-1", "phone_number": "+1"}, "new": map[string]any{"y": 2.0},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(a.Requests())
			a.run(t, test.stdin, test.args...)
			require.Len(t, a.Requests(), before+1)
			want := map[string]any{}
			for _, members := range []map[string]any{common, test.want} {
				for name, value := range members {
					want[name] = value
				}
			}
			require.Equal(t, want, a.body(t))
		})
	}
}

func TestTokenCreatePrints(t *testing.T) {
	a := newAccount(t)
	args := []string{"token", "create", "--client-name", "Example App", "--user", "user-1", "--products", "auth", "--hosted"}
	got := a.run(t, "", args...)
	require.Zero(t, got.code, got.stderr)
	require.Regexp(t, "^link-sandbox-", got.field(t, "link_token"))
	require.Regexp(t, `^\d{4}-\d\d-\d\dT.*Z$`, got.field(t, "expiration"))
	require.Contains(t, got.field(t, "hosted_link_url"), a.URL+"/hosted/")
	require.NotEmpty(t, got.field(t, "request_id"))

	raw := a.run(t, "", append(args, "--json")...)
	var members map[string]string
	require.NoError(t, json.Unmarshal([]byte(raw.stdout), &members))
	require.Len(t, members, 4)
	require.Regexp(t, "^link-sandbox-", members["link_token"])
}

// The access token of update mode is never an argument.
func TestUpdateMode(t *testing.T) {
	a := newAccount(t)
	public := a.run(t, "", "public-token", "create", "--institution", "ins_109508", "--products", "auth").field(t, "public_token")
	token := a.run(t, "", "public-token", "exchange", public, "--show-access-token").field(t, "access_token")
	require.Regexp(t, "^access-sandbox-", token)
	args := []string{"token", "create", "--client-name", "Example App", "--user", "user-1"}

	a.env = append(a.env, "ITEM="+token)
	for name, test := range map[string]struct {
		stdin string
		flags []string
		code  int
		want  string
	}{
		"from the environment":        {"", []string{"--access-token-env", "ITEM"}, 0, ""},
		"from the standard input":     {token + "\n", []string{"--access-token-stdin"}, 0, ""},
		"from a body":                 {`{"access_token":"` + token + `"}`, []string{"--body", "-"}, 0, ""},
		"a variable that is not set":  {"", []string{"--access-token-env", "NONE"}, 2, "expected the name of an environment variable that is set"},
		"nothing on the input":        {"\n", []string{"--access-token-stdin"}, 2, "expected an access token on standard input"},
		"the secret for a name":       {"", []string{"--access-token-env", "secret-of-mine"}, 2, "expected the name of an environment variable that is set"},
		"the token as an argument":    {"", []string{"--access-token-env", token}, 2, "--access-token-env: expected the name of an environment variable that is set"},
		"the token where nothing is":  {"", []string{token}, 2, `unexpected argument [redacted]`},
		"both":                        {token, []string{"--access-token-stdin", "--access-token-env", "ITEM"}, 2, "--access-token-env and --access-token-stdin can't be used together"},
		"the input is two things":     {"{}", []string{"--access-token-stdin", "--body", "-"}, 2, "standard input is already used by --body"},
		"an access token of no Item":  {"access-sandbox-0\n", []string{"--access-token-stdin"}, 3, "INVALID_ACCESS_TOKEN"},
		"one with a line break in it": {"access-sandbox-0\nx", []string{"--access-token-stdin"}, 3, "INVALID_ACCESS_TOKEN"},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(a.Requests())
			got := a.run(t, test.stdin, append(args, test.flags...)...)
			require.NotContains(t, got.stdout+got.stderr, "access-sandbox-")
			require.NotContains(t, got.stdout+got.stderr, "secret-of-mine")
			if test.code != 0 {
				got.failed(t, test.code, test.want)
				return
			}
			require.Zero(t, got.code, got.stderr)
			require.Len(t, a.Requests(), before+1)
			require.Contains(t, a.body(t), "access_token")
		})
	}
}

func TestTokenCreateRefuses(t *testing.T) {
	a := newAccount(t)
	large := filepath.Join(t.TempDir(), "large.json")
	require.NoError(t, os.WriteFile(large, []byte(`{"client_name":"`+strings.Repeat("x", maxInput)+`"}`), 0o600))
	for name, test := range map[string]struct {
		stdin string
		flags []string
		code  int
		want  string
	}{
		"no name":             {"", []string{"--user", "u"}, 2, "expected --client-name, or its property in --body"},
		"no user":             {"", []string{"--client-name", "n"}, 2, "expected --user"},
		"no object":           {`["secret value"]`, []string{"--body", "-"}, 2, "--body -: expected one JSON object"},
		"null":                {`null`, []string{"--body", "-"}, 2, "expected one JSON object"},
		"nothing":             {``, []string{"--body", "-"}, 2, "expected one JSON object"},
		"two objects":         {`{}{}`, []string{"--body", "-"}, 2, "expected one JSON object, but it is not JSON at byte 2"},
		"another type":        {`{"user":{"client_user_id":5}}`, []string{"--body", "-"}, 2, "but /user/client_user_id is a JSON number"},
		"a secret":            {`{"secret":"secret value"}`, []string{"--body", "-"}, 2, "--body: unexpected secret: it comes from the environment"},
		"a client id":         {`{"client_id":"secret value"}`, []string{"--body", "-"}, 2, "--body: unexpected client_id"},
		"no file":             {"", []string{"--body", "/nowhere.json"}, 1, "--body: open /nowhere.json: no such file"},
		"a large file":        {"", []string{"--body", large}, 1, "--body: expected at most 1048576 bytes"},
		"half a second":       {"", []string{"--client-name", "n", "--user", "u", "--url-lifetime", "1500ms"}, 2, `--url-lifetime: expected whole seconds, such as 90s or 24h, found "1500ms"`},
		"a negative lifetime": {"", []string{"--client-name", "n", "--user", "u", "--url-lifetime=-1s"}, 2, "expected whole seconds"},
		"no such product":     {"", []string{"--client-name", "n", "--user", "u", "--products", "gold"}, 2, `--products: unexpected value "gold" (expected one of assets, auth, `},
	} {
		t.Run(name, func(t *testing.T) {
			got := a.run(t, test.stdin, append([]string{"token", "create"}, test.flags...)...)
			got.failed(t, test.code, test.want)
			require.NotContains(t, got.stderr, "secret value")
		})
	}
}
