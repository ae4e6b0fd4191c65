package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/api"
	"github.com/plaidlink/plaidlink-go/internal/schema"
)

func operation(t *testing.T, path string) *schema.Operation {
	t.Helper()
	doc, err := schema.Load()
	require.NoError(t, err)
	op := doc.Operations[path]
	require.NotNil(t, op)
	return op
}

func TestLoad(t *testing.T) {
	doc, err := schema.Load()
	require.NoError(t, err)
	require.Equal(t, "2020-09-14", doc.Version)
	require.ElementsMatch(t, []string{"PLAID-CLIENT-ID", "PLAID-SECRET", "Plaid-Version"}, doc.Headers)
	require.Equal(t, "linkTokenGet", doc.Find("/link/token/get").ID)
	require.Equal(t, "linkTokenGet", doc.Find("/behind/a/proxy/link/token/get").ID)
	require.Nil(t, doc.Find("/link/token/get/"))
	require.True(t, doc.Find("/link/token/get").Declares(200))
	require.False(t, doc.Find("/link/token/get").Declares(400), "a failure is the default")
}

// What a place violates has a rule and an expectation, and no value of the body.
func TestCheckRequest(t *testing.T) {
	const good = `{"client_name":"Example","language":"en","country_codes":["US"],"user":{"client_user_id":"u"}}`
	with := func(members string) string { return strings.TrimSuffix(good, "}") + "," + members + "}" }
	for name, c := range map[string]struct {
		body string
		want []string // place, rule and expectation
	}{
		"a good body":               {good, nil},
		"null where it is allowed":  {with(`"products":null`), nil},
		"a property less":           {strings.Replace(good, `"language":"en",`, "", 1), []string{"language: missing property: a string"}},
		"one less inside":           {strings.Replace(good, `"client_user_id":"u"`, "", 1), []string{"user.client_user_id: missing property: a string"}},
		"a list less":               {strings.Replace(good, `"country_codes":["US"],`, "", 1), []string{"country_codes: missing property: an array"}},
		"another type":              {with(`"hosted_link":"secret-1"`), []string{"hosted_link: wrong type: an object"}},
		"a fraction":                {with(`"transactions":{"days_requested":1.5}`), []string{"transactions.days_requested: wrong type: an integer"}},
		"null":                      {with(`"hosted_link":null`), []string{"hosted_link: wrong type: an object, not null"}},
		"an unknown enum value":     {strings.Replace(good, "US", "XX", 1), []string{"country_codes.0: unknown value: one of the values that the specification lists"}},
		"a number for an enum":      {strings.Replace(good, `"US"`, "1", 1), []string{"country_codes.0: wrong type: a string"}},
		"another format":            {with(`"statements":{"start_date":"1.1.2026","end_date":"2026-01-31"}`), []string{"statements.start_date: wrong value: a string in the format date"}},
		"an empty string":           {strings.Replace(good, "Example", "", 1), []string{"client_name: wrong value: a string with a length of at least 1"}},
		"an empty list":             {strings.Replace(good, `"US"`, "", 1), []string{"country_codes: wrong value: an array with a length of at least 1"}},
		"below the minimum":         {with(`"transactions":{"days_requested":0}`), []string{"transactions.days_requested: wrong value: at least 1"}},
		"above the maximum":         {with(`"transactions":{"days_requested":731}`), []string{"transactions.days_requested: wrong value: at most 730"}},
		"an unknown property":       {with(`"user_2":1`), []string{"user_2: unknown property: a property that the specification lists"}},
		"one inside":                {strings.Replace(good, `"u"`, `"u","new":{"deeper":1}`, 1), []string{"user.new: unknown property: a property that the specification lists"}},
		"several, the unknown last": {with(`"webhook":1,"a":1`), []string{"webhook: wrong type: a string", "a: unknown property: a property that the specification lists"}},
		"a list for the body":       {`[]`, []string{": wrong type: an object"}},
	} {
		t.Run(name, func(t *testing.T) {
			var body any
			require.NoError(t, json.Unmarshal([]byte(c.body), &body))
			var got []string
			for _, v := range operation(t, "/link/token/create").CheckRequest(body) {
				got = append(got, strings.Join(v.Place, ".")+": "+string(v.Rule)+": "+v.Expected)
			}
			require.Equal(t, c.want, got)
		})
	}
}

// A status that is not declared is held against the body of a failure.
func TestCheckResponse(t *testing.T) {
	success := map[string]any{"public_token": "public-sandbox-0", "request_id": "r"}
	failure := map[string]any{
		"error_type": "API_ERROR", "error_code": "INTERNAL_SERVER_ERROR", "error_message": "no", "display_message": nil, "request_id": "r",
	}
	op := operation(t, "/sandbox/public_token/create")
	require.Empty(t, op.CheckResponse(200, success))
	require.NotEmpty(t, op.CheckResponse(500, success))
	require.Empty(t, op.CheckResponse(500, failure))
	require.NotEmpty(t, op.CheckResponse(200, failure))
}

// What the package takes for granted of the specification. Where this fails, the package must learn more.
func TestShapeOfTheSpecification(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	require.NoError(t, err)
	require.Empty(t, unknownShape(doc))

	for name, wrong := range map[string]*openapi3.Schema{
		"allOf":                 {AllOf: openapi3.SchemaRefs{openapi3.NewStringSchema().NewRef()}},
		"a pattern":             openapi3.NewStringSchema().WithPattern("a"),
		"an object of anything": openapi3.NewObjectSchema(),
		"a map of objects":      openapi3.NewObjectSchema().WithAdditionalProperties(openapi3.NewObjectSchema().WithProperty("a", openapi3.NewStringSchema())),
		"a map with properties": openapi3.NewObjectSchema().WithProperty("a", openapi3.NewStringSchema()).WithAdditionalProperties(openapi3.NewStringSchema()),
		"a limit without type":  openapi3.NewSchema().WithMinLength(1),
		"a list of anything":    openapi3.NewArraySchema(),
		"an unlisted property":  {Type: &openapi3.Types{"object"}, Properties: openapi3.Schemas{"a": openapi3.NewStringSchema().NewRef()}, Required: []string{"b"}},
	} {
		doc := &openapi3.T{Components: &openapi3.Components{Schemas: openapi3.Schemas{"Wrong": wrong.NewRef()}}, Paths: openapi3.NewPaths()}
		require.NotEmpty(t, unknownShape(doc), name)
	}
}

// unknownShape returns the schemas that the package does not know.
func unknownShape(doc *openapi3.T) (found []string) {
	seen := map[*openapi3.Schema]bool{}
	var visit func(string, *openapi3.SchemaRef)
	visit = func(place string, ref *openapi3.SchemaRef) {
		s := ref.Value
		if seen[s] {
			return
		}
		seen[s] = true
		object, list := s.Type.Is("object"), s.Type.Is("array")
		values := s.AdditionalProperties.Schema // of a map
		if len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) > 0 || s.Not != nil || s.Pattern != "" ||
			s.Type == nil && !s.IsEmpty() || object != (len(s.Properties) > 0 || values != nil) || list != (s.Items != nil) ||
			values != nil && (len(s.Properties) > 0 || !values.Value.Type.Is("string")) {
			found = append(found, place)
		}
		for _, name := range s.Required {
			if s.Properties[name] == nil {
				found = append(found, place+"/"+name)
			}
		}
		for name, property := range s.Properties {
			visit(place+"/"+name, property)
		}
		if s.Items != nil {
			visit(place+"/items", s.Items)
		}
	}
	for name, ref := range doc.Components.Schemas {
		visit(name, ref)
	}
	for path, item := range doc.Paths.Map() {
		if item.Post == nil || len(item.Operations()) != 1 || item.Post.Responses.Default() == nil || item.Post.Security != nil {
			found = append(found, path)
		}
	}
	return found
}
