package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const testAccessToken = "access-sandbox-7d3f0c52-0000-4000-8000-000000000000"

// Neither the secret nor an access token is printed, whatever the server responds and however the program is used.
func TestSecretsAreNotPrinted(t *testing.T) {
	error400 := fmt.Sprintf(`{"error_type":"INVALID_INPUT","error_code":"X","error_message":"%s %s","display_message":null,"request_id":"%[1]s"}`, testSecret, testAccessToken)
	body := fmt.Sprintf(`{"link_token":"%[1]s","public_token":"%[2]s","access_token":"%[2]s","access_tokens": [ "x%[2]s", "y" ],"item_id":"%[1]s",`+
		`"expiration":"2026-03-02T09:30:00Z","created_at":null,"profile_matches":true,"request_id":"%[2]s","echo":"%[1]s",`+
		`"metadata":{"initial_products":[],"country_codes":[],"client_name":"%[1]s","language":"%[2]s","webhook":null,"redirect_uri":null}}`, testSecret, testAccessToken)
	for name, server := range map[string]struct {
		status int
		body   string
	}{
		"a response":   {200, body},
		"an error":     {400, error400},
		"no JSON":      {200, testSecret + testAccessToken},
		"half of it":   {200, body[:len(body)-1]},
		"a proxy":      {404, "<html>" + testSecret + testAccessToken},
		"another form": {200, `{"link_token":{"` + testSecret + `":"` + testAccessToken + `"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(server.status)
				w.Write([]byte(server.body))
			}))
			defer s.Close()
			env := []string{"PLAIDLINK_SANDBOX=" + s.URL, "PLAID_CLIENT_ID=id", "PLAID_SECRET=" + testSecret, "ITEM=" + testAccessToken}
			for _, args := range [][]string{
				{"token", "create", "--client-name", "n", "--user", "u", "--access-token-env", "ITEM"},
				{"token", "create", "--client-name", "n", "--user", "u", "--access-token-env", "ITEM", "--json"},
				{"token", "get", "t"},
				{"token", "get", "t", "--json"},
				{"eligibility", "--phone", "p", "--session", "s"},
				{"eligibility", "--phone", "p", "--session", "s", "--json"},
				{"oauth", "exchange", "c", "--json"},
				{"public-token", "create", "--institution", "i", "--products", "auth", "--json"},
				{"public-token", "exchange", "p"},
				{"public-token", "exchange", "p", "--out", filepath.Join(t.TempDir(), "token"), "--json"},
				{"public-token", "exchange", "p", "--json"},
				{"public-token", "exchange", testAccessToken, testSecret},
				{"webhook", "verify", "--header", "a.b." + testSecret},
				{"webhook", "verify", "--at", testAccessToken},
				{testSecret}, {"help", testAccessToken}, {"--" + testSecret}, {"sandbox", "--seed", testSecret},
			} {
				got := invoke(t, env, args...)
				require.NotEmpty(t, got.stdout+got.stderr, args)
				require.NotContains(t, got.stdout+got.stderr, testSecret, args)
				require.NotContains(t, got.stdout+got.stderr, testAccessToken, args)
			}
		})
	}
}

func TestHelpHasNoSecret(t *testing.T) {
	env := []string{"PLAIDLINK_SANDBOX=http://127.0.0.1:1", "PLAID_CLIENT_ID=id", "PLAID_SECRET=" + testSecret, "PLAID_VERIFICATION=" + testSecret}
	for _, words := range commandsBelow(t) {
		for _, last := range []string{"-h", "--no-such-flag"} {
			got := invoke(t, env, append(words, last)...)
			require.NotContains(t, got.stdout+got.stderr, testSecret, "%v %s", words, last)
		}
		got := invoke(t, env, append([]string{"__complete", "--word=", "--"}, words...)...)
		require.NotContains(t, got.stdout+got.stderr, testSecret, words)
	}
}
