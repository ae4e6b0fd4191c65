package spec_test

import (
	"testing"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

func TestDanglingRefs(t *testing.T) {
	refuse(t, []broken{
		{"of the vendored file", completion, beforeColor, "      Shade:\n", []spec.Problem{
			{spec.DanglingRef, "/components/schemas/Thing/properties/color", `"#/components/schemas/Color"`}}},
		{"all at once", vendored, "    Other:\n      type: string\n", "  responses:\n    R: {$ref: '#/components/responses/B'}\n    S: {$ref: other.yaml}\n", []spec.Problem{
			{spec.DanglingRef, "/components/responses/R", `"#/components/responses/B"`},
			{spec.DanglingRef, "/components/responses/S", "expected a reference within the document"}}},
	})
}

func TestDuplicates(t *testing.T) {
	refuse(t, []broken{
		{"in an enum", completion, "          - green\n", "          - green\n          - red\n", []spec.Problem{
			{spec.Duplicate, "/components/schemas/Color/enum", `"red"`}}},
		{"in required, which kin-openapi finds too", completion, "            type: string\n          options:\n            $ref: '#/components/schemas/Options'\n", "            type: string\n          options:\n            $ref: '#/components/schemas/Options'\n        required: [id, id]\n", []spec.Problem{
			{spec.Duplicate, "/components/schemas/ThingGetRequest/required", `"id"`}, {spec.Malformed, "/", "duplicate"}}},
		{"an operationId, so that another is lost", completion, "operationId: thingRemove", "operationId: thingGet", []spec.Problem{
			{spec.Duplicate, thingRemove, `operationId "thingGet"`}, {spec.Lost, "/paths", notRemovedYet}, {spec.Malformed, "/", "same operation id"}}},
		{"a key of the vendored file", vendored, "  title: Tiny/\n", "  title: Tiny/\n  title: Tiny\n", []spec.Problem{
			{spec.Duplicate, "vendored.yml:6", `key "title" appears twice, first on line 5`}}},
		{"a key of an overlay", completion, "    update:\n      ThingGetRequest:", "    update:\n      Color: {}\n      ThingGetRequest:", []spec.Problem{
			{spec.Duplicate, "completion.yaml:21", `key "Color" appears twice, first on line 8`}}},
	})
}

// Data may say anything: it is held against its schema, and no rule of the specification's own applies to it.
func TestDataIsNotAudited(t *testing.T) {
	in := tiny()
	edit(t, &in.Vendored, "{id: t-1, color: red}", "{id: t-1, color: red, list: [a, a], $ref: nowhere}")
	edit(t, &in.Completion, "example: green", "example: green\n        default: red")
	compose(t, in)
}

func TestInvalidExamples(t *testing.T) {
	refuse(t, []broken{
		{"in a response, every place of it", completion, beforePaths, addExample + "update: {examples: {two: {value: {id: 7, color: blue}}}}\n" + beforePaths, []spec.Problem{
			{spec.BadExample, exampleTwo, "/color: value is not one of the allowed values"},
			{spec.BadExample, exampleTwo, "/id: value must be a string"}}},
		{"of a schema", completion, "example: green", "example: blue", []spec.Problem{
			{spec.BadExample, "/components/schemas/Color/example", "/: value is not one of the allowed values"}}},
		{"within schemas", completion, "            $ref: '#/components/schemas/Thing'\n  -", `            $ref: '#/components/schemas/Thing'
          list: {type: array, items: {type: integer, default: a}}
          map: {type: object, additionalProperties: {type: integer, example: b}}
          choice: {oneOf: [{type: integer}, {type: integer, default: c}]}
          x/y: {type: string, default: 1}
  -`, []spec.Problem{
			{spec.BadExample, "/components/schemas/ThingEvent/properties/list/items/default", "/: value must be an integer"},
			{spec.BadExample, "/components/schemas/ThingEvent/properties/map/additionalProperties/example", "/: value must be an integer"},
			{spec.BadExample, "/components/schemas/ThingEvent/properties/choice/oneOf/1/default", "/: value must be an integer"},
			{spec.BadExample, "/components/schemas/ThingEvent/properties/x~1y/default", "/: value must be a string"},
			{spec.Malformed, "/", "invalid default"}}}, // the first one, which kin-openapi refuses by itself
		{"of a request", fixes, "      x-plaidlink-retry: conditional\n", `      x-plaidlink-retry: conditional
      requestBody: {content: {application/json: {example: {id: 7}}}}
`, []spec.Problem{
			{spec.BadExample, "/paths/~1thing~1get/post/requestBody/content/application~1json/example", "/id: value must be a string"}}},
	})
}

func TestLostOperationsAndSchemas(t *testing.T) {
	refuse(t, []broken{
		{"an operation", scope, "  - thingRemove\n", "  - thingRemove\n  - thingPaint\n", []spec.Problem{
			{spec.Lost, "/paths", `"thingPaint"`}}},
		{"an operation that was renamed", vendored, "operationId: thingGet", "operationId: thingRead", []spec.Problem{
			{spec.NoTarget, "fixes.yaml:9", "/thing/get"}, {spec.Lost, "/paths", `"thingGet"`}}},
		{"a schema", scope, "  - ThingEvent\n", "  - ThingEvent\n  - PaintEvent\n", []spec.Problem{
			{spec.Lost, "/components/schemas", `"PaintEvent"`}}},
	})
}

func TestUndeclaredRetry(t *testing.T) {
	refuse(t, []broken{
		{"nothing said", fixes, "x-plaidlink-retry: never", "x-other: never", []spec.Problem{
			{spec.Undeclared, thingRemove, "expected `x-plaidlink-retry` with always, never or conditional"}}},
		{"another word", fixes, "x-plaidlink-retry: never", "x-plaidlink-retry: seldom", []spec.Problem{
			{spec.Undeclared, thingRemove, "`x-plaidlink-retry: seldom`: expected always, never or conditional"}}},
		{"a condition, which is Go's", fixes, "x-plaidlink-retry: never", "x-plaidlink-retry: unless id", []spec.Problem{
			{spec.Undeclared, thingRemove, "`x-plaidlink-retry: unless id`: expected"}}},
	})
}

func TestProblemsOfSeveralKindsAtOnce(t *testing.T) {
	in := tiny()
	edit(t, &in.Completion, "          - green\n        example: green\n", "          - green\n          - red\n        example: blue\n")
	edit(t, &in.Fixes, "$.info\n", "$.nowhere\n")
	edit(t, &in.GoTypes, "$.components", "$.parts")
	edit(t, &in.Fixes, "x-plaidlink-retry: never", "x-other: never")
	edit(t, &in.Scope, "  - ThingEvent\n", "  - LostEvent\n")
	_, err := spec.Compose(in)
	requireProblems(t, []spec.Problem{
		{spec.NoTarget, "fixes.yaml:6", ""},
		{spec.Lost, "/components/schemas", ""},
		{spec.Duplicate, "/components/schemas/Color/enum", ""},
		{spec.Undeclared, thingRemove, ""},
		{spec.NoTarget, "go.yaml:6", ""},
		{spec.BadExample, "/components/schemas/Color/example", ""},
	}, err)

	in = tiny()
	for _, src := range []*spec.Source{&in.Vendored, &in.Completion, &in.Fixes, &in.Scope, &in.GoTypes} {
		src.Data = []byte("- no\n")
	}
	_, err = spec.Compose(in)
	requireProblems(t, []spec.Problem{
		{spec.Malformed, "vendored.yml", ""},
		{spec.Malformed, "completion.yaml", ""},
		{spec.Malformed, "fixes.yaml", ""},
		{spec.Malformed, "scope.yaml", ""},
		{spec.Malformed, "go.yaml", ""},
	}, err)
}
