package sandbox

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// expectation says in our words what a schema expected. Those of kin-openapi can hold the value that was sent.
func expectation(violation *openapi3.SchemaError) string {
	schema := violation.Schema
	switch violation.SchemaField {
	case "nullable":
		return "must not be null"
	case "type":
		return "must be of type " + strings.Join(schema.Type.Slice(), " or ")
	case "enum":
		return "must be one of the values that the specification lists"
	case "format":
		return "must have the format " + schema.Format
	case "minLength":
		return fmt.Sprintf("must not be shorter than %d", schema.MinLength)
	case "minItems":
		return fmt.Sprintf("must have %d or more entries", schema.MinItems)
	case "minimum":
		return fmt.Sprintf("must be at least %g", *schema.Min)
	case "maximum":
		return fmt.Sprintf("must be at most %g", *schema.Max)
	default:
		return "does not fit the specification"
	}
}
