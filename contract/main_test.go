package contract_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/contract"
)

// A token and a secret that no departure may show.
const (
	secret = "secret-5b1f0e7c"
	token  = "access-sandbox-c0ffee"
)

var spec = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(api.OpenAPI) })

// network is a next round tripper. It reads the request's body as net/http does.
type network func(*http.Request) (*http.Response, error)

func (n network) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
	}
	return n(req)
}

// responding responds with a status, a content type and a body of unknown length.
func responding(status int, contentType, body string) network {
	return func(req *http.Request) (*http.Response, error) {
		return response(req, status, contentType, io.NopCloser(strings.NewReader(body))), nil
	}
}

func response(req *http.Request, status int, contentType string, body io.ReadCloser) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {contentType}}, Body: body, ContentLength: -1, Request: req}
}

// reported collects what a contract reports.
type reported struct {
	mu  sync.Mutex
	all []contract.Departure
}

func (r *reported) add(_ context.Context, d contract.Departure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, d)
}

// lines are the departures as they print.
func (r *reported) lines() (lines []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range r.all {
		lines = append(lines, d.String())
	}
	return lines
}

func watch(t testing.TB, next http.RoundTripper) (http.RoundTripper, *reported) {
	t.Helper()
	var got reported
	rt, err := contract.New(next, got.add)
	require.NoError(t, err)
	return rt, &got
}

// request is a good one, but for its body.
func request(t testing.TB, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://plaid.test"+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header["PLAID-CLIENT-ID"] = []string{"an id"} // not canonical, as the client sends it
	req.Header["PLAID-SECRET"] = []string{secret}
	req.Header.Set("Plaid-Version", "2020-09-14")
	return req
}

// send sends a request and reads the whole response.
func send(t testing.TB, rt http.RoundTripper, req *http.Request) (body []byte, err error) {
	t.Helper()
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer func() { require.NoError(t, resp.Body.Close()) }()
	return io.ReadAll(resp.Body)
}

const (
	getPath = "/link/token/get"
	getBody = `{"link_token":"link-sandbox-0"}`

	created = `{"link_token":"link-sandbox-0","expiration":"2026-03-02T10:00:00Z","request_id":"XQVgFigpGHXkb0b"}`
	failed  = `{"error_type":"INVALID_INPUT","error_code":"INVALID_API_KEYS","error_message":"no","display_message":null,"request_id":"r"}`
)

// session is a response of linkTokenGet, with lists in lists.
func session(events int) string {
	event := `{"event_id":"3080d96f-6267-4085-b13e-3dd379be2cab","event_metadata":{"institution_id":"ins_109508","institution_name":"First Platypus Bank",` +
		`"request_id":"UknWzE4539kcqVp"},"event_name":"HANDOFF","timestamp":"2026-03-02T09:32:41Z"}`
	account := `{"id":"Lx3kVqZ7mBhw4tR9yNcJ6dPfGs8aEu1oK5iTj","name":"Plaid Checking","mask":"0000","type":"depository","subtype":"checking","class_type":null}`
	return `{"created_at":"2026-03-02T09:30:00Z","expiration":"2026-03-02T13:30:00Z","link_token":"link-sandbox-0","link_sessions":[{` +
		`"link_session_id":"4b9f1c9e","started_at":"2026-03-02T09:31:07.185245302Z","finished_at":"2026-03-02T09:32:41Z","exit":null,"events":[` +
		strings.TrimSuffix(strings.Repeat(event+",", events), ",") + `],"results":{"item_add_results":[{"public_token":"public-sandbox-0","accounts":[` +
		account + "," + account + `],"institution":{"institution_id":"ins_109508","name":"First Platypus Bank"}}],"bank_income_results":[]` + otherResults() + `}}],` +
		`"metadata":{"client_name":"Example App","country_codes":["US"],"initial_products":["auth"],"language":"en","redirect_uri":null,"webhook":null},` +
		`"request_id":"t9VfM3cQx8YkRb2"}`
}

// otherResults are the results of a session that the specification requires besides those that the tests know.
var otherResults = sync.OnceValue(func() string {
	doc, err := spec()
	if err != nil {
		panic(err)
	}
	out := ""
	results := doc.Components.Schemas["LinkSessionResults"].Value
	for _, name := range results.Required {
		switch {
		case name == "item_add_results" || name == "bank_income_results":
		case results.Properties[name].Value.Type.Is("array"):
			out += `,"` + name + `":[]`
		default:
			out += `,"` + name + `":null`
		}
	}
	return out
})

// changed replaces one part of a text, which must be there.
func changed(t testing.TB, text, old, new string) string {
	t.Helper()
	require.Contains(t, text, old)
	return strings.Replace(text, old, new, 1)
}

// gate is a body that gives what it has and then an error.
type gate struct {
	io.Reader
	end    error
	closed chan struct{}
}

func newGate(data []byte, end error) *gate {
	return &gate{Reader: bytes.NewReader(data), end: end, closed: make(chan struct{})}
}

func (g *gate) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err == io.EOF {
		err = g.end
	}
	return n, err
}

func (g *gate) Close() error {
	close(g.closed)
	return nil
}
