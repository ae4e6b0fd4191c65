package spec

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// merge adds to a document what an addition has. Where both define the same, the newer of the two is right about the wire,
// and the addition's words stand. Nothing that either has is lost: a property or a value that the newer lacks is kept.
type merge struct {
	newer bool     // whether the addition is newer than the document
	kept  []string // places of what the document lacks
}

// mapping merges two mappings that are not schemas.
func (m *merge) mapping(doc, add *yaml.Node, place string) {
	members(add, func(key string, value *yaml.Node) {
		have, here := get(doc, key), pointer(place, key)
		switch {
		case have == nil:
			assign(doc, key, clone(value))
			m.keep(here)
		case isProse(key) && key != "examples":
			assign(doc, key, clone(value))
		case isSchema(here):
			assign(doc, key, m.schema(have, value, here))
		case have.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode && !isData(here):
			m.mapping(have, value, here)
		case here == "/servers":
			m.list(have, value, here)
		case m.newer || isData(here):
			assign(doc, key, clone(value))
		}
	})
}

// list adds the items of a list that another lacks, by their names.
func (m *merge) list(doc, add *yaml.Node, place string) {
	for _, item := range add.Content {
		if !slices.ContainsFunc(doc.Content, func(n *yaml.Node) bool { return itemName(n) == itemName(item) }) {
			doc.Content = append(doc.Content, clone(item))
			m.keep(pointer(place, itemName(item)))
		}
	}
}

// itemName identifies an item of a list: a server by its description, or a value itself.
func itemName(n *yaml.Node) string { return scalar(n) + scalar(get(n, "description")) }

// schema is what two definitions of a schema give. One without a type only adds to the other.
func (m *merge) schema(doc, add *yaml.Node, place string) *yaml.Node {
	main, other := doc, add
	if typeOf(add) != "" && (m.newer || typeOf(doc) == "") {
		main, other = add, doc
	}
	if main == add && typeOf(doc) == "" && doc.Kind == yaml.MappingNode { // it has values that were carried on, and no more
		m.keep(place)
	}
	out := clone(main)
	if typeOf(main) != typeOf(other) && typeOf(other) != "" {
		other = mapping() // they have nothing in common
	}
	members(add, func(key string, value *yaml.Node) {
		if isProse(key) && get(out, "$ref") == nil {
			assign(out, key, clone(value))
		}
	})
	if a, b := get(out, "enum"), get(other, "enum"); a != nil && b != nil {
		for _, value := range b.Content {
			if !slices.Contains(items(a), value.Value) {
				a.Content = append(a.Content, value)
				if main == doc {
					m.keep(pointer(place+"/enum", value.Value))
				}
			}
		}
	}
	if a, b := get(main, "items"), get(other, "items"); a != nil && b != nil {
		assign(out, "items", m.schema(get(doc, "items"), get(add, "items"), place+"/items"))
	}
	if get(other, "properties") != nil {
		m.properties(out, doc, add, other, place)
	}
	return out
}

// properties gives an object those of both definitions.
func (m *merge) properties(out, doc, add, other *yaml.Node, place string) {
	properties := ensure(out, "properties", mapping())
	for _, name := range keys(get(doc, "properties"), get(add, "properties")) {
		a, b, here := get(doc, "properties", name), get(add, "properties", name), pointer(place+"/properties", name)
		if a != nil && b != nil {
			assign(properties, name, m.schema(a, b, here))
			continue
		}
		if a == nil {
			m.keep(here)
		}
		if get(properties, name) != nil {
			continue
		}
		assign(properties, name, clone(get(other, "properties", name)))
		if requires(other, name) {
			list := ensure(out, "required", sequence())
			list.Content = append(list.Content, str(name))
		}
	}
}

func (m *merge) keep(place string) { m.kept = append(m.kept, place) }

// isSchema reports whether a place is that of a schema of the document.
func isSchema(place string) bool {
	at := tokens(place)
	return len(at) == 3 && at[1] == "schemas" || len(at) > 3 && at[len(at)-1] == "schema"
}

// version is that of a document, or of the facts of an overlay.
func version(doc *yaml.Node) string { return scalar(get(doc, "info", "version")) }

// Older reports whether a version such as 2020-09-14_1.517.0 comes before another.
func Older(version, than string) bool { return slices.Compare(numbers(version), numbers(than)) < 0 }

func numbers(version string) (all []int) {
	for _, digits := range strings.FieldsFunc(version, func(r rune) bool { return !unicode.IsDigit(r) }) {
		n, _ := strconv.Atoi(digits)
		all = append(all, n)
	}
	return all
}
