package repo_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// The surface of the client is that of the specification: operations, servers, credentials, version, both ways.

func TestEveryOperationHasAMethodAndTheReverse(t *testing.T) {
	require.Empty(t, unlikeOperations(altered(t, "", ""), reflect.TypeFor[*plaidlink.Client](), reflect.TypeFor[*gen.Client]()))

	type less struct{ plaidlink.Client } // its methods are of the value: String and Format alone
	more := altered(t, "operationId: linkTokenGet\n", "operationId: linkTokenRead\n")
	require.Equal(t, []string{
		"gen.Client.LinkTokenGet: no operation has this name",
		"linkTokenRead: gen.Client has no method",
		"linkTokenRead: plaidlink.Client has no method",
		"plaidlink.Client.LinkTokenGet: no operation has this name",
	}, unlikeOperations(more, reflect.TypeFor[*plaidlink.Client](), reflect.TypeFor[*gen.Client]()))
	require.Len(t, unlikeOperations(altered(t, "", ""), reflect.TypeFor[less](), reflect.TypeFor[*gen.Client]()), 19)
	other := altered(t, "$ref: '#/components/schemas/LinkTokenGetRequest'", "$ref: '#/components/schemas/LinkTokenCreateRequest'")
	require.Equal(t, []string{"linkTokenGet: the method takes LinkTokenGetRequest, not LinkTokenCreateRequest"},
		unlikeOperations(other, reflect.TypeFor[*plaidlink.Client](), reflect.TypeFor[*gen.Client]()))
}

// unlikeOperations returns where methods and operations differ.
func unlikeOperations(doc *openapi3.T, client, generated reflect.Type) (found []string) {
	operations := map[string]*openapi3.Operation{}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			operations[strings.ToLower(op.OperationID)] = op
		}
	}
	methods, calls := calls(client), calls(generated)
	for name, op := range operations {
		method, ok := methods[name]
		if !ok {
			found = append(found, op.OperationID+": plaidlink.Client has no method")
		} else {
			request := schemaName(op.RequestBody.Value.Content)
			if have := method.Type.In(2).Name(); !strings.EqualFold(have, request) {
				found = append(found, fmt.Sprintf("%s: the method takes %s, not %s", op.OperationID, have, request))
			}
			response := schemaName(op.Responses.Status(http.StatusOK).Value.Content)
			if have := method.Type.Out(0).Elem().Name(); !strings.EqualFold(have, response) {
				found = append(found, fmt.Sprintf("%s: the method returns %s, not %s", op.OperationID, have, response))
			}
		}
		if _, ok := calls[name]; !ok {
			found = append(found, op.OperationID+": gen.Client has no method")
		}
	}
	for name, method := range methods {
		if operations[name] == nil {
			found = append(found, "plaidlink.Client."+method.Name+": no operation has this name")
		}
	}
	for name, method := range calls {
		if operations[name] == nil {
			found = append(found, "gen.Client."+method.Name+": no operation has this name")
		}
	}
	slices.Sort(found)
	return found
}

// calls are the methods that take a context and a request, by their name in lower case.
func calls(client reflect.Type) map[string]reflect.Method {
	found := map[string]reflect.Method{}
	for method := range client.Methods() {
		if method.Type.NumIn() > 2 && method.Type.In(1) == reflect.TypeFor[context.Context]() && method.Type.In(2).Kind() == reflect.Struct {
			found[strings.ToLower(method.Name)] = method
		}
	}
	return found
}

func schemaName(content openapi3.Content) string {
	ref := content.Get("application/json").Schema.Ref
	return ref[strings.LastIndex(ref, "/")+1:]
}

// altered is the specification with one change, or with none.
func altered(t *testing.T, old, new string) *openapi3.T {
	t.Helper()
	require.Contains(t, string(api.OpenAPI), old)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(strings.Replace(string(api.OpenAPI), old, new, 1)))
	require.NoError(t, err)
	return doc
}

// Each method posts to the path of its operation, with the headers of the specification.
func TestEveryMethodSendsWhatIsSpecified(t *testing.T) {
	sent := map[string]*http.Request{}
	client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{
		Transport: wiretest.RoundTripper(func(req *http.Request) (*http.Response, error) {
			attempt, _ := plaidlink.AttemptFrom(req.Context())
			sent[attempt.Operation] = req
			return wiretest.Reply(404, `{}`)(req)
		}),
	}))
	for _, method := range calls(reflect.TypeFor[*plaidlink.Client]()) {
		method.Func.Call([]reflect.Value{reflect.ValueOf(client), reflect.ValueOf(t.Context()), reflect.Zero(method.Type.In(2))})
	}
	require.Len(t, sent, altered(t, "", "").Paths.Len())
	for path, item := range altered(t, "", "").Paths.Map() {
		req := sent[item.Post.OperationID]
		require.NotNil(t, req, item.Post.OperationID)
		require.Equal(t, path, req.URL.Path)
		require.Equal(t, http.MethodPost, req.Method)
		require.Empty(t, unlikeHeaders(altered(t, "", ""), req.Header))
	}

	header := sent["linkTokenGet"].Header
	for name, doc := range map[string]*openapi3.T{
		"Plaid-Version is sent": altered(t, "name: Plaid-Version", "name: Plaid-Api-Version"),
		"Plaid-Api-Version is":  altered(t, "name: Plaid-Version", "name: Plaid-Api-Version"),
		"PLAID-SECRET is":       altered(t, "    secret: []\n", ""),
		"PLAID-CLIENT-ID is":    altered(t, "name: PLAID-CLIENT-ID", "name: PLAID-CLIENT"),
		"Plaid-Version is not":  altered(t, "  version: 2020-09-14_", "  version: 2027-01-01_"),
	} {
		require.Contains(t, strings.ToLower(strings.Join(unlikeHeaders(doc, header), "\n")), strings.ToLower(name))
	}
	header = header.Clone()
	maps.DeleteFunc(header, func(name string, _ []string) bool { return strings.EqualFold(name, "PLAID-SECRET") })
	require.Equal(t, []string{"PLAID-SECRET is required, and is not sent"}, unlikeHeaders(altered(t, "", ""), header))
}

// unlikeHeaders returns where the headers of Plaid's that are sent differ from the security of the specification.
func unlikeHeaders(doc *openapi3.T, header http.Header) (found []string) {
	want := map[string]string{}
	for _, requirement := range doc.Security {
		for scheme := range requirement {
			name := doc.Components.SecuritySchemes[scheme].Value.Name
			want[strings.ToLower(name)] = name
		}
	}
	have := map[string]string{}
	for name, values := range header {
		if strings.HasPrefix(strings.ToLower(name), "plaid") {
			have[strings.ToLower(name)] = values[0]
		}
	}
	for key, name := range want {
		if have[key] == "" {
			found = append(found, name+" is required, and is not sent")
		}
	}
	for key := range have {
		if want[key] == "" {
			found = append(found, key+" is sent, and is not required")
		}
	}
	date, _, _ := strings.Cut(doc.Info.Version, "_")
	if version := have["plaid-version"]; version != date || version != plaidlink.APIVersion {
		found = append(found, fmt.Sprintf("plaid-version is not %s: %s is sent", date, version))
	}
	slices.Sort(found)
	return found
}

// There is an environment for each server of the specification, and no other, in the client and in the generated code.
func TestServersAreOfTheSpecification(t *testing.T) {
	require.Empty(t, unlikeServers(t, altered(t, "", "")))
	for _, c := range [][2]string{
		{"url: https://sandbox.plaid.com", "url: https://sandbox.example.com"},
		{"  - description: Development\n    url: https://development.plaid.com\n    x-retired: '2024-06-20'\n", ""},
		{"servers:\n", "servers:\n  - {description: Staging, url: 'https://staging.plaid.com'}\n"},
	} {
		require.Len(t, unlikeServers(t, altered(t, c[0], c[1])), 2, "%v: the client and the generated code", c)
	}
}

var (
	environment = regexp.MustCompile(`(?m)^\t\w+ +Environment += "(\w+)"$`)
	serverURL   = regexp.MustCompile(`(?m)^const ServerURL(\w+) = "(.+)"$`)
)

func unlikeServers(t *testing.T, doc *openapi3.T) (found []string) {
	t.Helper()
	want := map[string]string{}
	for _, server := range doc.Servers {
		want[strings.ToLower(server.Description)] = server.URL
	}
	client := map[string]string{}
	for _, m := range environment.FindAllStringSubmatch(readFile(t, "environment.go"), -1) {
		client[m[1]] = plaidlink.Environment(m[1]).BaseURL()
	}
	constants := map[string]string{}
	for _, m := range serverURL.FindAllStringSubmatch(readFile(t, "gen/plaid.gen.go"), -1) {
		constants[strings.ToLower(m[1])] = m[2]
	}
	for name, have := range map[string]map[string]string{"environment.go": client, "gen": constants} {
		if !maps.Equal(want, have) {
			found = append(found, fmt.Sprintf("%s: expected %v, found %v", name, want, have))
		}
	}
	return found
}
