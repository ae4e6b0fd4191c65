package plaidlink_test

import (
	stdjson "encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
	"github.com/plaidlink/plaidlink-go/wire"
)

// postClient returns a client of a server that is not held to the specification, which does not know most paths.
func postClient(t *testing.T, server *wiretest.MemoryServer, opts ...plaidlink.Option) *plaidlink.Client {
	opts = append([]plaidlink.Option{plaidlink.WithHTTPClient(&http.Client{Transport: server}), plaidlink.WithMaxRetryDelay(time.Nanosecond)}, opts...)
	return wiretest.NewClient(t, "https://plaid.test", opts...)
}

const (
	balancePath = "/accounts/balance/get"
	balanceBody = `{"accounts":[{"account_id":"a","balances":{"current":110.25}}],"request_id":"r"}`
)

func TestPostDecodesIntoWhatTheCallerWants(t *testing.T) {
	type balances struct {
		Accounts []struct {
			Balances struct{ Current float64 }
		}
	}
	for name, test := range map[string]struct {
		req, resp any
		sent      string
		check     func(t *testing.T, resp any)
	}{
		"a struct": {map[string]any{"access_token": "access-sandbox-1"}, new(balances), `{"access_token":"access-sandbox-1"}`, func(t *testing.T, resp any) {
			require.Equal(t, 110.25, resp.(*balances).Accounts[0].Balances.Current)
		}},
		"a map": {struct {
			AccessToken gen.AccessToken `json:"access_token"`
		}{"access-sandbox-1"}, new(map[string]any), `{"access_token":"access-sandbox-1"}`, func(t *testing.T, resp any) {
			require.Equal(t, "r", (*resp.(*map[string]any))["request_id"])
		}},
		"raw JSON": {nil, new(stdjson.RawMessage), `{}`, func(t *testing.T, resp any) {
			require.JSONEq(t, balanceBody, string(*resp.(*stdjson.RawMessage)))
		}},
		"the body as it is": {stdjson.RawMessage(`{"a":1}`), new([]byte), `{"a":1}`, func(t *testing.T, resp any) {
			require.Equal(t, balanceBody, string(*resp.(*[]byte)))
		}},
		"a generated type": {gen.LinkTokenGetRequest{LinkToken: "l"}, new(gen.LinkTokenGetResponse), `{"link_token":"l"}`, func(t *testing.T, resp any) {
			require.Equal(t, "r", resp.(*gen.LinkTokenGetResponse).RequestID)
			require.Contains(t, resp.(*gen.LinkTokenGetResponse).ExtraFields, "accounts")
		}},
		"nothing": {nil, nil, `{}`, func(t *testing.T, resp any) { require.Nil(t, resp) }},
	} {
		t.Run(name, func(t *testing.T) {
			for _, status := range []int{http.StatusOK, http.StatusCreated} {
				server := wiretest.InMemory(wiretest.Reply(status, balanceBody))
				var response plaidlink.Response
				require.NoError(t, postClient(t, server).Post(t.Context(), balancePath, test.req, test.resp, plaidlink.CaptureResponse(&response)))
				test.check(t, test.resp)
				require.Equal(t, status, response.StatusCode)
				require.Equal(t, "r", response.RequestID)
				require.JSONEq(t, test.sent, server.Requests(t)[0].Body)
				require.Equal(t, wiretest.Secret, server.Requests(t)[0].Header.Get("Plaid-Secret"))
			}
		})
	}
}

// What cannot be right is refused before anything is sent.
func TestPostRefuses(t *testing.T) {
	var text string
	for name, test := range map[string]struct {
		path      string
		req, resp any
		opts      []plaidlink.CallOption
		says      string
	}{
		"no slash":              {"accounts/get", nil, nil, nil, `path "accounts/get": expected one such as /accounts/balance/get`},
		"two slashes":           {"//evil.test/get", nil, nil, nil, "expected one such as"},
		"a URL":                 {"https://evil.test/get", nil, nil, nil, "expected one such as"},
		"a query":               {"/accounts/get?x=1", nil, nil, nil, "expected one such as"},
		"a fragment":            {"/accounts/get#x", nil, nil, nil, "expected one such as"},
		"a way up":              {"/accounts/../get", nil, nil, nil, "expected one such as"},
		"an escaped slash":      {"/accounts%2fget", nil, nil, nil, "expected one such as"},
		"a line break":          {"/accounts/get\r\nX: y", nil, nil, nil, "expected one such as"},
		"a backslash":           {`/accounts\get`, nil, nil, nil, "expected one such as"},
		"nothing":               {"", nil, nil, nil, "expected one such as"},
		"a long path":           {strings.Repeat("x", 1<<20), nil, nil, nil, "expected one such as"},
		"a response by value":   {balancePath, nil, text, nil, "expected a pointer to decode the response into, found string"},
		"a nil pointer":         {balancePath, nil, (*string)(nil), nil, "expected a pointer to decode the response into, found *string"},
		"a list":                {balancePath, []int{1}, nil, nil, "expected a request that is a JSON object, found []int"},
		"a channel":             {balancePath, make(chan int), nil, nil, "the request cannot be encoded"},
		"the client id":         {balancePath, map[string]any{"client_id": "x"}, nil, nil, "the request has client_id or secret"},
		"the secret":            {balancePath, stdjson.RawMessage(`{"a":{},"secr\u0065t":"x"}`), nil, nil, "the request has client_id or secret"},
		"a nil option":          {balancePath, nil, nil, []plaidlink.CallOption{nil}, "option 1 is nil"},
		"Retryable where known": {gen.OperationItemPublicTokenExchange.Path, nil, nil, []plaidlink.CallOption{plaidlink.Retryable()}, "has a rule of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			server := wiretest.InMemory(wiretest.Reply(200, "{}"))
			err := postClient(t, server).Post(t.Context(), test.path, test.req, test.resp, test.opts...)
			require.ErrorContains(t, err, "plaidlink: ")
			require.ErrorContains(t, err, test.says)
			require.Less(t, len(err.Error()), 300)
			require.Zero(t, server.Count())
		})
	}
	client := postClient(t, wiretest.InMemory(wiretest.Reply(200, "{}")))
	_, err := wiretest.GetToken(t, client, plaidlink.Retryable())
	require.EqualError(t, err, "plaidlink: linkTokenGet: Retryable: /link/token/get has a rule of its own")
}

func TestPostIsRetriedOnlyWhereItMayBe(t *testing.T) {
	for name, test := range map[string]struct {
		path     string
		opts     []plaidlink.CallOption
		attempts int
	}{
		"unknown":                   {balancePath, nil, 1},
		"declared to read":          {"/transactions/get", []plaidlink.CallOption{plaidlink.Retryable()}, 3},
		"a named one that reads":    {gen.OperationLinkTokenGet.Path, nil, 3},
		"a named one that does not": {gen.OperationItemPublicTokenExchange.Path, nil, 1},
		"a named one, conditional":  {gen.OperationLinkTokenCreate.Path, nil, 1}, // in doubt: the condition needs the type
	} {
		t.Run(name, func(t *testing.T) {
			server := wiretest.InMemory(wiretest.ReplyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError))
			err := postClient(t, server).Post(t.Context(), test.path, nil, nil, test.opts...)
			e := wiretest.RequireFailed(t, err, test.path, 500)
			require.Equal(t, test.attempts, e.Attempts)
			require.Equal(t, plaidlink.CodeInternalServerError, e.Code)
			require.Len(t, server.Requests(t), test.attempts)
		})
	}
}

// What does not decode is an error that shows no value.
func TestPostDecodeErrors(t *testing.T) {
	for body, says := range map[string]string{
		`{"accounts":[{"balances":7700}]}`: `balances": a JSON number does not fit`,
		`{"accounts":`:                     "not valid JSON",
		`<html>7700`:                       `found content type "text/html"`,
	} {
		var resp struct {
			Accounts []struct {
				Balances string `json:"balances"`
			} `json:"accounts"`
		}
		contentType := "application/json"
		if strings.HasPrefix(body, "<") {
			contentType = "text/html"
		}
		err := postClient(t, wiretest.InMemory(wiretest.Reply(200, body, "Content-Type", contentType))).Post(t.Context(), balancePath, nil, &resp)
		e := wiretest.RequireFailed(t, err, balancePath, 200)
		require.ErrorIs(t, e, plaidlink.ErrDecode)
		require.ErrorContains(t, e, says)
		require.NotContains(t, e.Error(), "7700")
		require.Equal(t, body, string(e.Raw), "nothing is lost")
	}
}

func TestPostBoundsTheResponse(t *testing.T) {
	server := wiretest.InMemory(wiretest.Reply(200, balanceBody))
	err := postClient(t, server).Post(t.Context(), balancePath, nil, nil, plaidlink.WithMaxResponseBytes(10))
	require.ErrorIs(t, err, plaidlink.ErrTooLarge)
	require.NoError(t, postClient(t, server, plaidlink.WithMaxResponseBytes(10)).Post(t.Context(), balancePath, nil, nil,
		plaidlink.WithMaxResponseBytes(int64(len(balanceBody)))))
}

// Call is Post for generated methods: the same way, under the operation's own id and with its own rule.
func TestCallOfGeneratedCode(t *testing.T) {
	for name, test := range map[string]struct {
		op       wire.Operation
		attempts int
	}{
		"one that reads":                {wire.Operation{ID: "transactionsGet", Path: "/transactions/get", Retry: wire.RetryAlways}, 3},
		"one that does not":             {wire.Operation{ID: "transferCreate", Path: "/transfer/create", Retry: wire.RetryNever}, 1},
		"a named one keeps its rule":    {wire.Operation{ID: "itemPublicTokenExchange", Path: gen.OperationItemPublicTokenExchange.Path, Retry: wire.RetryAlways}, 1},
		"the rule is what is not known": {wire.Operation{ID: "thingGet", Path: "/thing/get"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server := wiretest.InMemory(wiretest.ReplyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError))
			client := postClient(t, server)
			resp, err := plaidlink.Call[gen.AccountsGetResponse](t.Context(), client, test.op, &gen.AccountsGetRequest{}, nil)
			require.Nil(t, resp)
			require.Equal(t, test.attempts, wiretest.RequireFailed(t, err, test.op.ID, 500).Attempts)

			_, err = plaidlink.Call[gen.AccountsGetResponse](t.Context(), client, test.op, &gen.AccountsGetRequest{}, []plaidlink.CallOption{plaidlink.Retryable()})
			require.ErrorContains(t, err, "has a rule of its own")
		})
	}

	op := wire.Operation{ID: "accountsBalanceGet", Path: balancePath}
	server := wiretest.InMemory(wiretest.Reply(200, balanceBody))
	resp, err := plaidlink.Call[gen.AccountsGetResponse](t.Context(), postClient(t, server), op, &gen.AccountsGetRequest{AccessToken: "access-sandbox-1"}, nil)
	require.NoError(t, err)
	require.Equal(t, "r", resp.RequestID)
	require.JSONEq(t, `{"access_token":"access-sandbox-1"}`, server.Requests(t)[0].Body)
	for says, req := range map[string]*gen.AccountsGetRequest{
		"invalid UTF-8":                         {AccessToken: "\xff"},
		"the request has client_id or secret: ": {ExtraFields: gen.ExtraFields{"secret": stdjson.RawMessage(`"s"`)}},
	} {
		_, err = plaidlink.Call[gen.AccountsGetResponse](t.Context(), postClient(t, server), op, req, nil)
		require.ErrorContains(t, err, says)
	}
	_, err = plaidlink.Call[gen.AccountsGetResponse](t.Context(), nil, op, &gen.AccountsGetRequest{}, nil)
	require.EqualError(t, err, "plaidlink: accountsBalanceGet: the client was not made by New")
	require.Equal(t, 1, server.Count())
}
