package spec

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// get follows keys from a mapping (or a document of one) and returns nil where a key is missing.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	if n != nil && n.Kind == yaml.DocumentNode {
		n = n.Content[0]
	}
	for _, key := range keys {
		at := index(n, key)
		if at < 0 {
			return nil
		}
		n = n.Content[at+1]
	}
	return n
}

// index is where a mapping has a key in its content, or -1.
func index(n *yaml.Node, key string) int {
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return i
			}
		}
	}
	return -1
}

// remove deletes the members of a mapping for which drop returns true.
func remove(n *yaml.Node, drop func(key string, value *yaml.Node) bool) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	kept := n.Content[:0]
	for i := 0; i < len(n.Content); i += 2 {
		if !drop(n.Content[i].Value, n.Content[i+1]) {
			kept = append(kept, n.Content[i], n.Content[i+1])
		}
	}
	n.Content = kept
}

// members calls fn for each member of a mapping, in order.
func members(n *yaml.Node, fn func(key string, value *yaml.Node)) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		fn(n.Content[i].Value, n.Content[i+1])
	}
}

// walk visits n and what is below it, parents first, with the JSON pointer of each; where visit returns false it goes
// no deeper.
func walk(n *yaml.Node, place string, visit func(place string, n *yaml.Node) bool) {
	if n == nil || !visit(place, n) {
		return
	}
	switch n.Kind {
	case yaml.DocumentNode:
		walk(n.Content[0], place, visit)
	case yaml.MappingNode:
		members(n, func(key string, value *yaml.Node) { walk(value, pointer(place, key), visit) })
	case yaml.SequenceNode:
		for i, item := range n.Content {
			walk(item, pointer(place, strconv.Itoa(i)), visit)
		}
	}
}

// pointer appends a token to a JSON pointer (RFC 6901).
func pointer(base, token string) string {
	return base + "/" + escape.Replace(token)
}

var (
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

// tokens splits a JSON pointer.
func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(pointer[1:], "/")
	for i, p := range parts {
		parts[i] = unescape.Replace(p)
	}
	return parts
}

// resolve follows the $ref of a schema, once.
func resolve(doc, schema *yaml.Node) *yaml.Node {
	if ref := get(schema, "$ref"); ref != nil && strings.HasPrefix(ref.Value, "#/") {
		return get(doc, tokens(ref.Value[1:])...)
	}
	return schema
}
