package spec

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// reserved are the names, as SameName has them, that every generated struct gives to a method or field of its own.
var reserved = []string{"extrafields", "format", "logvalue", "marshaljson", "marshaljsonto", "unmarshaljson", "unmarshaljsonfrom"}

// fieldNames gives another Go name to a property whose own would be taken: the name with Property, which no name of Plaid's
// ends in. Of several that differ in their form alone, the one in Plaid's own (user_id) keeps its name.
func (m *mender) fieldNames(properties *yaml.Node, place string) {
	byName := map[string][]string{}
	members(properties, func(name string, _ *yaml.Node) {
		byName[SameName(name)] = append(byName[SameName(name)], name)
	})
	for _, key := range sorted(byName) {
		names := byName[key]
		slices.SortFunc(names, func(a, b string) int { // Plaid's form first
			if snake(a) != snake(b) {
				return map[bool]int{true: -1, false: 1}[snake(a)]
			}
			return strings.Compare(a, b)
		})
		if !slices.Contains(reserved, key) {
			names = names[1:]
		}
		suffix := "Property"
		for _, name := range names {
			assign(get(properties, name), "x-go-name", str(typeName(name)+suffix))
			m.tell(pointer(place+"/properties", name), "its Go name ends in %s: another has the name", suffix)
			suffix += "X"
		}
	}
}

// names gives another name to a component that differs from another in its form alone.
func (m *mender) names() {
	renamed := map[string]string{}
	for _, name := range slices.Sorted(slices.Values(keys(m.schemas))) {
		if first := m.taken[SameName(name)]; first != "" {
			renamed[name] = m.free(typeName(name) + "Object")
			m.tell(pointer("/components/schemas", name), "the type is %s: %s has the name", renamed[name], first)
		} else {
			m.taken[SameName(name)] = name
		}
	}
	if len(renamed) == 0 {
		return
	}
	for i := 0; i < len(m.schemas.Content); i += 2 {
		if other := renamed[m.schemas.Content[i].Value]; other != "" {
			m.schemas.Content[i] = str(other)
		}
	}
	walk(m.doc, "", func(_ string, n *yaml.Node) bool {
		if other := renamed[refersTo(n)]; other != "" {
			assign(n, "$ref", str(schemaRef+other))
		}
		return true
	})
}

// free takes a name that no component has.
func (m *mender) free(name string) string {
	for m.taken[SameName(name)] != "" {
		name += "Object"
	}
	m.taken[SameName(name)] = name
	return name
}

// SameName is the same for two names that could give one Go name.
func SameName(name string) string { return strings.ToLower(typeName(name)) }

func snake(name string) bool { return strings.ToLower(name) == name && !strings.Contains(name, "-") }

// typeName is a name in capitals at the beginning of each word; the generator knows the initialisms.
func typeName(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		words[i] = string(unicode.ToUpper(first)) + word[size:]
	}
	return strings.Join(words, "")
}
