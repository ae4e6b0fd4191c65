package sandbox_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

const goodCreate = `{"client_name":"Example","language":"en","country_codes":["US"],"user":{"client_user_id":"u"},"products":["auth"]}`

// createWith is goodCreate with more properties.
func createWith(properties string) string {
	return strings.TrimSuffix(goodCreate, "}") + "," + properties + "}"
}

func TestRefusals(t *testing.T) {
	server := newServer(t)
	header := func(name string, values ...string) func(http.Header) {
		return func(h http.Header) { h[http.CanonicalHeaderKey(name)] = values }
	}
	const (
		createPath = "/link/token/create"
		getPath    = "/link/token/get"
	)
	for name, test := range map[string]struct {
		method, path, body string
		edit               func(http.Header)
		status             int
		code, message      string
	}{
		// Paths and methods.
		"an unknown path":                {"POST", "/link/token/delete", `{}`, nil, 404, "NOT_FOUND", "register a handler"},
		"a slash too many":               {"POST", "/link/token/get/", `{}`, nil, 404, "NOT_FOUND", ""},
		"paths are matched by case":      {"POST", "/Link/token/get", `{}`, nil, 404, "NOT_FOUND", ""},
		"no operation is a GET":          {"GET", getPath, "", nil, 404, "NOT_FOUND", ""},
		"an unknown control path":        {"POST", "/_sandbox/link/start", `{}`, nil, 404, "NOT_FOUND", ""},
		"the control endpoint by GET":    {"GET", "/_sandbox/link/finish", "", nil, 404, "NOT_FOUND", ""},
		"a request of another operation": {"POST", getPath, goodCreate, nil, 400, "MISSING_FIELDS", "link_token"},

		// Headers.
		"no Content-Type":    {"POST", createPath, goodCreate, header("Content-Type"), 400, "INVALID_HEADERS", "Content-Type"},
		"a form":             {"POST", createPath, goodCreate, header("Content-Type", "application/x-www-form-urlencoded"), 400, "INVALID_HEADERS", "Content-Type"},
		"a later version":    {"POST", createPath, goodCreate, header("Plaid-Version", "2026-01-01"), 400, "INVALID_HEADERS", "Plaid-Version"},
		"no client id":       {"POST", createPath, goodCreate, header("PLAID-CLIENT-ID"), 400, "INVALID_API_KEYS", "PLAID-CLIENT-ID"},
		"no secret":          {"POST", createPath, goodCreate, header("PLAID-SECRET"), 400, "INVALID_API_KEYS", "PLAID-SECRET"},
		"another client id":  {"POST", createPath, goodCreate, header("PLAID-CLIENT-ID", "other"), 400, "INVALID_API_KEYS", "client_id"},
		"another secret":     {"POST", createPath, goodCreate, header("PLAID-SECRET", "other"), 400, "INVALID_API_KEYS", "secret"},
		"an empty secret":    {"POST", createPath, goodCreate, header("PLAID-SECRET", ""), 400, "INVALID_API_KEYS", "secret"},
		"a wrong second one": {"POST", createPath, goodCreate, header("PLAID-SECRET", "sandbox-secret", "other"), 400, "INVALID_API_KEYS", "secret"},
		"header and body that differ": {
			"POST", createPath, createWith(`"secret":"other"`), nil, 400, "INVALID_API_KEYS", "secret",
		},
		"a secret that is not a string": {
			"POST", createPath, createWith(`"secret":7`), header("PLAID-SECRET"), 400, "INVALID_API_KEYS", "secret",
		},

		// Bodies.
		"no body":                {"POST", createPath, "", nil, 400, "INVALID_BODY", "one JSON object"},
		"no JSON":                {"POST", createPath, "client_name=Example", nil, 400, "INVALID_BODY", ""},
		"a list":                 {"POST", createPath, "[]", nil, 400, "INVALID_BODY", ""},
		"null":                   {"POST", createPath, "null", nil, 400, "INVALID_BODY", ""},
		"half an object":         {"POST", createPath, goodCreate[:40], nil, 400, "INVALID_BODY", ""},
		"bytes after the object": {"POST", createPath, goodCreate + "garbage", nil, 400, "INVALID_BODY", ""},
		"a name twice":           {"POST", createPath, createWith(`"language":"fr"`), nil, 400, "INVALID_BODY", "duplicate"},
		"bad UTF-8":              {"POST", createPath, strings.Replace(goodCreate, "Example", "\xff", 1), nil, 400, "INVALID_BODY", "UTF-8"},
		"over 1 MiB": {
			"POST", createPath, createWith(`"x":"` + strings.Repeat("x", 1<<20) + `"`), nil, 400, "INVALID_BODY", "larger than 1048576",
		},

		// Fields.
		"all missing fields are named": {
			"POST", createPath, `{"language":"en","country_codes":["US"],"user":{}}`, nil,
			400, "MISSING_FIELDS", "the following required fields are missing: client_name, user.client_user_id",
		},
		"missing goes before wrong":      {"POST", createPath, `{"language":7,"country_codes":["US"],"user":{"client_user_id":"u"}}`, nil, 400, "MISSING_FIELDS", "client_name"},
		"a missing field inside":         {"POST", createPath, createWith(`"statements":{"end_date":"2026-01-31"}`), nil, 400, "MISSING_FIELDS", "statements.start_date"},
		"names are matched by case":      {"POST", getPath, `{"Link_Token":"x"}`, nil, 400, "MISSING_FIELDS", "link_token"},
		"a number for a text":            {"POST", getPath, `{"link_token":7}`, nil, 400, "INVALID_FIELD", "link_token must be a string"},
		"null where none is allowed":     {"POST", getPath, `{"link_token":null}`, nil, 400, "INVALID_FIELD", "link_token must be a string, not null"},
		"no country":                     {"POST", createPath, strings.Replace(goodCreate, `"US"`, "", 1), nil, 400, "INVALID_FIELD", "country_codes must be an array with a length of at least 1"},
		"an empty name":                  {"POST", createPath, strings.Replace(goodCreate, "Example", "", 1), nil, 400, "INVALID_FIELD", "client_name must be a string with a length of at least 1"},
		"under the minimum":              {"POST", createPath, createWith(`"transactions":{"days_requested":0}`), nil, 400, "INVALID_FIELD", "transactions.days_requested must be at least 1"},
		"over the maximum":               {"POST", createPath, createWith(`"transactions":{"days_requested":731}`), nil, 400, "INVALID_FIELD", "transactions.days_requested must be at most 730"},
		"half a day":                     {"POST", createPath, createWith(`"transactions":{"days_requested":1.5}`), nil, 400, "INVALID_FIELD", "transactions.days_requested must be an integer"},
		"a date of another form":         {"POST", createPath, createWith(`"statements":{"start_date":"1.1.2026","end_date":"2026-01-31"}`), nil, 400, "INVALID_FIELD", "statements.start_date must be a string in the format date"},
		"a day that no calendar has":     {"POST", createPath, createWith(`"statements":{"start_date":"2026-02-30","end_date":"2026-03-31"}`), nil, 400, "INVALID_FIELD", "statements.start_date has a wrong type or is out of range"},
		"a number that no int holds":     {"POST", createPath, createWith(`"hosted_link":{"url_lifetime_seconds":1e30}`), nil, 400, "INVALID_FIELD", "hosted_link.url_lifetime_seconds has a wrong type or is out of range"},
		"hosted_link must be an object":  {"POST", createPath, createWith(`"hosted_link":null`), nil, 400, "INVALID_FIELD", "hosted_link must be an object, not null"},
		"every wrong field is named":     {"POST", createPath, createWith(`"webhook":1,"auth":[]`), nil, 400, "INVALID_FIELD", "auth must be an object; webhook must be a string"},
		"control: an unknown outcome":    {"POST", "/_sandbox/link/finish", `{"link_token":"link-sandbox-1","outcome":"maybe"}`, nil, 400, "INVALID_FIELD", "success or exit"},
		"control: a token of wrong type": {"POST", "/_sandbox/link/finish", `{"link_token":1,"outcome":"exit"}`, nil, 400, "INVALID_FIELD", "link_token has a wrong type"},
		"control: an unknown token":      {"POST", "/_sandbox/link/finish", `{"link_token":"link-sandbox-1","outcome":"exit"}`, nil, 400, "INVALID_LINK_TOKEN", "was not made"},
		"control: no JSON":               {"POST", "/_sandbox/link/finish", ``, nil, 400, "INVALID_BODY", ""},
		"control: a form of a web page":  {"POST", "/_sandbox/link/finish", `{}`, header("Content-Type", "text/plain"), 400, "INVALID_HEADERS", "Content-Type"},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, server, test.method, test.path, test.body, test.edit)
			require.Equal(t, test.status, got.status)
			require.Equal(t, test.code, got.code)
			require.Contains(t, got.message, test.message)
			kind := "INVALID_REQUEST"
			if test.code == "INVALID_API_KEYS" || test.code == "INVALID_LINK_TOKEN" {
				kind = "INVALID_INPUT"
			}
			require.Equal(t, kind, got.kind)
		})
	}
}

func TestAccepted(t *testing.T) {
	server := newServer(t)
	credentials := server.Credentials()
	inBody := createWith(fmt.Sprintf(`"client_id":%q,"secret":%q`, credentials.ClientID, string(credentials.Secret)))
	without := func(names ...string) func(http.Header) {
		return func(h http.Header) {
			for _, name := range names {
				h.Del(name)
			}
		}
	}
	for name, test := range map[string]struct {
		body string
		edit func(http.Header)
	}{
		"credentials in the body":             {inBody, without("PLAID-CLIENT-ID", "PLAID-SECRET")},
		"credentials in both":                 {inBody, nil},
		"no version: the account's counts":    {goodCreate, without("Plaid-Version")},
		"a charset":                           {goodCreate, func(h http.Header) { h.Set("Content-Type", "application/json; charset=utf-8") }},
		"properties of a newer specification": {createWith(`"new_property":{"a":[1]}`), nil},
		"the same inside":                     {strings.Replace(goodCreate, `"u"`, `"u","new":1`, 1), nil},
		"null where the specification allows": {createWith(`"optional_products":null,"access_token":null`), nil},
		"an enum value of a newer one":        {strings.Replace(goodCreate, `["auth"]`, `["auth","new_product"]`, 1), nil},
		"a country of a newer one":            {strings.Replace(goodCreate, "US", "XX", 1), nil},
		"white space":                         {" \n" + goodCreate + "\n ", nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, http.StatusOK, send(t, server, "POST", "/link/token/create", test.body, test.edit).status)
		})
	}
}

// What a newer client may send is refused on request.
func TestStrict(t *testing.T) {
	server := newServer(t, sandbox.WithStrict())
	require.Equal(t, http.StatusOK, send(t, server, "POST", "/link/token/create", goodCreate, nil).status)
	require.Equal(t, http.StatusOK, send(t, server, "POST", "/link/token/create", createWith(`"client_id":"sandbox-client-id","secret":"sandbox-secret"`), nil).status)
	for name, test := range map[string]struct{ body, code, message string }{
		"an unknown property":  {createWith(`"new":1`), "UNKNOWN_FIELDS", "the following fields are unknown: new"},
		"several":              {createWith(`"new":1,"hosted_link":{"secret":1}`), "UNKNOWN_FIELDS", "hosted_link.secret, new"},
		"an unknown product":   {strings.Replace(goodCreate, `"auth"`, `"new"`, 1), "INVALID_FIELD", "products.0 must be one of the values that the specification lists"},
		"an unknown country":   {strings.Replace(goodCreate, "US", "XX", 1), "INVALID_FIELD", "country_codes.0 must be one of"},
		"missing goes first":   {`{"new":1}`, "MISSING_FIELDS", "client_name"},
		"wrong goes before it": {createWith(`"webhook":1,"new":1`), "INVALID_FIELD", "webhook must be a string"},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, server, "POST", "/link/token/create", test.body, nil)
			require.Equal(t, test.code, got.code)
			require.Contains(t, got.message, test.message)
		})
	}
}

// A client that promises more bytes than it sends gets a response all the same.
func TestBodyThatEndsEarly(t *testing.T) {
	address := strings.TrimPrefix(newServer(t).URL, "http://")
	connection, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer connection.Close()
	_, err = fmt.Fprintf(connection, "POST /link/token/get HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{}", address)
	require.NoError(t, err)
	require.NoError(t, connection.(*net.TCPConn).CloseWrite())
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusBadRequest, response.StatusCode)
	var properties map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&properties))
	require.Equal(t, "INVALID_BODY", properties["error_code"])
	require.Equal(t, "the body ended early", properties["error_message"])
}

func TestWithCredentials(t *testing.T) {
	usual := newServer(t).Credentials()
	for name, test := range map[string]struct{ given, want plaidlink.Credentials }{
		"both":           {plaidlink.Credentials{ClientID: "my-id", Secret: "my-secret"}, plaidlink.Credentials{ClientID: "my-id", Secret: "my-secret"}},
		"the id only":    {plaidlink.Credentials{ClientID: "my-id"}, plaidlink.Credentials{ClientID: "my-id", Secret: usual.Secret}},
		"an empty value": {plaidlink.Credentials{}, usual},
	} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t, sandbox.WithCredentials(test.given))
			require.Equal(t, test.want, server.Credentials())
			create(t, newClient(t, server), createRequest())
		})
	}
}
