package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/contract"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/contracttest"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

var spec = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(api.OpenAPI) })

// injected allows what HTML() responds with, and properties that a test sends and gets back.
func injected(d contract.Departure) bool {
	return d.Kind == contract.NotJSON || d.Kind == contract.UnknownProperty && strings.HasPrefix(d.Pointer, "/metadata/account_filters/")
}

// checked fails the test on a response of the sandbox that lacks what every response has, or on an error that is not a PlaidError.
type checked struct {
	t    testing.TB
	base http.RoundTripper
}

func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.base.RoundTrip(r)
	if err != nil || strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") { // only HTML() does so
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	checkResponse(c.t, r, response, body)
	return response, nil
}

func checkResponse(t testing.TB, r *http.Request, response *http.Response, body []byte) {
	doc, err := spec()
	if !assert.NoError(t, err) {
		return
	}
	var properties map[string]any
	assert.NoError(t, json.Unmarshal(body, &properties))
	assert.Regexp(t, "^[A-Za-z0-9]{15}$", properties["request_id"], "every response has a request_id")
	assert.Equal(t, "application/json", response.Header.Get("Content-Type"))
	if response.StatusCode >= http.StatusBadRequest {
		for _, name := range []string{"display_message", "suggested_action", "documentation_url"} {
			assert.Contains(t, properties, name)
		}
		assert.NoError(t, doc.Components.Schemas["PlaidError"].Value.VisitJSON(properties, openapi3.VisitAsResponse()))
	}
}

func newServer(t testing.TB, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	server := sandbox.NewServer(opts...)
	t.Cleanup(server.Close)
	return server
}

// newClient makes a client that tries once and whose responses are checked against the specification.
func newClient(t testing.TB, server *sandbox.Server) *plaidlink.Client {
	t.Helper()
	client, err := server.Client(
		plaidlink.WithHTTPClient(contracttest.Client(t, checked{t, newTransport(t)}, contracttest.InRequests, injected)),
		plaidlink.WithMaxAttempts(1),
	)
	require.NoError(t, err)
	return client
}

func newTransport(t testing.TB) *http.Transport {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func start(t testing.TB) (*sandbox.Server, *plaidlink.Client) {
	t.Helper()
	server := newServer(t)
	return server, newClient(t, server)
}

// received is the response to a request without the SDK.
type received struct {
	status              int
	kind, code, message string
	properties          map[string]any
}

// send sends a request with good headers, which edit can change, and checks the response against the specification.
func send(t testing.TB, server *sandbox.Server, method, path, body string, edit func(http.Header)) received {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	credentials := server.Credentials()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("PLAID-CLIENT-ID", credentials.ClientID)
	r.Header.Set("PLAID-SECRET", string(credentials.Secret))
	r.Header.Set("Plaid-Version", plaidlink.APIVersion)
	if edit != nil {
		edit(r.Header)
	}
	response, err := contracttest.Client(t, checked{t, newTransport(t)}, contracttest.InRequests, injected).Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	got := received{status: response.StatusCode}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&got.properties))
	got.kind, _ = got.properties["error_type"].(string)
	got.code, _ = got.properties["error_code"].(string)
	got.message, _ = got.properties["error_message"].(string)
	return got
}

// createRequest is the smallest good request for a new Item.
func createRequest() gen.LinkTokenCreateRequest {
	return gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
	}
}

func create(t testing.TB, client *plaidlink.Client, req gen.LinkTokenCreateRequest) *gen.LinkTokenCreateResponse {
	t.Helper()
	created, err := client.LinkTokenCreate(t.Context(), req)
	require.NoError(t, err)
	return created
}

func get(t testing.TB, client *plaidlink.Client, linkToken string) *gen.LinkTokenGetResponse {
	t.Helper()
	got, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: linkToken})
	require.NoError(t, err)
	return got
}

func exchange(t testing.TB, client *plaidlink.Client, publicToken string) *gen.ItemPublicTokenExchangeResponse {
	t.Helper()
	got, err := client.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: publicToken})
	require.NoError(t, err)
	return got
}

// newPublicToken makes a public token without Link.
func newPublicToken(t testing.TB, client *plaidlink.Client) string {
	t.Helper()
	created, err := client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
		InstitutionID:   "ins_109508",
		InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	require.NoError(t, err)
	return created.PublicToken
}

// requireRefused requires an error of Plaid's with status 400.
func requireRefused(t testing.TB, err error, code plaidlink.ErrorCode, message string) {
	t.Helper()
	var refused *plaidlink.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, http.StatusBadRequest, refused.StatusCode)
	require.Equal(t, code, refused.Code)
	require.Contains(t, refused.Message, message)
}

// failure returns the error of a call, without its result.
func failure[T any](_ T, err error) error { return err }
