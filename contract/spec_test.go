package contract_test

import (
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// Every example of the specification passes, as a request and as an answer.
func TestExamplesDoNotDepart(t *testing.T) {
	doc, err := spec()
	require.NoError(t, err)
	for path, item := range doc.Paths.Map() {
		t.Run(item.Post.OperationID, func(t *testing.T) {
			requests := examples(t, item.Post.RequestBody.Value.Content)
			answers := examples(t, item.Post.Responses.Status(200).Value.Content)
			failures := examples(t, item.Post.Responses.Default().Value.Content)
			for _, body := range requests {
				for status, bodies := range map[int][]string{200: answers, 400: failures} {
					for _, answer := range bodies {
						rt, got := watch(t, answering(status, "application/json", answer))
						_, err := send(t, rt, request(t, path, body))
						require.NoError(t, err)
						require.Empty(t, got.lines())
					}
				}
			}
		})
	}
}

func examples(t *testing.T, content openapi3.Content) (bodies []string) {
	for _, example := range content.Get("application/json").Examples {
		body, err := json.Marshal(example.Value.Value)
		require.NoError(t, err)
		bodies = append(bodies, string(body))
	}
	require.NotEmpty(t, bodies)
	return bodies
}

// What package contract takes for granted of the specification. Where this fails, the package must learn more.
func TestShapeOfTheSpecification(t *testing.T) {
	doc, err := spec()
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
	} {
		doc := &openapi3.T{Components: &openapi3.Components{Schemas: openapi3.Schemas{"Wrong": wrong.NewRef()}}, Paths: openapi3.NewPaths()}
		require.NotEmpty(t, unknownShape(doc), name)
	}
}

// unknownShape names the schemas that the comparison does not know.
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
