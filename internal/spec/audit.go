package spec

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-openapi/jsonpointer"
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
func auditLoaded(node *yaml.Node, data []byte, ps *Problems) {
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
	auditExamples(node, doc, ps)
	if invalid == nil && len(*ps) == before {
		invalid = doc.Validate(context.Background(), openapi3.EnableExamplesValidation())
	}
	if invalid != nil {
		ps.add(Malformed, "/", "kin-openapi refuses the composed document: %v", invalid)
	}
}

// auditExamples checks the examples and defaults of a document, which is also loaded, against their schemas.
func auditExamples(doc *yaml.Node, loaded *openapi3.T, ps *Problems) {
	find := func(place string) any {
		at, _ := jsonpointer.New(place)
		found, _, _ := at.Get(loaded)
		return found
	}
	walk(doc, "", func(place string, _ *yaml.Node) bool {
		if !isData(place) {
			return true
		}
		value, shown := find(place), strings.TrimSuffix(place, "/value")
		of := path.Dir(shown)
		if shown != place { // one of several
			of = path.Dir(of)
		}
		switch of := find(of).(type) {
		case *openapi3.Schema:
			auditExample(shown, of, value, ps)
		case *openapi3.MediaType:
			if of.Schema != nil {
				auditExample(shown, of.Schema.Value, value, ps)
			}
		}
		return false
	})
}

func auditExample(place string, schema *openapi3.Schema, value any, ps *Problems) {
	if schema == nil || value == nil {
		return
	}
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
