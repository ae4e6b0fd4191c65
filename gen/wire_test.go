package gen_test

import (
	stdjson "encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// codec is a way by which programs read and write the types.
type codec struct {
	name      string
	marshal   func(any) ([]byte, error)
	unmarshal func([]byte, any) error
}

var codecs = []codec{
	{"encoding/json", stdjson.Marshal, stdjson.Unmarshal},
	{"encoding/json/v2", func(v any) ([]byte, error) { return json.Marshal(v) }, func(data []byte, v any) error { return json.Unmarshal(data, v) }},
}

// again decodes a text into a type and encodes it.
func (c codec) again(typ reflect.Type, text string) (string, error) {
	value := reflect.New(typ)
	if err := c.unmarshal([]byte(text), value.Interface()); err != nil {
		return "", fmt.Errorf("decode: %w", err)
	}
	byPointer, err := c.marshal(value.Interface())
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	byValue, err := c.marshal(value.Elem().Interface())
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	if len(byPointer) != len(byValue) { // the order of properties is free
		return "", fmt.Errorf("a pointer is encoded as %s, a value as %s", byPointer, byValue)
	}
	return string(byValue), nil
}

// sample makes values from schemas.
type sample struct {
	requiredOnly bool
	unknown      bool // a property in every object, and a value in every enum, that the specification lacks
	zero         bool // false and 0, which are not absent
}

const unknownMember = "not_in_the_spec"

func (s sample) of(schema *openapi3.Schema) any {
	is := schema.Type.Is
	switch {
	case schema.Type == nil:
		return map[string]any{"anything": []any{nil, 1.5, "text"}}
	case is("object") && schema.AdditionalProperties.Schema != nil:
		return map[string]any{"key": s.of(schema.AdditionalProperties.Schema.Value)}
	case is("object"):
		object := map[string]any{}
		for name, property := range schema.Properties {
			if !s.requiredOnly || slices.Contains(schema.Required, name) {
				object[name] = s.of(property.Value)
			}
		}
		if s.unknown {
			object[unknownMember] = map[string]any{"null": nil, "list": []any{[]any{}, map[string]any{}}, "text": "<é&>"}
		}
		return object
	case is("array"):
		return []any{s.of(schema.Items.Value)}
	case is("boolean"):
		return !s.zero
	case is("integer"):
		return map[bool]int{true: 0, false: 7}[s.zero]
	case is("number"):
		return map[bool]float64{true: 0, false: 1234.56}[s.zero]
	case schema.Format == "date":
		return "2024-02-29"
	case schema.Format == "date-time":
		return "2026-03-02T09:31:07.185245302+02:00"
	case len(schema.Enum) > 0 && s.unknown:
		return "NOT_IN_THE_SPEC"
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	}
	return "text"
}

func text(t *testing.T, value any) string {
	t.Helper()
	data, err := stdjson.Marshal(value)
	require.NoError(t, err)
	return string(data)
}

// What Plaid sends and a program sends back is the same, whether the specification knows it or not: unknown properties at
// every depth, unknown values of enums, false and 0, and no property that was not there.
func TestTypesKeepWhatTheyRead(t *testing.T) {
	eachObject(t, func(t *testing.T, schema *openapi3.Schema, typ reflect.Type) {
		for _, s := range []sample{
			{}, {zero: true}, {unknown: true}, {requiredOnly: true}, {requiredOnly: true, unknown: true, zero: true},
		} {
			want := text(t, s.of(schema))
			for _, c := range codecs {
				have, err := c.again(typ, want)
				require.NoError(t, err, "%s %+v", c.name, s)
				require.JSONEq(t, want, have, "%s %+v", c.name, s)
			}
		}
	})
}

// The sample and the comparison would find a type that drops what it does not know, or what is false.
func TestTypesThatDropAreFound(t *testing.T) {
	type forgets struct {
		LinkToken string `json:"link_token"`
	}
	type drops struct {
		AccountSelectionEnabled bool `json:"account_selection_enabled,omitempty"`
	}
	for _, c := range codecs {
		have, err := c.again(reflect.TypeFor[forgets](), text(t, sample{unknown: true}.of(objectSchemas()["LinkTokenGetRequest"])))
		require.NoError(t, err)
		require.JSONEq(t, `{"link_token":"text"}`, have)
	}
	have, err := codecs[0].again(reflect.TypeFor[drops](), text(t, sample{zero: true}.of(objectSchemas()["LinkTokenCreateRequestUpdate"])))
	require.NoError(t, err)
	require.JSONEq(t, `{}`, have)
}

// A null decodes everywhere. A property that is required and nullable stays null; an optional one means the same
// without it, and is left out.
func TestNullDecodesEverywhere(t *testing.T) {
	eachObject(t, func(t *testing.T, schema *openapi3.Schema, typ reflect.Type) {
		for name, property := range schema.Properties {
			required := slices.Contains(schema.Required, name)
			object := sample{}.of(schema).(map[string]any)
			object[name] = nil
			given := text(t, object)
			if !required {
				delete(object, name)
			}
			want := text(t, object)
			for _, c := range codecs {
				have, err := c.again(typ, given)
				require.NoError(t, err, "%s %s", c.name, name) // even where the specification has no null
				if property.Value.Nullable || !required {
					require.JSONEq(t, want, have, "%s %s", c.name, name)
				}
			}
		}
	})
}

// A zero value is sent with its required properties only.
func TestZeroValuesHaveTheRequiredMembers(t *testing.T) {
	eachObject(t, func(t *testing.T, schema *openapi3.Schema, typ reflect.Type) {
		for _, c := range codecs {
			data, err := c.marshal(reflect.Zero(typ).Interface())
			require.NoError(t, err)
			var have map[string]any
			require.NoError(t, stdjson.Unmarshal(data, &have))
			require.ElementsMatch(t, schema.Required, slices.Collect(maps.Keys(have)), c.name)
			for name, value := range have { // a list that is required is empty, not null
				property := schema.Properties[name].Value
				if property.Type.Is("array") {
					require.Equal(t, []any{}, value, name)
				} else if property.Nullable {
					require.Nil(t, value, name)
				}
			}
		}
	})
}

// An empty object means something to Plaid, and so does false.
func TestEmptyIsNotAbsent(t *testing.T) {
	for _, c := range codecs {
		for want, req := range map[string]gen.LinkTokenCreateRequest{
			`"hosted_link":{}`: {HostedLink: &gen.LinkTokenCreateHostedLink{}},
			`"update":{"account_selection_enabled":false}`: {Update: &gen.LinkTokenCreateRequestUpdate{AccountSelectionEnabled: new(false)}},
			`"products":[]`:                          {Products: []gen.Products{}},
			`"transactions":{"days_requested":0}`:    {Transactions: &gen.LinkTokenTransactions{DaysRequested: new(0)}},
			`"future":{"a":12345678901234567890.10}`: {ExtraFields: gen.ExtraFields{"future": stdjson.RawMessage(`{"a":12345678901234567890.10}`)}},
		} {
			data, err := c.marshal(req)
			require.NoError(t, err)
			require.Contains(t, string(data), want, c.name)
			require.NotContains(t, string(data), "null", c.name)
		}
	}
}

// Unknown properties are in ExtraFields, byte for byte; known ones are not.
func TestUnknownPropertiesAreInExtraFields(t *testing.T) {
	const body = `{"link_token":"a","request_id":"b","expiration":"2026-03-02T10:00:00Z","new":{"big":12345678901234567890.10,"s":"\u00e9"},"none":null}`
	for _, c := range codecs {
		var resp gen.LinkTokenCreateResponse
		require.NoError(t, c.unmarshal([]byte(body), &resp))
		require.Equal(t, gen.ExtraFields{
			"new":  stdjson.RawMessage(`{"big":12345678901234567890.10,"s":"\u00e9"}`),
			"none": stdjson.RawMessage(`null`),
		}, resp.ExtraFields, c.name)
	}
}
