package spec_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// schemas is a document with the given schemas, indented by nothing.
func schemas(text string) string {
	return "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    " +
		strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ") + "\n"
}

func mend(t *testing.T, text string) (*yaml.Node, []spec.Mended) {
	t.Helper()
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(text), &doc))
	return &doc, spec.Mend(&doc)
}

func text(t *testing.T, doc *yaml.Node) string {
	t.Helper()
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	require.NoError(t, enc.Encode(doc))
	return out.String()
}

// Each oddity of the publisher's files, and what it becomes.
func TestMend(t *testing.T) {
	const (
		color  = "Color: {type: string, enum: [red]}\n"
		street = "Street: {type: object, properties: {name: {type: string}}, required: [name]}\n"
	)
	for _, c := range []struct{ name, old, new string }{
		{"allOf of one reference", color + "A: {type: object, properties: {c: {description: Paint., allOf: [{$ref: '#/components/schemas/Color'}]}}}",
			color + "A: {type: object, properties: {c: {$ref: '#/components/schemas/Color'}}}"},
		{"allOf of a reference and words", color + "A: {type: object, properties: {c: {allOf: [{$ref: '#/components/schemas/Color'}, {description: Paint.}]}}}",
			color + "A: {type: object, properties: {c: {$ref: '#/components/schemas/Color'}}}"},
		{"allOf of a reference that is deprecated here", color + "A: {type: object, properties: {c: {deprecated: true, allOf: [{$ref: '#/components/schemas/Color'}]}}}",
			color + "A: {type: object, properties: {c: {$ref: '#/components/schemas/Color', x-plaidlink-deprecated: true}}}"},
		{"allOf of a reference that can be null here", color + "A: {type: object, properties: {c: {nullable: true, allOf: [{$ref: '#/components/schemas/Color'}]}}}",
			color + "A: {type: object, properties: {c: {nullable: true, type: string, enum: [red]}}}"},
		{"allOf of a component, which keeps its name", street + "A: {description: A., allOf: [{$ref: '#/components/schemas/Street'}]}",
			street + "A: {description: A., type: object, properties: {name: {type: string}}, required: [name]}"},
		{"allOf of parts, with additionalProperties within", street + "A: {type: object, additionalProperties: true, allOf: [{$ref: '#/components/schemas/Street'}, {type: object, additionalProperties: true, properties: {no: {type: integer}}, required: [no]}], required: [name, lost]}",
			street + "A: {type: object, additionalProperties: true, required: [name, no], properties: {name: {type: string}, no: {type: integer}}}"},
		{"allOf of itself", "A: {allOf: [{$ref: '#/components/schemas/A'}]}", "A: {$ref: '#/components/schemas/A'}"},
		{"allOf in a circle", "A: {type: object, allOf: [{$ref: '#/components/schemas/B'}]}\nB: {type: object, allOf: [{$ref: '#/components/schemas/A'}]}",
			"A: {$ref: '#/components/schemas/B'}\nB: {$ref: '#/components/schemas/A'}"},
		{"values as properties", "A: {type: string, properties: {red: {description: Like blood.}, green: {}}}", "A: {type: string, enum: [red, green]}"},
		{"null and numbers in an enum, and a value twice", "A: {type: string, enum: [red, null, 3, red]}", "A: {type: string, enum: [red, \"3\"], nullable: true}"},
		{"an enum of numbers", "A: {type: integer, enum: [1, 2]}", "A: {type: integer}"},
		{"an enum without a type", "A: {enum: [a]}", "A: {enum: [a], type: string}"},
		{"properties without a type", "A: {properties: {a: {type: string}}}", "A: {properties: {a: {type: string}}, type: object}"},
		{"a format without a Go type", "A: {type: string, format: url}\nB: {type: string, format: date}", "A: {type: string}\nB: {type: string, format: date}"},
		{"examples of schemas", "A: {type: object, example: {a: 1}, properties: {example: {type: string, example: a}}}", "A: {type: object, properties: {example: {type: string}}}"},
		{"words beside a reference", color + "A: {type: object, properties: {c: {$ref: '#/components/schemas/Color', description: Paint.}}}",
			color + "A: {type: object, properties: {c: {$ref: '#/components/schemas/Color'}}}"},
		{"a map", "A: {type: object, additionalProperties: {type: array, items: {type: object, additionalProperties: {type: string, format: url}}}}", "A: {type: object, additionalProperties: {type: array, items: {type: object, additionalProperties: {type: string}}}}"},
		{"a map with properties", "A: {type: object, additionalProperties: {type: string}, properties: {a: {}}}", "A: {type: object, additionalProperties: true, properties: {a: {}}}"},
		{"a closed object", "A: {type: object, additionalProperties: false, properties: {a: {}}}", "A: {type: object, properties: {a: {}}}"},
		{"a list of nothing", "A: {type: array}", "A: {type: array, items: {}}"},
		{"objects within", "A: {type: object, properties: {the_b: {type: object, properties: {c: {type: array, items: {type: object, additionalProperties: true}}}}}}",
			"A: {type: object, properties: {the_b: {$ref: '#/components/schemas/ATheB'}}}\nATheB: {type: object, properties: {c: {type: array, items: {$ref: '#/components/schemas/ATheBCItem'}}}}\nATheBCItem: {type: object, additionalProperties: true}"},
		{"an object within whose name is taken", "A: {type: object, properties: {b: {type: object}}}\nAB: {type: string}",
			"A: {type: object, properties: {b: {$ref: '#/components/schemas/ABObject'}}}\nAB: {type: string}\nABObject: {type: object}"},
		{"an enum within whose name is taken", "A: {type: object, properties: {b: {type: string, enum: [c]}}}\nAB: {type: object}",
			"A: {type: object, properties: {b: {$ref: '#/components/schemas/ABObject'}}}\nAB: {type: object}\nABObject: {type: string, enum: [c]}"},
		{"names of generated methods and fields", "A: {type: object, properties: {format: {type: string}, log_value: {type: string}, extra_fields: {}}}",
			"A: {type: object, properties: {format: {type: string, x-go-name: FormatProperty}, log_value: {type: string, x-go-name: LogValueProperty}, extra_fields: {x-go-name: ExtraFieldsProperty}}}"},
		{"two properties that give one name", "A: {type: object, properties: {userId: {type: string}, user-id: {type: string}, user_id: {type: string}}}",
			"A: {type: object, properties: {userId: {type: string, x-go-name: UserIdPropertyX}, user-id: {type: string, x-go-name: UserIdProperty}, user_id: {type: string}}}"},
		{"two schemas that give one name", "Ab: {type: object}\nAB: {type: object, properties: {a: {$ref: '#/components/schemas/Ab'}}}",
			"AbObject: {type: object}\nAB: {type: object, properties: {a: {$ref: '#/components/schemas/AbObject'}}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, _ := mend(t, schemas(c.old))
			var want, again yaml.Node
			require.NoError(t, yaml.Unmarshal([]byte(schemas(c.new)), &want))
			require.YAMLEq(t, text(t, &want), text(t, doc))
			require.NoError(t, yaml.Unmarshal([]byte(text(t, doc)), &again))
			spec.Mend(&again)
			require.YAMLEq(t, text(t, &want), text(t, &again), "what is mended is left alone")
		})
	}
}

// A name depends on the schema that has it and on nothing that is added elsewhere.
func TestMendedNamesAreStable(t *testing.T) {
	const old = "A: {type: object, properties: {format: {type: object}, user_id: {type: string}, userId: {type: string}}}"
	_, before := mend(t, schemas(old))
	_, after := mend(t, schemas(strings.Replace(old, "properties: {", "properties: {aaa: {type: object}, ", 1)+"\nB: {type: object, properties: {format: {type: object}}}"))
	require.Subset(t, after, before)
	require.Len(t, before, 3)
}

const operation = `openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/get:
    post:
      operationId: aGet
      summary: |
        Get
        an a
      parameters: [{name: X, in: header, schema: {type: string}}]
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [name, on], properties: {name: {type: string}, on: {type: string, format: date}, note: {type: string}}}
            examples: {one: {value: {name: a, on: '2026-01-31', note: null, other: 1}}}
          examples: {}
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {type: object, properties: {list: {type: array, items: {type: string}}}}
components:
  schemas: {}
`

func TestMendOperations(t *testing.T) {
	doc, mended := mend(t, operation)
	out := text(t, doc)
	require.Contains(t, out, "summary: Get an a\n")
	require.NotContains(t, out, "parameters")
	require.Contains(t, out, "$ref: '#/components/schemas/AGetRequest'")
	require.Contains(t, out, "$ref: '#/components/schemas/AGetResponse'")
	require.Contains(t, out, "{one: {value: {name: a, on: '2026-01-31'}}}", "what no type sends is left out")
	require.NotContains(t, out, "          examples: {}")
	require.Len(t, mended, 3)
}

// Plaid's own file, all of it, becomes a document that loads. PLAID_SPEC names one.
func TestMendPlaidsFile(t *testing.T) {
	name := os.Getenv("PLAID_SPEC")
	if name == "" {
		t.Skip("TestMendPlaidsFile needs PLAID_SPEC, the path of Plaid's file")
	}
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	doc, _ := mend(t, string(data))
	loaded, err := openapi3.NewLoader().LoadFromData([]byte(text(t, doc)))
	require.NoError(t, err)
	for name, ref := range loaded.Components.Schemas {
		require.Nil(t, ref.Value.AllOf, name)
		for property, ref := range ref.Value.Properties {
			require.False(t, ref.Ref == "" && ref.Value.Type.Is("object"), "%s.%s", name, property)
		}
	}
}
