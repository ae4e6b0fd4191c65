package odd_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/cmd/plaidgen/internal/odd"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestHiddenValuesDoNotPrint(t *testing.T) {
	types, holders := checkHidden(t, reflect.TypeFor[*odd.Client]())
	require.Equal(t, 21, types)
	require.Equal(t, 9, holders)
}

// What a type has and what it does not know goes through it unchanged.
func TestRoundTrip(t *testing.T) {
	for name, test := range map[string]struct {
		value any
		text  string
	}{
		"everything that is odd": {new(odd.ShopGetResponse), `{"next_cursor":"c","has_more":true,"shop":{"name":"n","format":"f","log_value":0.5,"user_id":"1","userId":"2",
			"level":2,"mood":"3","prices":{"bread":{"amount":2.5,"iso":"EUR"}},"lines":[{"amount":1,"shop":{"name":"m","prices":{},"lines":[]}}],
			"notes":{"a":["b"]},"more":{"x":1},"any":[1,"2"]},"owner":{"names":["o"],"account":"1","request_id":""},"kinds":["NULL","new kind"],
			"opened":"2026-03-02T09:30:00Z","closed_at":null,"request_id":"r","access_tokens":["access-sandbox-1"],"later":{"is":"kept"}}`},
		"a null where there can be one": {new(odd.ShopGetResponse), `{"next_cursor":"","has_more":false,"shop":null,"owner":{"names":[],"account":"","request_id":""},
			"kinds":[],"opened":"2026-03-02T09:30:00Z","closed_at":"2026-03-02","request_id":""}`},
		"objects without properties": {new(odd.ShopGetRequest), `{"access_token":"a","since":"2026-03-02","count":0,"closed":false,"options":{"deep":{"a":{}},"b":1}}`},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, json.Unmarshal([]byte(test.text), test.value))
			data, err := json.Marshal(test.value)
			require.NoError(t, err)
			require.JSONEq(t, test.text, string(data))
		})
	}
}

// client is not held to the specification, which does not know the paths.
func client(t *testing.T, server *wiretest.MemoryServer) *plaidlink.Client {
	return wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: server}), plaidlink.WithMaxRetryDelay(time.Nanosecond))
}

// The methods take and return what those of plaidlink do, without a conversion, and call under their own name and rule.
func TestMethods(t *testing.T) {
	server := wiretest.InMemory(wiretest.Reply(201, `{"request_id":"r","access_token":"access-sandbox-1"}`))
	api := odd.New(client(t, server))
	var response plaidlink.Response
	made, err := api.ShopCreate(t.Context(), odd.ShopCreateRequest{Shop: odd.ShopCreateRequestShop{Name: "n"}}, plaidlink.CaptureResponse(&response))
	require.NoError(t, err)
	require.Equal(t, 201, response.StatusCode)
	require.JSONEq(t, `{"shop":{"name":"n"}}`, server.Requests(t)[0].Body)
	var token gen.AccessToken = made.AccessToken
	require.Equal(t, "access-sandbox-1", string(token))

	failing := wiretest.InMemory(wiretest.ReplyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError))
	api = odd.New(client(t, failing))
	_, err = api.ShopGet(t.Context(), odd.ShopGetRequest{AccessToken: token})
	require.Equal(t, 3, wiretest.RequireFailed(t, err, "shopGet", 500).Attempts, "it reads")
	_, err = api.AccountsBalanceGet(t.Context(), odd.ShopGetRequest{AccessToken: token})
	require.Equal(t, 1, wiretest.RequireFailed(t, err, "accountsBalanceGet", 500).Attempts, "it asks the bank")
	_, err = api.ItemGet(t.Context(), gen.ItemGetRequest{AccessToken: token})
	require.Equal(t, 3, wiretest.RequireFailed(t, err, "itemGet", 500).Attempts, "the client is embedded")
}
