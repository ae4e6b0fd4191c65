package spec

import (
	"bytes"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Scope lists what the composed document keeps; everything else of the vendored file is dropped.
type Scope struct {
	Operations []string `yaml:"operations"` // operationIds
	Schemas    []string `yaml:"schemas"`    // schemas that no operation reaches, such as webhook payloads
}

func parseScope(src Source, ps *Problems) Scope {
	var s Scope
	dec := yaml.NewDecoder(bytes.NewReader(src.Data))
	dec.KnownFields(true)
	if err := dec.Decode(&s); err != nil {
		ps.add(Malformed, src.Name, "expected the lists `operations` and `schemas`: %v", err)
	} else if len(s.Operations) == 0 {
		ps.add(Malformed, src.Name, "expected at least one operationId in `operations`")
	}
	return s
}

// eachOperation calls fn with every operation of the document.
func eachOperation(doc *yaml.Node, fn func(place, id string, op *yaml.Node)) {
	members(get(doc, "paths"), func(path string, item *yaml.Node) {
		members(item, func(method string, op *yaml.Node) {
			if isMethod(method) {
				fn(pointer(pointer("/paths", path), method), scalar(get(op, "operationId")), op)
			}
		})
	})
}

func isMethod(key string) bool {
	return slices.Contains([]string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}, key)
}

// dropOtherOperations keeps the operations of the scope, and the paths that have one.
func dropOtherOperations(doc *yaml.Node, scope Scope) {
	remove(get(doc, "paths"), func(_ string, item *yaml.Node) bool {
		remove(item, func(method string, op *yaml.Node) bool {
			return isMethod(method) && !slices.Contains(scope.Operations, scalar(get(op, "operationId")))
		})
		return !slices.ContainsFunc(keys(item), isMethod)
	})
}

// audit reports what the scope lists and the document lacks.
func (s Scope) audit(doc *yaml.Node, ps *Problems) {
	var found []string
	eachOperation(doc, func(place, id string, _ *yaml.Node) {
		if slices.Contains(found, id) {
			ps.add(Duplicate, place, "operationId %q appears twice", id)
		}
		found = append(found, id)
	})
	for _, id := range s.Operations {
		if !slices.Contains(found, id) {
			ps.add(Lost, "/paths", "operation %q is not in the document", id)
		}
	}
	for _, name := range s.Schemas {
		if get(doc, "components", "schemas", name) == nil {
			ps.add(Lost, "/components/schemas", "schema %q is not in the document", name)
		}
	}
}

const schemaRef = "#/components/schemas/"

// dropUnreachableSchemas keeps the schemas that an operation, another component or the scope reaches.
func dropUnreachableSchemas(doc *yaml.Node, scope Scope) {
	reached := map[string]bool{}
	reach(doc, doc, reached)
	for _, name := range scope.Schemas {
		reach(doc, reference(name), reached)
	}
	remove(get(doc, "components", "schemas"), func(name string, _ *yaml.Node) bool { return !reached[name] })
}

// reach collects the names of the schemas that n refers to, and those refer to. The list of all schemas refers to none.
func reach(doc, n *yaml.Node, names map[string]bool) {
	schemas := get(doc, "components", "schemas")
	walk(n, "", func(_ string, n *yaml.Node) bool {
		if ref := scalar(get(n, "$ref")); strings.HasPrefix(ref, schemaRef) {
			if name := tokens(ref[1:])[2]; !names[name] {
				names[name] = true
				reach(doc, get(schemas, name), names)
			}
		}
		return n != schemas
	})
}
