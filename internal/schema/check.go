package schema

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Violation is a place of a body that does not fit the specification. It holds no value of the body.
type Violation struct {
	Place    []string // names and list indexes from the root; names come from the body
	Rule     Rule
	Expected string // a noun phrase such as "a string" or "at least 1", which fits after "must be" and "expected"
}

// Rule is what a place violates.
type Rule string

// The rules.
const (
	MissingProperty Rule = "missing property" // a required one
	WrongType       Rule = "wrong type"       // null where it is not allowed, too
	WrongValue      Rule = "wrong value"      // outside of the format or the limits
	UnknownValue    Rule = "unknown value"    // not in the list of an enum
	UnknownProperty Rule = "unknown property" // at any depth
)

// CheckRequest returns what of a decoded request body does not fit, unknown properties last.
func (o *Operation) CheckRequest(body any) []Violation {
	return check(o.request, body, openapi3.VisitAsRequest())
}

// CheckResponse returns what of a decoded response body does not fit, unknown properties last.
func (o *Operation) CheckResponse(status int, body any) []Violation {
	schema, declared := o.responses[status]
	if !declared {
		schema = o.failure
	}
	return check(schema, body, openapi3.VisitAsResponse())
}

func check(schema *openapi3.Schema, body any, visit openapi3.SchemaValidationOption) (found []Violation) {
	err := schema.VisitJSON(body, visit, openapi3.MultiErrors())
	several, ok := errors.AsType[openapi3.MultiError](err)
	if !ok && err != nil {
		several = openapi3.MultiError{err}
	}
	for _, err := range several {
		if one, ok := errors.AsType[*openapi3.SchemaError](err); ok {
			found = append(found, translate(one))
		}
	}
	return append(found, unknown(schema, body, nil)...)
}

// translate words an error anew: the words of kin-openapi can hold the value that was found.
func translate(violation *openapi3.SchemaError) Violation {
	v, schema := Violation{Place: violation.JSONPointer(), Rule: WrongValue}, violation.Schema
	switch violation.SchemaField {
	case "required":
		name := v.Place[len(v.Place)-1]
		v.Rule, v.Expected = MissingProperty, typeOf(schema.Properties[name].Value)
	case "nullable":
		v.Rule, v.Expected = WrongType, typeOf(schema)+", not null"
	case "type":
		v.Rule, v.Expected = WrongType, typeOf(schema)
	case "enum":
		v.Rule, v.Expected = UnknownValue, "one of the values that the specification lists"
		if _, ok := violation.Value.(string); !ok {
			v.Rule, v.Expected = WrongType, typeOf(schema)
		}
	case "format":
		v.Expected = typeOf(schema) + " in the format " + schema.Format
	case "minLength", "minItems":
		v.Expected = fmt.Sprintf("%s with a length of at least %d", typeOf(schema), max(schema.MinLength, schema.MinItems))
	case "minimum":
		v.Expected = fmt.Sprintf("at least %g", *schema.Min)
	case "maximum":
		v.Expected = fmt.Sprintf("at most %g", *schema.Max)
	default:
		v.Expected = "what the specification allows"
	}
	return v
}

// typeOf returns the JSON type of a schema with its article, such as "an object".
func typeOf(schema *openapi3.Schema) string {
	name := strings.Join(schema.Type.Slice(), " or ")
	switch {
	case name == "":
		return "a value"
	case strings.Contains("aio", name[:1]):
		return "an " + name
	}
	return "a " + name
}

// unknown finds the properties that the specification does not list, which kin-openapi lets pass. It knows the schemas that
// the specification has: properties, items and maps of strings; a test holds that there are no others.
func unknown(schema *openapi3.Schema, value any, place []string) (found []Violation) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			here := append(place, name)
			if property := schema.Properties[name]; property != nil {
				found = append(found, unknown(property.Value, value[name], here)...)
			} else if schema.Type.Is("object") && schema.AdditionalProperties.Schema == nil { // else the type is wrong, which was found already
				found = append(found, Violation{slices.Clone(here), UnknownProperty, "a property that the specification lists"})
			}
		}
	case []any:
		for i, item := range value {
			if schema.Items != nil {
				found = append(found, unknown(schema.Items.Value, item, append(place, strconv.Itoa(i)))...)
			}
		}
	}
	return found
}
