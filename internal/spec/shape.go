package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// shapes are the members of OpenAPI that the passes over a document look into, by the kind of node that each must be.
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
	walk(doc, "", func(place string, n *yaml.Node) bool {
		at := tokens(place)
		if len(at) == 0 {
			return true
		}
		key, parent := at[len(at)-1], at[:len(at)-1]
		if !hasNames(parent) && (isData(place) || strings.HasPrefix(key, "x-")) {
			return false
		}
		before := len(*ps)
		switch {
		case hasNames(parent), len(parent) > 0 && slices.Contains([]string{"allOf", "oneOf", "anyOf"}, parent[len(parent)-1]) && !hasNames(parent[:len(parent)-1]):
			expect(n, yaml.MappingNode, place, ps)
		case key == "required" && n.Kind == yaml.MappingNode:
			ps.add(Malformed, place, "expected a list of names")
		case key == "required" || key == "enum":
			for _, item := range n.Content {
				expect(item, yaml.ScalarNode, place, ps)
			}
		}
		for kind, keys := range shapes {
			if slices.Contains(keys, key) && !hasNames(parent) {
				expect(n, kind, place, ps)
			}
		}
		return len(*ps) == before
	})
}

// hasNames reports whether the members of what is at a place have names of the document's own.
func hasNames(at []string) bool {
	n := len(at)
	return n > 0 && slices.Contains(holders, at[n-1]) && !hasNames(at[:n-1])
}

func expect(n *yaml.Node, kind yaml.Kind, place string, ps *Problems) {
	if n.Kind != kind {
		ps.add(Malformed, place, "expected %s", map[yaml.Kind]string{yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "a plain value"}[kind])
	}
}
