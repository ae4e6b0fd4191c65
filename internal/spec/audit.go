package spec

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"gopkg.in/yaml.v3"
)

// audit finds what is wrong in the node tree, where places are exact.
func audit(doc *yaml.Node, ps *Problems) {
	walk(doc, "", func(place string, n *yaml.Node) bool {
		if isData(place) {
			return false // data is free
		}
		switch ref := get(n, "$ref"); {
		case ref == nil || ref.Kind != yaml.ScalarNode:
		case !strings.HasPrefix(ref.Value, "#/"):
			ps.add(DanglingRef, place, "%q: expected a reference within the document (#/…)", ref.Value)
		case get(doc, tokens(ref.Value[1:])...) == nil:
			ps.add(DanglingRef, place, "%q is not in the document", ref.Value)
		}
		if n.Kind == yaml.SequenceNode {
			auditList(place, n, ps)
		}
		return true
	})
	eachOperation(doc, func(place, id string, op *yaml.Node) { auditRetry(place, op, ps) })
}

// isData reports whether a place is an example or a default, not a part of the specification.
func isData(place string) bool {
	at := tokens(place)
	if len(at) < 2 || at[len(at)-2] == "properties" { // a property may be named so
		return false
	}
	switch at[len(at)-1] {
	case "example", "default":
		return at[len(at)-2] != "responses"
	case "value":
		return len(at) > 2 && at[len(at)-3] == "examples"
	}
	return false
}

func auditList(place string, list *yaml.Node, ps *Problems) {
	seen := map[string]bool{}
	for _, item := range list.Content {
		if item.Kind != yaml.ScalarNode {
			continue
		}
		if seen[item.Value] {
			ps.add(Duplicate, place, "%q appears twice", item.Value)
		}
		seen[item.Value] = true
	}
}

// auditLoaded has kin-openapi validate the written document, and every example against its schema.
func auditLoaded(data []byte, ps *Problems) {
	if slices.ContainsFunc(*ps, func(p Problem) bool { return p.Kind == DanglingRef }) {
		return // it cannot be loaded, and that is reported already
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		ps.add(Malformed, "/", "kin-openapi cannot load the composed document: %v", err)
		return
	}
	invalid := doc.Validate(context.Background(), openapi3.DisableExamplesValidation())
	before := len(*ps)
	auditExamples(doc, ps)
	if invalid == nil && len(*ps) == before {
		invalid = doc.Validate(context.Background(), openapi3.EnableExamplesValidation())
	}
	if invalid != nil {
		ps.add(Malformed, "/", "kin-openapi refuses the composed document: %v", invalid)
	}
}

// auditExamples checks the examples of request and response bodies and of component schemas.
func auditExamples(doc *openapi3.T, ps *Problems) {
	for _, path := range doc.Paths.Keys() {
		for method, op := range doc.Paths.Value(path).Operations() {
			place := pointer(pointer("/paths", path), strings.ToLower(method))
			if op.RequestBody != nil {
				auditContent(place+"/requestBody", op.RequestBody.Value.Content, ps)
			}
			for _, status := range op.Responses.Keys() {
				auditContent(pointer(place+"/responses", status), op.Responses.Value(status).Value.Content, ps)
			}
		}
	}
	if doc.Components != nil {
		for _, name := range sorted(doc.Components.Schemas) {
			auditSchema(pointer("/components/schemas", name), doc.Components.Schemas[name], ps)
		}
	}
}

func auditContent(place string, content openapi3.Content, ps *Problems) {
	for _, kind := range sorted(content) {
		media := content[kind]
		if media == nil || media.Schema == nil || media.Schema.Value == nil {
			continue
		}
		place := pointer(place+"/content", kind)
		auditSchema(place+"/schema", media.Schema, ps)
		if media.Example != nil {
			auditExample(place+"/example", media.Schema.Value, media.Example, ps)
		}
		for _, name := range sorted(media.Examples) {
			auditExample(pointer(place+"/examples", name), media.Schema.Value, media.Examples[name].Value.Value, ps)
		}
	}
}

// auditSchema checks the examples and defaults of a schema and of those within it, not of those that it refers to.
func auditSchema(place string, ref *openapi3.SchemaRef, ps *Problems) {
	if ref == nil || ref.Ref != "" || ref.Value == nil { // nil is a $ref to itself, which OpenAPI does not allow
		return
	}
	schema := ref.Value
	if schema.Example != nil {
		auditExample(place+"/example", schema, schema.Example, ps)
	}
	if schema.Default != nil {
		auditExample(place+"/default", schema, schema.Default, ps)
	}
	for _, name := range sorted(schema.Properties) {
		auditSchema(pointer(place+"/properties", name), schema.Properties[name], ps)
	}
	auditSchema(place+"/items", schema.Items, ps)
	auditSchema(place+"/additionalProperties", schema.AdditionalProperties.Schema, ps)
	auditSchema(place+"/not", schema.Not, ps)
	parts := map[string]openapi3.SchemaRefs{"allOf": schema.AllOf, "oneOf": schema.OneOf, "anyOf": schema.AnyOf}
	for _, name := range sorted(parts) {
		for i, ref := range parts[name] {
			auditSchema(fmt.Sprintf("%s/%s/%d", place, name, i), ref, ps)
		}
	}
}

func auditExample(place string, schema *openapi3.Schema, value any, ps *Problems) {
	err := schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.EnableFormatValidation())
	var all openapi3.MultiError
	if !errors.As(err, &all) && err != nil {
		all = openapi3.MultiError{err}
	}
	for _, err := range all {
		var se *openapi3.SchemaError
		if errors.As(err, &se) {
			ps.add(BadExample, place, "/%s: %s", strings.Join(se.JSONPointer(), "/"), se.Reason)
		} else {
			ps.add(BadExample, place, "%s", fmt.Sprint(err))
		}
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
