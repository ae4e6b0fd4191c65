package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// flattenSchema flattens the allOf of a component, once.
func (m *mender) flattenSchema(name string) {
	n := get(m.schemas, name)
	if n == nil || m.merged[name] {
		return
	}
	m.merged[name] = true // before its parts, so that one that refers to itself ends
	m.flatten(n, pointer("/components/schemas", name))
	if of := refersTo(n); of != "" { // a component is a type of its own
		m.flattenSchema(of)
		if get(m.schemas, of, "$ref") != nil { // a circle, which Compose refuses
			return
		}
		if scalar(get(m.schemas, of, "nullable")) == "true" {
			assign(n, "nullable", truth())
		}
		m.absorb(n, of)
	}
}

// flatten makes one schema of the parts of an allOf: a reference where they say no more than it, else one with the
// members of all.
func (m *mender) flatten(n *yaml.Node, place string) {
	parts := get(n, "allOf")
	if parts == nil || parts.Kind != yaml.SequenceNode {
		return
	}
	drop(n, "allOf")
	refs, plain := []string{}, get(n, "required") == nil && get(n, "properties") == nil
	for _, part := range parts.Content {
		m.flatten(part, place)
		if name := refersTo(part); name != "" {
			refs = append(refs, name)
			continue
		}
		members(part, func(key string, value *yaml.Node) {
			if key == "nullable" {
				assign(n, key, value)
			}
			plain = plain && (isProse(key) || slices.Contains([]string{"nullable", "type", "additionalProperties"}, key))
		})
	}
	nullable := isTrue(n, "nullable")
	if len(refs) == 1 && plain && (!nullable || scalar(get(m.schemas, refs[0], "nullable")) == "true") {
		assign(n, "$ref", str(schemaRef+escape.Replace(refs[0])))
		if isTrue(n, "deprecated") {
			assign(n, DeprecatedKey, truth())
		}
		return
	}
	for _, part := range parts.Content {
		if name := refersTo(part); name != "" {
			m.absorb(n, name)
		} else {
			union(n, part)
		}
	}
}

// DeprecatedKey marks a reference to a schema that is not deprecated itself; OpenAPI 3.0 has no other way to mark it.
const DeprecatedKey = "x-plaidlink-deprecated"

// absorb copies what a component has, which is flattened first, into a schema.
func (m *mender) absorb(n *yaml.Node, name string) {
	m.flattenSchema(name)
	drop(n, "$ref")
	if of := get(m.schemas, name); of != nil && m.copied <= maxCopied {
		walk(of, "", func(string, *yaml.Node) bool { m.copied++; return true })
		union(n, clone(of))
	}
}

// maxCopied is the number of nodes that allOf may copy. Plaid's whole file needs some 2,000.
const maxCopied = 1 << 17

// union adds to a schema what a part has and it lacks: whatever it says itself stands.
func union(n, part *yaml.Node) {
	members(part, func(key string, value *yaml.Node) {
		have := get(n, key)
		switch {
		case have == nil && !slices.Contains([]string{"nullable", "deprecated"}, key): // of the part alone
			assign(n, key, value)
		case key == "properties":
			members(value, func(name string, property *yaml.Node) {
				if get(have, name) == nil {
					assign(have, name, property)
				}
			})
		case key == "required":
			have.Content = append(have.Content, value.Content...)
		}
	})
}

// refersTo is the name of the component that a schema refers to, or nothing.
func refersTo(n *yaml.Node) string {
	name, _ := strings.CutPrefix(scalar(get(n, "$ref")), schemaRef)
	return unescape.Replace(name)
}

// prose are the members that say nothing about the wire. Extensions (x-…) say nothing about it either.
var prose = []string{"description", "summary", "title", "example", "examples", "externalDocs", "tags"}

// isProse reports whether a member has no meaning on the wire.
func isProse(key string) bool { return slices.Contains(prose, key) || strings.HasPrefix(key, "x-") }
