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
		first := once()
		for _, item := range n.Content {
			if n.Kind == yaml.SequenceNode && item.Kind == yaml.ScalarNode && !first(item) {
				ps.add(Duplicate, place, "%q appears twice", item.Value)
			}
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

// auditLoaded has kin-openapi validate the written document, and every example against its schema. It calls refused with each
// example that its schema refuses.
func auditLoaded(doc *yaml.Node, data []byte, ps *Problems, refused func(place string, value *yaml.Node, reasons []string)) {
	if slices.ContainsFunc(*ps, func(p Problem) bool { return p.Kind == DanglingRef }) {
		return // it cannot be loaded, and that is reported already
	}
	loaded, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		ps.add(Malformed, "/", "kin-openapi cannot load the composed document: %v", err)
		return
	}
	invalid, good := loaded.Validate(context.Background(), openapi3.DisableExamplesValidation()), true
	eachData(doc, func(place string, value *yaml.Node) {
		if reasons := misfits(loaded, place); len(reasons) > 0 {
			refused(strings.TrimSuffix(place, "/value"), value, reasons)
			good = false
		}
	})
	if invalid == nil && good {
		invalid = loaded.Validate(context.Background(), openapi3.EnableExamplesValidation())
	}
	if invalid != nil {
		ps.add(Malformed, "/", "kin-openapi refuses the composed document: %v", invalid)
	}
}

// eachData calls fn with every example and default.
func eachData(doc *yaml.Node, fn func(place string, value *yaml.Node)) {
	walk(doc, "", func(place string, n *yaml.Node) bool {
		data := isData(place)
		if data {
			fn(place, n)
		}
		return !data
	})
}

// misfits returns why the schema of an example or a default refuses it.
func misfits(doc *openapi3.T, place string) (reasons []string) {
	find := func(place string) any {
		at, _ := jsonpointer.New(place)
		found, _, _ := at.Get(doc)
		return found
	}
	of := path.Dir(place)
	if path.Base(place) == "value" { // one of several
		of = path.Dir(path.Dir(of))
	}
	schema, _ := find(of).(*openapi3.Schema)
	if media, ok := find(of).(*openapi3.MediaType); ok && media.Schema != nil {
		schema = media.Schema.Value
	}
	value := find(place)
	if schema == nil || value == nil {
		return nil
	}
	err := schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.EnableFormatValidation())
	var all openapi3.MultiError
	if !errors.As(err, &all) && err != nil {
		all = openapi3.MultiError{err}
	}
	for _, err := range all {
		var se *openapi3.SchemaError
		if errors.As(err, &se) {
			reasons = append(reasons, fmt.Sprintf("/%s: %s", strings.Join(se.JSONPointer(), "/"), se.Reason))
		} else {
			reasons = append(reasons, fmt.Sprint(err))
		}
	}
	return reasons
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
