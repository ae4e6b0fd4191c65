package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

func mapping() *yaml.Node  { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }
func sequence() *yaml.Node { return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"} }
func str(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}
func truth() *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"} }

func reference(schema string) *yaml.Node {
	n := mapping()
	assign(n, "$ref", str(schemaRef+escape.Replace(schema)))
	return n
}

// assign sets a member of a mapping, at its place or at the end.
func assign(n *yaml.Node, key string, value *yaml.Node) {
	if at := index(n, key); at >= 0 {
		n.Content[at+1] = value
	} else {
		n.Content = append(n.Content, str(key), value)
	}
}

// isTrue reports whether a member of a mapping is true.
func isTrue(n *yaml.Node, key string) bool { return scalar(get(n, key)) == "true" }

// requires reports whether an object has to have a property.
func requires(schema *yaml.Node, property string) bool {
	return slices.Contains(items(get(schema, "required")), property)
}

// ensure returns a member of a mapping, which is the given one where the mapping has none.
func ensure(n *yaml.Node, key string, value *yaml.Node) *yaml.Node {
	if get(n, key) == nil {
		assign(n, key, value)
	}
	return get(n, key)
}

// drop deletes members of a mapping.
func drop(n *yaml.Node, keys ...string) {
	remove(n, func(key string, _ *yaml.Node) bool { return slices.Contains(keys, key) })
}

// only leaves in a list what keep returns true for, and drops a list of nothing.
func only(n *yaml.Node, key string, keep func(item *yaml.Node) bool) {
	if list := get(n, key); list != nil {
		list.Content = slices.DeleteFunc(list.Content, func(item *yaml.Node) bool { return !keep(item) })
		if len(list.Content) == 0 {
			drop(n, key)
		}
	}
}

// once returns a function that is true for each value the first time.
func once() func(item *yaml.Node) bool {
	seen := map[string]bool{}
	return func(item *yaml.Node) bool {
		again := seen[item.Value]
		seen[item.Value] = true
		return !again
	}
}

// clone copies a tree.
func clone(n *yaml.Node) *yaml.Node {
	copied := *n
	copied.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		copied.Content[i] = clone(child)
	}
	return &copied
}

// keys are the keys of mappings, each once, in order.
func keys(mappings ...*yaml.Node) (all []string) {
	seen := map[string]bool{}
	for _, n := range mappings {
		members(n, func(key string, _ *yaml.Node) {
			if !seen[key] {
				all = append(all, key)
			}
			seen[key] = true
		})
	}
	return all
}

// typeOf is the type of a schema in words.
func typeOf(n *yaml.Node) string {
	if ref := scalar(get(n, "$ref")); ref != "" {
		return strings.TrimPrefix(ref, schemaRef)
	}
	if values := get(n, "additionalProperties"); values != nil && values.Kind == yaml.MappingNode {
		return "map of " + typeOf(values)
	}
	if typ := scalar(get(n, "type")); typ != "array" {
		return typ
	}
	if of := get(n, "items"); of != nil && len(of.Content) > 0 {
		return "array of " + typeOf(of)
	}
	return "array of any"
}

func scalar(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// items are the values of a list of scalars.
func items(list *yaml.Node) (all []string) {
	if list != nil {
		for _, item := range list.Content {
			all = append(all, item.Value)
		}
	}
	return all
}
