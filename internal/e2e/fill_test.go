package e2e_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// extent is how much of a request is filled, and with what.
type extent int

const (
	minimal extent = iota // required fields, with the smallest values
	lowest                // every field, with the smallest values and the first of an enum
	highest               // every field, with the largest values and the last of an enum
)

// fill sets the fields of a Go value to values that its schema allows. A list has every value of its enum, or else one entry.
// A field without a property of the schema fails the test, and so does the reverse.
func (e extent) fill(t *testing.T, value reflect.Value, schema *openapi3.Schema) {
	t.Helper()
	switch target := value.Addr().Interface().(type) {
	case *gen.Date:
		*target = gen.Date{Year: 2024, Month: time.February, Day: 29}
		return
	case *time.Time:
		*target = time.Date(2024, time.February, 29, 23, 59, 59, 987654321, time.FixedZone("", -5*60*60))
		return
	case *gen.ExtraFields:
		*target = gen.ExtraFields{"not_in_the_spec": json.RawMessage(`{"list":[null]}`)}
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		e.fill(t, value.Elem(), schema)
	case reflect.Struct:
		e.fillStruct(t, value, schema)
	case reflect.Slice:
		e.fillSlice(t, value, schema)
	case reflect.String:
		value.SetString(e.text(t, schema))
	case reflect.Bool:
		value.SetBool(e == highest)
	case reflect.Int:
		value.SetInt(int64(e.number(schema)))
	case reflect.Float32, reflect.Float64:
		value.SetFloat(e.number(schema))
	default:
		require.Fail(t, "no value is known for a field of this kind", "%s", value.Type())
	}
}

func (e extent) fillStruct(t *testing.T, value reflect.Value, schema *openapi3.Schema) {
	t.Helper()
	left := map[string]bool{}
	for name := range schema.Properties {
		left[name] = true
	}
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if field.Name == "ExtraFields" {
			if e == highest {
				e.fill(t, value.Field(i), nil)
			}
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		require.Contains(t, left, name, "%s.%s is not in the specification", value.Type(), field.Name)
		delete(left, name)
		if e != minimal || slices.Contains(schema.Required, name) {
			e.fill(t, value.Field(i), schema.Properties[name].Value)
		}
	}
	require.Empty(t, left, "%s lacks them", value.Type())
}

func (e extent) fillSlice(t *testing.T, value reflect.Value, schema *openapi3.Schema) {
	t.Helper()
	entry := schema.Items.Value
	entries := max(1, len(entry.Enum))
	if e == minimal {
		entries = int(schema.MinItems)
	}
	value.Set(reflect.MakeSlice(value.Type(), entries, entries))
	for i := range entries {
		if len(entry.Enum) > 0 {
			value.Index(i).SetString(entry.Enum[i].(string))
			continue
		}
		e.fill(t, value.Index(i), entry)
	}
}

func (e extent) text(t *testing.T, schema *openapi3.Schema) string {
	t.Helper()
	require.Empty(t, schema.Pattern, "a pattern is not known here")
	require.Empty(t, schema.Format, "a format is not known here")
	switch {
	case len(schema.Enum) > 0 && e == highest:
		return schema.Enum[len(schema.Enum)-1].(string)
	case len(schema.Enum) > 0:
		return schema.Enum[0].(string)
	case schema.MaxLength != nil && e == highest:
		return strings.Repeat("x", int(*schema.MaxLength))
	case e == highest:
		return "Zoë <&> \"\u2028\\ 銀行 🏦"
	default:
		return strings.Repeat("x", max(1, int(schema.MinLength)))
	}
}

func (e extent) number(schema *openapi3.Schema) float64 {
	switch {
	case e == highest && schema.Max != nil:
		return *schema.Max
	case e == highest && schema.Type.Is("integer"):
		return math.MaxInt32
	case e == highest:
		return 1234567.89
	case schema.Min != nil:
		return *schema.Min
	default:
		return 0
	}
}
