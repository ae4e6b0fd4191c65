package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// prose are the members that say nothing about the wire. Extensions (x-…) say nothing about it either.
var prose = []string{"description", "summary", "title", "example", "examples", "externalDocs", "tags"}

// differences are up to three places where two parts of documents say different things about the wire. That theirs has
// more properties or enum values is none: both may grow.
func differences(ours, theirs *yaml.Node) []string {
	var found []string
	compare(ours, theirs, "", &found)
	if len(found) > 3 {
		found = append(found[:3], fmt.Sprintf("and %d more", len(found)-3))
	}
	return found
}

func compare(ours, theirs *yaml.Node, place string, found *[]string) {
	if ours == nil || theirs == nil || ours.Kind != theirs.Kind || ours.Kind == yaml.ScalarNode || isSet(place) {
		if ours != nil && strings.HasSuffix(place, "/enum") && contains(items(theirs), items(ours)) {
			return
		}
		if a, b := brief(ours), brief(theirs); a != b {
			text := fmt.Sprintf("%s: %s in the overlay, %s in the file", strings.TrimPrefix(place, "/"), a, b)
			*found = append(*found, strings.TrimPrefix(text, ": "))
		}
		return
	}
	if ours.Kind == yaml.SequenceNode {
		for i := range max(len(ours.Content), len(theirs.Content)) {
			compare(at(ours, i), at(theirs, i), fmt.Sprintf("%s/%d", place, i), found)
		}
		return
	}
	named := strings.HasSuffix(place, "/properties") || place == "/properties" // where a member may be called title
	for _, key := range keys(ours, theirs) {
		if named && get(ours, key) == nil {
			continue
		}
		if named || !slices.Contains(prose, key) && !strings.HasPrefix(key, "x-") {
			compare(get(ours, key), get(theirs, key), pointer(place, key), found)
		}
	}
}

// isSet says whether a place holds a list whose order means nothing.
func isSet(place string) bool {
	return strings.HasSuffix(place, "/required") || strings.HasSuffix(place, "/enum")
}

// keys are the keys of two mappings, each once, in order.
func keys(a, b *yaml.Node) (all []string) {
	add := func(key string, _ *yaml.Node) {
		if !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	members(a, add)
	members(b, add)
	return all
}

func at(list *yaml.Node, i int) *yaml.Node {
	if i < len(list.Content) {
		return list.Content[i]
	}
	return nil
}

// brief is a node in one or a few words; lists of values are sorted.
func brief(n *yaml.Node) string {
	switch {
	case n == nil:
		return "nothing"
	case n.Kind == yaml.ScalarNode:
		return n.Value
	case n.Kind == yaml.SequenceNode:
		return "[" + strings.Join(slices.Sorted(slices.Values(items(n))), " ") + "]"
	case get(n, "$ref") != nil || get(n, "type") != nil:
		return typeOf(n)
	}
	return "a mapping"
}

func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(text string) bool { return !slices.Contains(all, text) })
}
