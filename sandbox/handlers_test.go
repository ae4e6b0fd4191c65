package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

const balances = "/accounts/balance/get"

// jsonHandler responds with a body.
func jsonHandler(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
}

func TestPathThatIsNotPlayedNamesThoseThatAre(t *testing.T) {
	server, _ := start(t)
	got := send(t, server, "POST", balances, `{}`, nil)
	require.Equal(t, http.StatusNotFound, got.status)
	require.Equal(t, "NOT_FOUND", got.code)
	require.Contains(t, got.message, "this sandbox plays Link and Items (")
	require.Contains(t, got.message, "/link/token/create, /link/token/get")
	require.Contains(t, got.message, "register a handler")
	require.Contains(t, send(t, server, "GET", balances, ``, nil).message, "every operation is a POST")
}

func TestHandle(t *testing.T) {
	server := newServer(t)
	client, err := server.Client()
	require.NoError(t, err)
	var seen string
	require.NoError(t, server.Handle(balances, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = string(body)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "{\"accounts\":[]}\n")
	})))
	token := exchange(t, client, newPublicToken(t, client)).AccessToken
	var got struct {
		Accounts  []any  `json:"accounts"`
		RequestID string `json:"request_id"`
	}
	require.NoError(t, client.Post(t.Context(), balances, map[string]any{"access_token": string(token)}, &got))
	require.NotNil(t, got.Accounts)
	require.Len(t, got.RequestID, 15)
	require.Contains(t, seen, string(token), "the handler reads the body")
	last := server.Requests()[len(server.Requests())-1]
	require.Equal(t, balances, last.Operation)
	require.Equal(t, http.StatusCreated, last.Status)
	require.NotContains(t, last.Body, string(token))

	require.NoError(t, server.Handle(balances, jsonHandler(`{"request_id":"mine"}`)), "a later one replaces it")
	require.NoError(t, client.Post(t.Context(), balances, nil, &got))
	require.Equal(t, "mine", got.RequestID)
}

func TestHandlersResponses(t *testing.T) {
	server := newServer(t)
	client, err := server.Client()
	require.NoError(t, err)
	for name, test := range map[string]struct{ body, want, contentType string }{
		"nothing":          {"", `^{"request_id":"\w{15}"}$`, "application/json"},
		"an empty object":  {" {} ", `^{"request_id":"\w{15}"}$`, "application/json"},
		"an object":        {`{"a":1}`, `^{"a":1,"request_id":"\w{15}"}$`, "application/json"},
		"a list":           {`[1]`, `^\[1\]$`, "application/json"},
		"two objects":      {`{}{}`, `^{}{}$`, "text/plain"},
		"a document":       {"%PDF-1.4", "^%PDF-1.4$", "application/pdf"},
		"an id of its own": {`{"request_id":"mine"}`, `^{"request_id":"mine"}$`, "application/json"},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, server.Handle("/any/path", jsonHandler(test.body)))
			var body []byte
			var captured plaidlink.Response
			require.NoError(t, client.Post(t.Context(), "/any/path", nil, &body, plaidlink.CaptureResponse(&captured)))
			require.Regexp(t, test.want, string(body))
			require.Contains(t, captured.Header.Get("Content-Type"), test.contentType)
		})
	}
}

// A handler gets only what passes the checks of every operation.
func TestHandlerIsGuarded(t *testing.T) {
	server, client := start(t)
	calls := 0
	require.NoError(t, server.Handle(balances, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls++ })))
	good := string(exchange(t, client, newPublicToken(t, client)).AccessToken)
	for name, test := range map[string]struct {
		body, code string
		edit       func(http.Header)
	}{
		"no credentials":            {`{}`, "INVALID_API_KEYS", func(h http.Header) { h.Del("PLAID-SECRET") }},
		"another content type":      {`{}`, "INVALID_HEADERS", func(h http.Header) { h.Set("Content-Type", "text/plain") }},
		"no object":                 {`[]`, "INVALID_BODY", nil},
		"an unknown access token":   {`{"access_token":"access-sandbox-1"}`, "INVALID_ACCESS_TOKEN", nil},
		"one of production":         {`{"access_token":"access-production-1"}`, "INVALID_ACCESS_TOKEN", nil},
		"one of several is unknown": {`{"access_tokens":["` + good + `","access-sandbox-1"]}`, "INVALID_ACCESS_TOKEN", nil},
		"an access token of 1":      {`{"access_token":1}`, "INVALID_FIELD", nil},
		"a text for a list":         {`{"access_tokens":"` + good + `"}`, "INVALID_FIELD", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, server, "POST", balances, test.body, test.edit)
			require.Equal(t, test.code, got.code)
			require.Equal(t, http.StatusBadRequest, got.status)
		})
	}
	require.Zero(t, calls)
	for _, body := range []string{`{}`, `{"access_token":null}`, `{"access_token":"` + good + `"}`, `{"access_tokens":["` + good + `"]}`} {
		require.Equal(t, http.StatusOK, send(t, server, "POST", balances, body, nil).status, body)
	}
	require.Equal(t, 4, calls)
}

func TestHandlerMisbehaves(t *testing.T) {
	server, client := start(t)
	require.ErrorContains(t, server.Fail(balances, sandbox.Drop()), "is not an operationId")
	require.NoError(t, server.Handle(balances, jsonHandler(`{}`)))
	require.NoError(t, server.Fail(balances, sandbox.PlaidError(400, plaidlink.TypeItemError, "ITEM_LOGIN_REQUIRED", "sign in again")))
	require.ErrorContains(t, client.Post(t.Context(), balances, nil, nil), "ITEM_ERROR/ITEM_LOGIN_REQUIRED")
	require.NoError(t, client.Post(t.Context(), balances, nil, nil))
	require.NoError(t, server.LimitRate(balances, 0, 1e9))
	var refused *plaidlink.Error
	require.ErrorAs(t, client.Post(t.Context(), balances, nil, nil), &refused)
	require.Equal(t, http.StatusTooManyRequests, refused.StatusCode)
}

func TestHandleRefuses(t *testing.T) {
	s := sandbox.New()
	for path, want := range map[string]string{
		"/link/token/get":   "sandbox: Handle: path /link/token/get: the sandbox plays it itself",
		"accounts/get":      `path "accounts/get": expected one such as /accounts/balance/get`,
		"/":                 "expected one such as",
		"":                  "expected one such as",
		"/accounts/":        "expected one such as",
		"/../etc":           "expected one such as",
		"/_sandbox/advance": "expected one such as",
		"/a?b":              "expected one such as",
	} {
		require.ErrorContains(t, s.Handle(path, jsonHandler("{}")), want, path)
	}
	require.ErrorContains(t, s.Handle("/a", nil), "path /a: expected a handler, found nil")
}

func TestFixtures(t *testing.T) {
	server := newServer(t, sandbox.WithFixtures(fstest.MapFS{
		"accounts/balance/get.json": {Data: []byte("{\n  \"accounts\": [{\"balance\": 1.10}],\n  \"request_id\": \"recorded\"\n}\n")},
		"README.md":                 {Data: []byte("not JSON")},
	}))
	client := newClient(t, server)
	ids := map[string]bool{}
	for range 2 {
		var body []byte
		require.NoError(t, client.Post(t.Context(), balances, nil, &body))
		require.Regexp(t, `^{"accounts":\[{"balance":\s*1.10}\],"request_id":"\w{15}"}$`, string(body))
		ids[string(body)] = true
	}
	require.Len(t, ids, 2, "each response has a request_id of its own")
	require.Equal(t, "INVALID_ACCESS_TOKEN", send(t, server, "POST", balances, `{"access_token":"access-sandbox-1"}`, nil).code)
}

func TestBrokenFixtureIsNamedWithItsLine(t *testing.T) {
	for name, test := range map[string]struct{ file, data, want string }{
		"no JSON":           {"a.json", "{\n\"b\": 1,\n}", "sandbox: WithFixtures: a.json: line 2: expected one JSON object"},
		"cut short":         {"a.json", "{\n\"b\": 1", "line 2: expected"},
		"empty":             {"a.json", "", "line 1: expected"},
		"a list":            {"a.json", "[]", "line 1: expected"},
		"null":              {"a.json", "null", "line 1: expected"},
		"a name twice":      {"a.json", "{\"b\":1,\n\n\"b\":2}", "line 3: expected"},
		"two documents":     {"a.json", "{}\n{}", "line 2: expected"},
		"a path it plays":   {"link/token/get.json", "{}", "link/token/get.json: path /link/token/get: the sandbox plays it itself"},
		"a path of its own": {"_sandbox/advance.json", "{}", `path "/_sandbox/advance": expected one such as /accounts/balance/get`},
		"too large":         {"a.json", strings.Repeat(" ", 8<<20+1), "expected at most 8388608 bytes"},
		"none at all":       {"a.txt", "{}", "WithFixtures: expected at least one file such as accounts/balance/get.json"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sandbox.Listen("127.0.0.1:0", sandbox.WithFixtures(fstest.MapFS{test.file: {Data: []byte(test.data)}}))
			require.ErrorContains(t, err, test.want)
		})
	}
}
