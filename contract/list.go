package contract

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// departures are those of one body, places alike joined.
type departures struct {
	all   []Departure
	alike map[string]int // index in all
}

// add joins what differs in list indexes only, and stops at maxDepartures.
func (l *departures) add(kind Kind, place []string, expected string) {
	pointer, shape := "", string(kind)
	for _, token := range place {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
		pointer += "/" + token
		if _, err := strconv.Atoi(token); err == nil {
			token = "*"
		}
		shape += "/" + token
	}
	if at, ok := l.alike[shape]; ok {
		l.all[at].Count++
		return
	}
	if len(l.all) > maxDepartures {
		return
	}
	if len(l.all) == maxDepartures {
		kind, pointer, expected = Unchecked, "", "at most 100 departures; the rest is not told"
	}
	if l.alike == nil {
		l.alike = map[string]int{}
	}
	l.alike[shape] = len(l.all)
	l.all = append(l.all, Departure{Kind: kind, Pointer: pointer, Expected: expected, Count: 1})
}

// unknownMembers finds, at every depth, the members that the specification does not list, which kin-openapi lets pass.
// It knows the schemas that the specification has: properties, items, and maps. A test holds that there are no others.
func (l *departures) unknownMembers(schema *openapi3.Schema, value any, place []string) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			here := append(place, name)
			if property := schema.Properties[name]; property != nil {
				l.unknownMembers(property.Value, value[name], here)
			} else if schema.Type.Is("object") && schema.AdditionalProperties.Schema == nil { // else the type is wrong, which is told already
				l.add(UnknownMember, here, "a member that the specification lists")
			}
		}
	case []any:
		for i, item := range value {
			if schema.Items != nil {
				l.unknownMembers(schema.Items.Value, item, append(place, strconv.Itoa(i)))
			}
		}
	}
}
