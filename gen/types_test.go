package gen_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/wire"
)

// rootTypes are the generated types that are not part of another; the rest is reached through their fields.
var rootTypes = []any{
	gen.ItemPublicTokenExchangeRequest{}, gen.ItemPublicTokenExchangeResponse{},
	gen.LinkOAuthCorrelationIDExchangeRequest{}, gen.LinkOAuthCorrelationIDExchangeResponse{},
	gen.LinkProfileEligibilityCheckRequest{}, gen.LinkProfileEligibilityCheckResponse{},
	gen.LinkTokenCreateRequest{}, gen.LinkTokenCreateResponse{},
	gen.LinkTokenGetRequest{}, gen.LinkTokenGetResponse{},
	gen.SandboxPublicTokenCreateRequest{}, gen.SandboxPublicTokenCreateResponse{},
	gen.WebhookVerificationKeyGetRequest{}, gen.WebhookVerificationKeyGetResponse{},
	gen.AccountsGetRequest{}, gen.AccountsGetResponse{}, gen.InstitutionsGetByIDRequest{}, gen.InstitutionsGetByIDResponse{},
	gen.ItemGetRequest{}, gen.ItemGetResponse{}, gen.ItemRemoveRequest{}, gen.ItemRemoveResponse{},
	gen.ItemAccessTokenInvalidateRequest{}, gen.ItemAccessTokenInvalidateResponse{},
	gen.ItemWebhookUpdateRequest{}, gen.ItemWebhookUpdateResponse{},
	gen.UserCreateRequest{}, gen.UserCreateResponse{}, gen.UserGetRequest{}, gen.UserGetResponse{},
	gen.UserUpdateRequest{}, gen.UserUpdateResponse{}, gen.UserRemoveRequest{}, gen.UserRemoveResponse{},
	gen.SandboxItemResetLoginRequest{}, gen.SandboxItemResetLoginResponse{},
	gen.SandboxItemFireWebhookRequest{}, gen.SandboxItemFireWebhookResponse{},
	gen.LinkSessionFinishedWebhook{}, gen.LinkEventsWebhook{},
	gen.ItemAddResultWebhook{}, gen.ItemErrorWebhook{}, gen.ItemLoginRepairedWebhook{}, gen.PendingExpirationWebhook{},
	gen.PendingDisconnectWebhook{}, gen.UserPermissionRevokedWebhook{}, gen.UserAccountRevokedWebhook{},
	gen.NewAccountsAvailableWebhook{}, gen.WebhookUpdateAcknowledgedWebhook{},
	gen.PlaidError{},
}

// objectTypes are the Go types of the object schemas, by the schema's name in lower case: the generator writes
// initialisms in capitals, where the specification does so at times.
var objectTypes = sync.OnceValue(func() map[string]reflect.Type {
	found := map[string]reflect.Type{}
	var reach func(reflect.Type)
	reach = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			reach(typ.Elem())
		case reflect.Struct:
			name := strings.ToLower(typ.Name())
			if !hasExtraFields(typ) || found[name] != nil { // time.Time and gen.Date are not objects
				return
			}
			found[name] = typ
			for i := range typ.NumField() {
				reach(typ.Field(i).Type)
			}
		}
	}
	for _, root := range rootTypes {
		reach(reflect.TypeOf(root))
	}
	return found
})

func hasExtraFields(typ reflect.Type) bool {
	field, ok := typ.FieldByName("ExtraFields")
	return ok && field.Type == reflect.TypeFor[gen.ExtraFields]()
}

// objectSchemas are the schemas that have properties, by name. A map has none.
func objectSchemas() map[string]*openapi3.Schema {
	found := map[string]*openapi3.Schema{}
	for name, ref := range specification().Components.Schemas {
		if ref.Value.Type.Is("object") && ref.Value.AdditionalProperties.Schema == nil {
			found[name] = ref.Value
		}
	}
	return found
}

// eachObject runs a subtest for every object schema, with its Go type.
func eachObject(t *testing.T, test func(t *testing.T, schema *openapi3.Schema, typ reflect.Type)) {
	for name, schema := range objectSchemas() {
		t.Run(name, func(t *testing.T) {
			typ := objectTypes()[strings.ToLower(name)]
			require.NotNil(t, typ, "add it to rootTypes if no other type has it")
			test(t, schema, typ)
		})
	}
}

// generated is the syntax of the generated file.
var generated = sync.OnceValue(func() *ast.File {
	file, err := parser.ParseFile(token.NewFileSet(), "plaid.gen.go", nil, parser.SkipObjectResolution)
	if err != nil {
		panic(err)
	}
	return file
})

// specs calls fn with every declaration of a kind.
func specs[S ast.Spec](file *ast.File, fn func(S)) {
	for _, decl := range file.Decls {
		if group, ok := decl.(*ast.GenDecl); ok {
			for _, spec := range group.Specs {
				if s, ok := spec.(S); ok {
					fn(s)
				}
			}
		}
	}
}

// The tests of the types miss none: each object schema has a type, each generated struct is one of an object schema.
func TestTypesAreComplete(t *testing.T) {
	require.NotEmpty(t, objectSchemas())
	eachObject(t, func(*testing.T, *openapi3.Schema, reflect.Type) {})
	require.Len(t, objectTypes(), len(objectSchemas()))

	structs := 0
	specs(generated(), func(decl *ast.TypeSpec) {
		if _, ok := decl.Type.(*ast.StructType); !ok || decl.Name.Name == "Client" || decl.Name.Name == "Operation" {
			return
		}
		structs++
		typ := objectTypes()[strings.ToLower(decl.Name.Name)]
		require.NotNil(t, typ, decl.Name.Name)
		require.Equal(t, decl.Name.Name, typ.Name())
	})
	require.Equal(t, len(objectTypes()), structs)
}

func TestOperationsAreOfTheSpecification(t *testing.T) {
	have := map[string]gen.Operation{}
	for _, op := range gen.Operations() {
		have[op.ID] = op
	}
	want := map[string]gen.Operation{}
	for path, item := range specification().Paths.Map() {
		require.Len(t, item.Operations(), 1)
		op := item.Post
		var success []int
		for status := 200; status < 300; status++ {
			if op.Responses.Status(status) != nil {
				success = append(success, status)
			}
		}
		want[op.OperationID] = gen.Operation{ID: op.OperationID, Path: path, Retry: wire.Retry(op.Extensions["x-plaidlink-retry"].(string)), Success: success}
	}
	require.Equal(t, want, have)
}
