package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// shapes are the kinds of node that the members of OpenAPI must be which the passes over a document look into.
var shapes = map[yaml.Kind][]string{
	yaml.MappingNode: {"paths", "components", "schemas", "properties", "responses", "content", "requestBody", "schema", "items", "not", "info",
		"get", "put", "post", "delete", "options", "head", "patch", "trace"},
	yaml.SequenceNode: {"allOf", "oneOf", "anyOf", "enum", "servers"},
	yaml.ScalarNode:   {"type", "format", "$ref", "operationId", "title", "version", "openapi", "description", "summary", "nullable", "deprecated"},
}

// holders are those whose members have names of the document's own, and are mappings.
var holders = []string{"paths", "schemas", "properties", "responses", "content"}

// auditShape finds what is of another kind than OpenAPI has at its place, so that the passes need not ask.
func auditShape(doc *yaml.Node, ps *Problems) {
	kinds := map[yaml.Kind]string{yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "a plain value"}
	walk(doc, "", func(place string, n *yaml.Node) bool {
		at := tokens(place)
		if len(at) == 0 {
			return true
		}
		key, parent := at[len(at)-1], at[:len(at)-1]
		want := yaml.Kind(0) // any
		for kind, keys := range shapes {
			if slices.Contains(keys, key) {
				want = kind
			}
		}
		switch {
		case isOneOf(parent, holders), isOneOf(parent, []string{"allOf", "oneOf", "anyOf"}):
			want = yaml.MappingNode
		case isData(place) || strings.HasPrefix(key, "x-"):
			return false
		case isOneOf(parent, []string{"required", "enum"}):
			want = yaml.ScalarNode
		case key == "required" && n.Kind == yaml.MappingNode: // it is a list of a schema, a boolean of a body
			want = yaml.SequenceNode
		}
		good := want == 0 || n.Kind == want
		if !good {
			ps.add(Malformed, place, "expected %s", kinds[want])
		}
		return good
	})
}

// isOneOf reports whether a place is that of a member of OpenAPI, by its name, and not of what the document names so.
func isOneOf(at, names []string) bool {
	n := len(at)
	return n > 0 && slices.Contains(names, at[n-1]) && !isOneOf(at[:n-1], holders)
}
