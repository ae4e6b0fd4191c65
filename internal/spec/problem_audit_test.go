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
		{"in required, which kin-openapi finds too", vendored, "        - id\n", "        - id\n        - id\n", []spec.Problem{
			{spec.Duplicate, "/components/schemas/Thing/required", `"id"`}, {spec.Malformed, "/", "duplicate"}}},
		{"an operationId, so that another is lost", completion, "operationId: thingRemove", "operationId: thingGet", []spec.Problem{
			{spec.Duplicate, thingRemove, `operationId "thingGet"`}, {spec.Lost, "/paths", notRemovedYet}, {spec.Malformed, "/", "same operation id"}}},
		{"a key of the vendored file", vendored, "  title: Tiny/\n", "  title: Tiny/\n  title: Tiny\n", []spec.Problem{
			{spec.Duplicate, "vendored.yml:6", `key "title" stands on line 5`}}},
		{"a key of an overlay", completion, "    update:\n      ThingGetRequest:", "    update:\n      Color: {}\n      ThingGetRequest:", []spec.Problem{
			{spec.Duplicate, "completion.yaml:21", `key "Color" stands on line 8`}}},
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
		{"in a response, every place of it", vendored, "{id: t-1, color: red}", "{id: 7, color: blue}", []spec.Problem{
			{spec.BadExample, exampleOfGet, "/color: value is not one of the allowed values"},
			{spec.BadExample, exampleOfGet, "/id: value must be a string"}}},
		{"without a required member", vendored, "{id: t-1, color: red}", "{color: red}", []spec.Problem{
			{spec.BadExample, exampleOfGet, `"id" is missing`}}},
		{"in a request", vendored, "schemas/ThingGetRequest'\n", "schemas/ThingGetRequest'\n            example: {options: {notify: 7}}\n", []spec.Problem{
			{spec.BadExample, thingGet + "/requestBody/content/application~1json/example", "/options/notify: value must be a string"}}},
		{"of a schema", completion, "example: green", "example: blue", []spec.Problem{
			{spec.BadExample, "/components/schemas/Color/example", "/: value is not one of the allowed values"}}},
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

func TestUndeclaredRepeat(t *testing.T) {
	refuse(t, []broken{
		{"nothing said", fixes, "x-plaidlink-repeat: never", "x-other: never", []spec.Problem{
			{spec.Undeclared, thingRemove, "expected `x-plaidlink-repeat: always`"}}},
		{"another word", fixes, "x-plaidlink-repeat: never", "x-plaidlink-repeat: seldom", []spec.Problem{
			{spec.Undeclared, thingRemove, "`x-plaidlink-repeat: seldom`"}}},
		{"a member that the request lacks", fixes, "unless options.notify", "unless options.email", []spec.Problem{
			{spec.Undeclared, thingGet, `no member "options.email"`}}},
		{"a member below one that the request lacks", fixes, "unless options.notify", "unless notify.options", []spec.Problem{
			{spec.Undeclared, thingGet, `no member "notify.options"`}}},
		{"a member of no request", fixes, "x-plaidlink-repeat: never", "x-plaidlink-repeat: unless id", []spec.Problem{
			{spec.Undeclared, thingRemove, `no member "id"`}}},
	})
}

func TestProblemsOfSeveralKindsAtOnce(t *testing.T) {
	in := tiny()
	edit(t, &in.Vendored, "{id: t-1, color: red}", "{color: red}")
	edit(t, &in.Completion, "          - green\n", "          - green\n          - red\n")
	edit(t, &in.Completion, beforeColor, "      Thing: {}\n"+beforeColor)
	edit(t, &in.Fixes, "$.info\n", "$.nowhere\n")
	edit(t, &in.Fixes, "x-plaidlink-repeat: never", "x-other: never")
	edit(t, &in.Scope, "  - ThingEvent\n", "  - LostEvent\n")
	_, err := spec.Compose(in, spec.Options{})
	requireProblems(t, []spec.Problem{
		{spec.NoTarget, "fixes.yaml:6", ""},
		{spec.Conflict, "completion.yaml:20", ""},
		{spec.Lost, "/components/schemas", ""},
		{spec.Duplicate, "/components/schemas/Color/enum", ""},
		{spec.Undeclared, thingRemove, ""},
		{spec.BadExample, exampleOfGet, ""},
	}, err)

	in = tiny()
	for _, src := range []*spec.Source{&in.Vendored, &in.Completion, &in.Fixes, &in.Scope} {
		src.Data = []byte("- no\n")
	}
	_, err = spec.Compose(in, spec.Options{})
	requireProblems(t, []spec.Problem{
		{spec.Malformed, "vendored.yml", ""},
		{spec.Malformed, "completion.yaml", ""},
		{spec.Malformed, "fixes.yaml", ""},
		{spec.Malformed, "scope.yaml", ""},
	}, err)
}
