package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hostile is a text that would break lines, command a terminal, or turn its direction.
const hostile = "a\n\r\tb\x1b[2J\u009b2J\u202ec\u2028d\x7f\U000E0001"

// Whatever text a webhook has, it is printed as one line, escaped.
func TestTextsOfWebhooksArePrintedOnOneLine(t *testing.T) {
	a := newAccount(t)
	text, err := json.Marshal(hostile)
	require.NoError(t, err)
	for name, body := range map[string]string{
		"the status":          `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","status":TEXT,"link_session_id":"s","link_token":"l","public_tokens":["p"],"environment":"sandbox"}`,
		"the session":         `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","status":"SUCCESS","link_session_id":TEXT,"link_token":"l","public_tokens":["p"],"environment":"sandbox"}`,
		"a public token":      `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","status":"SUCCESS","link_session_id":"s","link_token":"l","public_tokens":[TEXT],"environment":"sandbox"}`,
		"an event's name":     `{"webhook_type":"LINK","webhook_code":"EVENTS","link_session_id":"s","link_token":"l","events":[{"event_name":TEXT,"event_id":"e","timestamp":"2026-03-02T09:30:00Z","event_metadata":{}}]}`,
		"the code":            `{"webhook_type":"TRANSACTIONS","webhook_code":TEXT}`,
		"the type":            `{"webhook_type":TEXT,"webhook_code":"NEW"}`,
		"an unknown property": `{"webhook_type":"TRANSACTIONS","webhook_code":"NEW",` + "\n\t" + `TEXT:TEXT}`,
	} {
		t.Run(name, func(t *testing.T) {
			// The texts as escapes of JSON, and as they are, where JSON allows that.
			raw := strings.NewReplacer(`\u2028`, "\u2028").Replace(string(text))
			for _, written := range []string{string(text), raw} {
				body := strings.ReplaceAll(body, "TEXT", written)
				for _, flags := range [][]string{nil, {"--json"}} {
					args := append([]string{"webhook", "verify", "--header", a.Signer().Sign([]byte(body), time.Now())}, flags...)
					got := a.run(t, body, args...)
					require.Zero(t, got.code, got.stderr)
					requireOneLine(t, got.stdout)
					t.Attr("got", fmt.Sprintf("%s, flags %v: lines=%d", name, flags, strings.Count(got.stdout, "\n")))
					if flags != nil {
						require.JSONEq(t, body, got.stdout, "it is the same document")
					}
				}
			}
		})
	}
}

// requireOneLine holds a text to one line without anything that does not print.
func requireOneLine(t *testing.T, text string) {
	t.Helper()
	require.Equal(t, 1, strings.Count(text, "\n"), "%q", text)
	for _, r := range "\r\t\x1b\u009b\u202e\u2028\x7f\U000E0001" {
		require.NotContains(t, text, string(r), "%q", text)
	}
}

// Whatever text a response has, also an error, is printed as one line, escaped.
func TestTextsOfResponsesArePrintedOnOneLine(t *testing.T) {
	text, err := json.Marshal(hostile)
	require.NoError(t, err)
	for name, test := range map[string]struct {
		status int
		body   string
		args   []string
		lines  int
	}{
		"fields":   {200, `{"public_token":TEXT,"request_id":TEXT}`, []string{"public-token", "create", "--institution", "i", "--products", "auth"}, 2},
		"JSON":     {200, `{"public_token":TEXT,"request_id":TEXT}`, []string{"public-token", "create", "--institution", "i", "--products", "auth", "--json"}, 1},
		"an error": {400, `{"error_type":TEXT,"error_code":TEXT,"error_message":TEXT,"request_id":TEXT}`, []string{"token", "get", "t"}, 1},
		"a link token": {200, `{"link_token":TEXT,"created_at":null,"expiration":null,"request_id":TEXT,"metadata":{"initial_products":[TEXT],"country_codes":[TEXT],"client_name":TEXT,"language":TEXT,"webhook":TEXT,"redirect_uri":TEXT},
			"link_sessions":[{"link_session_id":TEXT,"exit":{"error":{"error_type":TEXT,"error_code":TEXT,"error_message":TEXT},"metadata":{"status":TEXT,"institution":{"name":TEXT,"institution_id":TEXT}}}}]}`,
			[]string{"token", "get", "t"}, 11},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				w.Write([]byte(strings.ReplaceAll(test.body, "TEXT", string(text))))
			}))
			defer server.Close()
			got := invoke(t, []string{"PLAIDLINK_SANDBOX=" + server.URL}, test.args...)
			printed := got.stdout + got.stderr
			require.Equal(t, test.lines, strings.Count(printed, "\n"), "%q", printed)
			requireOneLine(t, strings.ReplaceAll(strings.TrimSuffix(printed, "\n"), "\n", " ")+"\n")
			t.Attr("got", fmt.Sprintf("a response, %s: lines=%d %q", name, strings.Count(printed, "\n"), printed))
		})
	}
}

// The demo prints what goes over the wire, also that.
func TestTextsOfTheDemoArePrintedOnOneLine(t *testing.T) {
	text, err := json.Marshal(hostile)
	require.NoError(t, err)
	var out strings.Builder
	w := &walk{program: &program{getenv: environment(nil), stdout: &out}, transport: roundTrip(func(*http.Request) (*http.Response, error) {
		body := io.NopCloser(strings.NewReader(`{` + string(text) + `:` + string(text) + `,"access_token":["` + testAccessToken + `"]}`))
		return &http.Response{Status: "200 " + hostile, Body: body}, nil
	})}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/", strings.NewReader(`{"client_name":`+string(text)+`}`))
	require.NoError(t, err)
	_, err = w.RoundTrip(req)
	require.NoError(t, err)
	require.Equal(t, 8, strings.Count(out.String(), "\n"), out.String())
	requireOneLine(t, strings.ReplaceAll(strings.TrimSuffix(out.String(), "\n"), "\n", " ")+"\n")
	require.NotContains(t, out.String(), testAccessToken)
	t.Attr("got", fmt.Sprintf("the demo: lines=%d", strings.Count(out.String(), "\n")))
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestShortSecretsDoNotDestroyTheOutput(t *testing.T) {
	for name, test := range map[string]struct{ secret, want string }{
		"a letter":        {"a", "a banana"},
		"seven letters":   {"abcdefg", "an abcdefg"},
		"eight letters":   {"abcdefgh", "an [redacted]"},
		"no secret":       {"", "nothing"},
		"an access token": {"", "the [redacted]"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &program{getenv: environment([]string{"PLAID_SECRET=" + test.secret})}
			text := strings.Replace(test.want, "[redacted]", test.secret, 1)
			if name == "an access token" {
				text = "the " + testAccessToken
			}
			require.Equal(t, test.want, p.mask(text))
		})
	}
	got := invoke(t, []string{"PLAID_CLIENT_ID=id", "PLAID_SECRET=o"}, "call", "/item/get", "--sandbox", "localhost:1")
	require.Contains(t, got.stderr, `Post "http://localhost:1/item/get": `, "the client leaves the name of a host whole too")
	got = invoke(t, []string{"PLAID_SECRET=e"}, "token", "gett")
	require.Contains(t, got.stderr, `plaidlink token: unexpected argument gett, did you mean "get"?`)
}
