package contract_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/contract"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Each response departs in one way, and nothing else is reported.
func TestResponsesThatDepart(t *testing.T) {
	good := session(2)
	for name, c := range map[string]struct {
		old, new string
		want     string // after "linkTokenGet: response 200: "
		severity contract.Severity
	}{
		"a required property less": {`"link_token":"link-sandbox-0",`, "", "/link_token: missing property: expected a string", contract.Breach},
		"one less deep inside":     {`"link_session_id":"4b9f1c9e",`, "", "/link_sessions/0/link_session_id: missing property: expected a string", contract.Breach},
		"a number for a text":      {`"4b9f1c9e"`, `4`, "/link_sessions/0/link_session_id: wrong type: expected a string", contract.Breach},
		"a text for a list":        {`"bank_income_results":[]`, `"bank_income_results":""`, "/link_sessions/0/results/bank_income_results: wrong type: expected an array", contract.Breach},
		"an object for a list":     {`"bank_income_results":[]`, `"bank_income_results":{"a":1}`, "/link_sessions/0/results/bank_income_results: wrong type: expected an array", contract.Breach},
		"a null not allowed":       {`"link-sandbox-0"`, `null`, "/link_token: wrong type: expected a string, not null", contract.Breach},
		"a number for an enum":     {`["US"]`, `[1]`, "/metadata/country_codes/0: wrong type: expected a string", contract.Breach},
		"a list for the document":  {good, `[]`, "wrong type: expected an object", contract.Breach},
		"not a time":               {`"2026-03-02T13:30:00Z"`, `"` + token + `"`, "/expiration: wrong value: expected a string in the format date-time", contract.Breach},
		"a number beyond range":    {`"4b9f1c9e"`, `1e400`, "/link_sessions/0/link_session_id: wrong value: expected a number within the range of 64 bits", contract.Breach},
		"an unknown enum value":    {`"US"`, `"XX"`, "/metadata/country_codes/0: unknown value: expected one of the values that the specification lists", contract.Growth},
		"an unknown property":      {`"request_id":"t9`, `"score":"` + token + `","request_id":"t9`, "/score: unknown property: expected a property that the specification lists", contract.Growth},
		"an unknown property deep inside": {`"mask":"0000"`, `"mask":"0000","a/b~":{"deeper":1}`,
			"/link_sessions/0/results/item_add_results/0/accounts/0/a~1b~0: unknown property: expected a property that the specification lists", contract.Growth},
		"an unknown property in an event": {`"event_name"`, `"x":1,"event_name"`,
			"/link_sessions/0/events/0/x: unknown property: expected a property that the specification lists", contract.Growth},
		"a name with a line break": {`"request_id":"t9`, `"a\nb":1,"request_id":"t9`, `/a\nb: unknown property: expected a property that the specification lists`, contract.Growth},
		"no JSON":                  {good, "<html>" + token, "not JSON: expected one JSON document in UTF-8, without duplicate names", contract.Breach},
		"nothing":                  {good, "", "not JSON: expected one JSON document in UTF-8, without duplicate names", contract.Breach},
		"bytes after the document": {good, good + `{}`, "not JSON: expected one JSON document in UTF-8, without duplicate names", contract.Breach},
		"a document that is cut":   {good, good[:len(good)/2], "", contract.Breach},
		"a doubled name":           {`"mask":"0000"`, `"mask":"0000","mask":"0000"`, "/link_sessions/0/results/item_add_results/0/accounts/0/mask: not JSON: expected one JSON document", contract.Breach},
		"no UTF-8":                 {"Example App", "\xff", "/metadata/client_name: not JSON", contract.Breach},
	} {
		t.Run(name, func(t *testing.T) {
			rt, got := watch(t, responding(200, "application/json", changed(t, good, c.old, c.new)))
			_, err := send(t, rt, request(t, getPath, getBody))
			require.NoError(t, err)
			require.Len(t, got.all, 1, "%q", got.lines())
			d := got.all[0]
			line := d.String()
			require.True(t, strings.HasPrefix(line, "linkTokenGet: response 200: "+c.want), line)
			require.Equal(t, c.severity, d.Kind.Severity())
			require.Equal(t, contract.Response, d.Direction)
			require.Equal(t, 1, d.Count)
			require.NotContains(t, line, token)
			require.NotContains(t, line, "\n")
		})
	}
}

// The status decides which body is expected.
func TestStatuses(t *testing.T) {
	undeclared := "undeclared status: expected a status that the specification lists, or the body of a failure"
	for name, c := range map[string]struct {
		status     int
		kind, body string
		want       []string
	}{
		"a success":                      {200, "application/json; charset=utf-8", created, nil},
		"a failure":                      {400, "application/json", failed, nil},
		"a failure without a code":       {400, "application/json", changed(t, failed, `"error_code":"INVALID_API_KEYS",`, ""), []string{"linkTokenCreate: response 400: /error_code: missing property: expected a string"}},
		"208 with the body of a failure": {208, "application/json", failed, nil}, // OAUTH_ERROR comes so
		"201 with the body of a success": {201, "application/json", created, []string{"linkTokenCreate: response 201: " + undeclared}},
		"204 with nothing":               {204, "", "", []string{"linkTokenCreate: response 204: " + undeclared}},
		"302":                            {302, "text/html", "<html>", []string{"linkTokenCreate: response 302: " + undeclared}},
		"200 with the body of a failure": {200, "application/json", failed, []string{"/link_token: missing", "/expiration: missing",
			"/display_message: unknown", "/error_code: unknown", "/error_message: unknown", "/error_type: unknown"}},
		"502 from a proxy":                   {502, "text/html", "<html>", []string{"linkTokenCreate: response 502: not JSON: expected the content type application/json"}},
		"500 with a list":                    {500, "application/json", "[]", []string{"linkTokenCreate: response 500: wrong type: expected an object"}},
		"200 with another content type":      {200, "text/plain", created, []string{"linkTokenCreate: response 200: not JSON: expected the content type application/json"}},
		"200 with a content type that is no": {200, ";", created, []string{"linkTokenCreate: response 200: not JSON: expected the content type application/json"}},
	} {
		t.Run(name, func(t *testing.T) {
			rt, got := watch(t, responding(c.status, c.kind, c.body))
			_, err := send(t, rt, request(t, "/link/token/create", goodCreate))
			require.NoError(t, err)
			require.Len(t, got.lines(), len(c.want), "%q", got.lines())
			for i, want := range c.want {
				require.Contains(t, got.lines()[i], want)
			}
		})
	}
}

// compared is what is expected where nothing is compared.
func compared() string {
	var paths []string
	for _, op := range gen.Operations() {
		paths = append(paths, op.Path)
	}
	return "a POST of one of the operations that are compared: " + strings.Join(paths, ", ")
}

// What the package does not know passes through, and breaks nothing.
func TestOtherOperationsPassThrough(t *testing.T) {
	rt, got := watch(t, responding(200, "application/json", `{"accounts":[]}`))
	body, err := send(t, rt, request(t, "/accounts/balance/get", `{"access_token":"`+secret+`"}`))
	require.NoError(t, err)
	require.Equal(t, `{"accounts":[]}`, string(body))
	require.Equal(t, []string{"/accounts/balance/get: request: unknown operation: expected " + compared()}, got.lines())
	require.Equal(t, contract.NotChecked, contract.UnknownOperation.Severity())
}

const goodCreate = `{"client_name":"Example App","language":"en","country_codes":["US"],"user":{"client_user_id":"user-123"},"products":["auth"]}`

// Each request departs in one way.
func TestRequestsThatDepart(t *testing.T) {
	const create = "linkTokenCreate: request: "
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			delete(r.Header, name)
			if value != "" {
				r.Header[name] = []string{value}
			}
		}
	}
	for name, c := range map[string]struct {
		edit     func(*http.Request)
		old, new string
		want     string
	}{
		"a GET":                    {func(r *http.Request) { r.Method = "GET" }, "", "", "/link/token/create: request: unknown operation: expected " + compared()},
		"an unknown path":          {func(r *http.Request) { r.URL.Path = "/accounts/balance/get\n" }, "", "", `/accounts/balance/get\n: request: unknown operation: expected ` + compared()},
		"no client id":             {header("PLAID-CLIENT-ID", ""), "", "", create + "missing or wrong header: expected the header PLAID-CLIENT-ID, once"},
		"no secret":                {header("PLAID-SECRET", ""), "", "", create + "missing or wrong header: expected the header PLAID-SECRET, once"},
		"two secrets":              {header("Plaid-Secret", "a"), "", "", create + "missing or wrong header: expected the header PLAID-SECRET, once"},
		"no version":               {header("Plaid-Version", ""), "", "", create + "missing or wrong header: expected the header Plaid-Version, once"},
		"another version":          {header("Plaid-Version", "2019-05-29"), "", "", create + "missing or wrong header: expected the header Plaid-Version: 2020-09-14"},
		"another content type":     {header("Content-Type", "text/plain"), "", "", create + "missing or wrong header: expected the header Content-Type: application/json"},
		"no content type":          {header("Content-Type", ""), "", "", create + "missing or wrong header: expected the header Content-Type: application/json"},
		"a required property less": {nil, `"language":"en",`, "", create + "/language: missing property: expected a string"},
		"an empty list":            {nil, `["US"]`, `[]`, create + "/country_codes: wrong value: expected an array with a length of at least 1"},
		"an empty text":            {nil, `"Example App"`, `""`, create + "/client_name: wrong value: expected a string with a length of at least 1"},
		"a number that is small":   {nil, `"products"`, `"transactions":{"days_requested":0},"products"`, create + "/transactions/days_requested: wrong value: expected at least 1"},
		"a number that is large":   {nil, `"products"`, `"transactions":{"days_requested":731},"products"`, create + "/transactions/days_requested: wrong value: expected at most 730"},
		"a fraction":               {nil, `"products"`, `"transactions":{"days_requested":30.5},"products"`, create + "/transactions/days_requested: wrong type: expected an integer"},
		"an unknown property":      {nil, `"products"`, `"secret":"` + secret + `","products"`, create + "/secret: unknown property: expected a property that the specification lists"},
		"an unknown enum value":    {nil, `["auth"]`, `["auth","later"]`, create + "/products/1: unknown value: expected one of the values that the specification lists"},
		"no body":                  {func(r *http.Request) { r.Body, r.GetBody = nil, nil }, "", "", create + "not JSON: expected one JSON document in UTF-8, without duplicate names"},
		"a body of no bytes":       {func(r *http.Request) { r.Body, r.GetBody = http.NoBody, nil }, "", "", create + "not JSON: expected one JSON document in UTF-8, without duplicate names"},
		"a prefix before the path": {func(r *http.Request) { r.URL.Path = "/proxy" + r.URL.Path }, `"language":"en",`, "", create + "/language: missing property: expected a string"},
	} {
		for _, again := range []bool{true, false} { // with GetBody and without
			t.Run(name, func(t *testing.T) {
				rt, got := watch(t, responding(200, "application/json", created))
				req := request(t, "/link/token/create", changed(t, goodCreate, c.old, c.new))
				if !again {
					req.GetBody = nil
				}
				if c.edit != nil {
					c.edit(req)
				}
				_, err := send(t, rt, req)
				require.NoError(t, err)
				require.Equal(t, []string{c.want}, got.lines())
				require.Equal(t, contract.Request, got.all[0].Direction)
				require.NotContains(t, got.lines()[0], secret)
			})
		}
	}
}

// What differs in list indexes only is one departure, and there are no more than 100 and a word about the rest.
func TestDeparturesAreBounded(t *testing.T) {
	rt, got := watch(t, responding(200, "application/json", strings.ReplaceAll(session(400), `"event_name"`, `"x":1,"event_name"`)))
	_, err := send(t, rt, request(t, getPath, getBody))
	require.NoError(t, err)
	require.Equal(t, []string{"linkTokenGet: response 200: /link_sessions/0/events/0/x: unknown property: expected a property that the specification lists (400 places)"}, got.lines())

	many := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(created), &many))
	for i := range 1000 {
		many["new_"+strings.Repeat("i", i)] = i
	}
	body, err := json.Marshal(many)
	require.NoError(t, err)
	rt, got = watch(t, responding(200, "application/json", string(body)))
	_, err = send(t, rt, request(t, "/link/token/create", goodCreate))
	require.NoError(t, err)
	require.Len(t, got.all, 101)
	require.Equal(t, "linkTokenCreate: response 200: unchecked: expected at most 100 departures; the rest is not reported", got.lines()[100])
}
