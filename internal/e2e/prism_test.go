package e2e_test

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/gen"
)

var specification = sync.OnceValues(func() (*openapi3.T, error) {
	return openapi3.NewLoader().LoadFromData(api.OpenAPI)
})

var prismReady = regexp.MustCompile(`Prism is listening on (http://127\.0\.0\.1:[0-9]+)\n`)

// startPrism serves a mock of the specification until the end of the test. With --errors it also refuses to send a
// response that does not fit the specification.
func startPrism(t *testing.T) site {
	t.Helper()
	needNode(t, "node")
	cli := filepath.Join("node", "node_modules", "@stoplight", "prism-cli", "dist", "index.js")
	match, _ := start(t, prismReady, "node", cli, "mock", "--errors", "--host", "127.0.0.1", "--port", "0",
		"--seed", "plaidlink", "../../api/openapi.yaml")
	return site{URL: match[1], ClientID: "prism-client-id", Secret: "prism-secret"}
}

// operation is an operation that package plaidlink calls.
type operation struct {
	gen.Operation
	request reflect.Type
	call    func(*plaidlink.Client, context.Context, any, ...plaidlink.CallOption) (any, error)
}

var operations = []operation{
	calls(gen.OperationItemPublicTokenExchange, (*plaidlink.Client).ItemPublicTokenExchange),
	calls(gen.OperationLinkOAuthCorrelationIDExchange, (*plaidlink.Client).LinkOAuthCorrelationIDExchange),
	calls(gen.OperationLinkProfileEligibilityCheck, (*plaidlink.Client).LinkProfileEligibilityCheck),
	calls(gen.OperationLinkTokenCreate, (*plaidlink.Client).LinkTokenCreate),
	calls(gen.OperationLinkTokenGet, (*plaidlink.Client).LinkTokenGet),
	calls(gen.OperationSandboxPublicTokenCreate, (*plaidlink.Client).SandboxPublicTokenCreate),
	calls(gen.OperationWebhookVerificationKeyGet, (*plaidlink.Client).WebhookVerificationKeyGet),
	calls(gen.OperationAccountsGet, (*plaidlink.Client).AccountsGet),
	calls(gen.OperationInstitutionsGetByID, (*plaidlink.Client).InstitutionsGetByID),
	calls(gen.OperationItemAccessTokenInvalidate, (*plaidlink.Client).ItemAccessTokenInvalidate),
	calls(gen.OperationItemGet, (*plaidlink.Client).ItemGet),
	calls(gen.OperationItemRemove, (*plaidlink.Client).ItemRemove),
	calls(gen.OperationItemWebhookUpdate, (*plaidlink.Client).ItemWebhookUpdate),
	calls(gen.OperationSandboxItemFireWebhook, (*plaidlink.Client).SandboxItemFireWebhook),
	calls(gen.OperationSandboxItemResetLogin, (*plaidlink.Client).SandboxItemResetLogin),
	calls(gen.OperationUserCreate, (*plaidlink.Client).UserCreate),
	calls(gen.OperationUserGet, (*plaidlink.Client).UserGet),
	calls(gen.OperationUserRemove, (*plaidlink.Client).UserRemove),
	calls(gen.OperationUserUpdate, (*plaidlink.Client).UserUpdate),
}

func calls[Req, Resp any](
	op gen.Operation, method func(*plaidlink.Client, context.Context, Req, ...plaidlink.CallOption) (*Resp, error),
) operation {
	call := func(c *plaidlink.Client, ctx context.Context, req any, opts ...plaidlink.CallOption) (any, error) {
		return method(c, ctx, req.(Req), opts...)
	}
	return operation{op, reflect.TypeFor[Req](), call}
}

// schema returns the schema of the request.
func (o operation) schema(t *testing.T) *openapi3.Schema {
	t.Helper()
	doc, err := specification()
	require.NoError(t, err)
	return doc.Paths.Value(o.Path).Post.RequestBody.Value.Content.Get("application/json").Schema.Value
}

// filled returns a request of the operation.
func (o operation) filled(t *testing.T, how extent) any {
	t.Helper()
	value := reflect.New(o.request)
	how.fill(t, value.Elem(), o.schema(t))
	return value.Elem().Interface()
}

// body returns a request as JSON.
func (o operation) body(t *testing.T, how extent) map[string]any {
	t.Helper()
	data, err := json.Marshal(o.filled(t, how))
	require.NoError(t, err)
	var properties map[string]any
	require.NoError(t, json.Unmarshal(data, &properties))
	return properties
}

func TestPrismKnowsEveryOperation(t *testing.T) {
	doc, err := specification()
	require.NoError(t, err)
	var want, have []string
	for path := range doc.Paths.Map() {
		want = append(want, path)
	}
	for _, op := range operations {
		have = append(have, op.Path)
	}
	slices.Sort(want)
	slices.Sort(have)
	require.Equal(t, want, have)
}

func newClient(t *testing.T, of site, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	opts = append(opts, plaidlink.WithBaseURL(of.URL), plaidlink.WithHTTPClient(newHTTPClient(t)), plaidlink.WithMaxAttempts(1))
	credentials := plaidlink.Credentials{ClientID: of.ClientID, Secret: plaidlink.Secret(of.Secret)}
	client, err := plaidlink.New(plaidlink.Sandbox, credentials, opts...)
	require.NoError(t, err)
	return client
}

// Prism accepts what the client sends, and the client reads the example that Prism responds with.
func TestPrismAccepts(t *testing.T) {
	client := newClient(t, startPrism(t))
	for _, op := range operations {
		for name, how := range map[string]extent{"minimal": minimal, "lowest": lowest, "highest": highest} {
			prism.check(t, op.ID+", "+name, func(t *testing.T) {
				var response plaidlink.Response
				got, err := op.call(client, t.Context(), op.filled(t, how), plaidlink.CaptureResponse(&response))
				require.Empty(t, response.Header.Get(violationsHeader))
				require.NoError(t, err)
				require.Equal(t, http.StatusOK, response.StatusCode)
				require.NotEmpty(t, response.RequestID)
				require.Contains(t, op.examples(t), asJSON(t, got))
			})
		}
	}
}

// The client reads what Prism makes up from the schemas.
func TestPrismMakesUpResponses(t *testing.T) {
	client := newClient(t, startPrism(t), plaidlink.WithHeader("Prefer", "dynamic=true"))
	for _, op := range operations {
		prism.check(t, op.ID+", 10 responses", func(t *testing.T) {
			examples := op.examples(t)
			for range 10 {
				got, err := op.call(client, t.Context(), op.filled(t, minimal))
				require.NoError(t, err)
				require.NotContains(t, examples, asJSON(t, got))
			}
		})
	}
}

// examples returns the example responses of the specification.
func (o operation) examples(t *testing.T) (all []any) {
	t.Helper()
	doc, err := specification()
	require.NoError(t, err)
	response := doc.Paths.Value(o.Path).Post.Responses.Status(http.StatusOK).Value
	for _, example := range response.Content.Get("application/json").Examples {
		all = append(all, asJSON(t, example.Value.Value))
	}
	return all
}

func asJSON(t *testing.T, value any) (decoded any) {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &decoded))
	return decoded
}
