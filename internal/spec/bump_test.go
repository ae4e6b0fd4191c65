package spec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// newer is a file of version 2 that has the completion's Color and no more than the vendored one besides.
func newer(t *testing.T) spec.Source {
	t.Helper()
	in := tiny()
	edit(t, &in.Vendored, "version: '1'", "version: '2'")
	edit(t, &in.Vendored, "    Other:\n", "    Color:\n      type: string\n      description: Theirs.\n      enum: [red, blue]\n    Other:\n")
	return spec.Source{Name: "new.yml", Data: in.Vendored.Data}
}

func bump(t *testing.T, in spec.Sources, file spec.Source) *spec.Bumped {
	t.Helper()
	b, err := spec.Bump(in, file)
	require.NoError(t, err)
	again, err := spec.Bump(in, file)
	require.NoError(t, err)
	require.Equal(t, b, again, "a second run gives the same")
	require.Equal(t, string(b.YAML), compose(t, b.Sources), "what a bump writes composes as ever")
	return b
}

func TestBumpOfTheSameFile(t *testing.T) {
	in := plaid(t)
	b, err := spec.Bump(in, in.Vendored)
	require.NoError(t, err)
	require.Equal(t, in, b.Sources)
	require.Equal(t, compose(t, in), string(b.YAML))
	require.Empty(t, b.Dead)
	require.Empty(t, b.Carried)
	require.False(t, b.Cut)
}

// The file wins where it is as new as the completion, but for words and for what only the completion has.
func TestBumpMergesTheCompletion(t *testing.T) {
	in := tiny()
	edit(t, &in.Completion, "      Color:\n        type: string\n", "      Color:\n        type: string\n        description: Ours.\n")
	edit(t, &in.Completion, "example: green", "maxLength: 9")
	b := bump(t, in, newer(t))
	require.Contains(t, string(b.YAML), "    Color:\n      type: string\n      description: Ours.\n      enum: [red, blue, green]\n    ")
	require.Contains(t, b.Kept, "/components/schemas/Color/enum/green")
	require.True(t, b.Cut, "it has an operation that is not of the scope")
	require.NotContains(t, string(b.Vendored.Data), "Other")
	require.Contains(t, string(b.Vendored.Data), b.SHA256)
	require.Equal(t, string(in.Completion.Data), string(b.Completion.Data), "which stays as it is")

	edit(t, &in.Completion, "version: '1'", "version: '3'")
	b = bump(t, in, newer(t))
	require.Contains(t, string(b.YAML), "maxLength: 9\n", "a completion that is newer knows better")
	require.Contains(t, string(b.YAML), "blue")
	require.Equal(t, "3", b.Facts)
}

func TestMergeOfObjects(t *testing.T) {
	for _, c := range []struct{ name, file, ours, want string }{
		{"a property that one of them has", "{type: object, properties: {a: {type: string}}, required: [a]}", "{type: object, properties: {b: {type: string}, c: {type: string}}, required: [b]}",
			"{type: object, properties: {a: {type: string}, b: {type: string}, c: {type: string}}, required: [a, b]}"},
		{"an addition without a type, however new", "{type: object, nullable: true, properties: {a: {type: integer}}, required: [a]}", "{x-version: '2', description: Ours., properties: {b: {type: string}}}",
			"{type: object, nullable: true, properties: {a: {type: integer}, b: {type: string}}, required: [a], x-version: '2', description: Ours.}"},
		{"a property of both, of a newer completion", "{type: object, properties: {a: {type: integer, maximum: 3}}}", "{type: object, x-version: '2', properties: {a: {type: integer, description: Ours., minimum: 2}}, required: [a]}",
			"{type: object, x-version: '2', properties: {a: {type: integer, description: Ours., minimum: 2}}, required: [a]}"},
		{"a property of both", "{type: object, properties: {a: {type: integer, maximum: 3}}}", "{type: object, properties: {a: {type: integer, description: Ours., minimum: 2}}, required: [a]}",
			"{type: object, properties: {a: {type: integer, maximum: 3, description: Ours.}}}"},
		{"another type", "{type: object, properties: {a: {type: integer}}}", "{type: object, properties: {a: {type: string, enum: [b]}}}", "{type: object, properties: {a: {type: integer}}}"},
		{"a list", "{type: array, items: {type: string, enum: [a]}}", "{type: array, items: {type: string, enum: [b]}}", "{type: array, items: {type: string, enum: [a, b]}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := tiny()
			edit(t, &in.Scope, "  - ThingEvent\n", "  - ThingEvent\n  - M\n")
			edit(t, &in.Vendored, "    Other:\n", "    M: "+c.file+"\n    Other:\n")
			edit(t, &in.Completion, beforeColor, "      M: "+c.ours+"\n"+beforeColor)
			if strings.Contains(c.ours, "x-version") {
				edit(t, &in.Completion, "version: '1'", "version: '2'")
			}
			require.Contains(t, compose(t, in), "    M: "+c.want+"\n")
		})
	}
}

// Actions that do nothing any more are deleted with what belongs to them, and nothing else is.
func TestBumpDeletesDeadActions(t *testing.T) {
	in, file := tiny(), newer(t)
	const action = "  # Why.\n  - target: $.components.schemas.Thing.properties.id\n    description: A reason.\n    update:\n      description: The id.\n"
	edit(t, &in.Fixes, "  - target: $.paths['/thing/get'].post\n", action+"  # The next.\n  - target: $.paths['/thing/get'].post\n")
	edit(t, &in.Vendored, "          type: string # stable\n", "          type: integer\n")
	in.Vendored.Data = []byte(strings.ReplaceAll(string(in.Vendored.Data), "t-1", "1"))
	edit(t, &file, "title: Tiny/", "title: Tiny")
	b := bump(t, in, file)
	require.NotContains(t, string(b.Fixes.Data), "title: Tiny\n")
	require.Contains(t, string(b.Fixes.Data), action+"  # The next.\n")
	requireProblems(t, []spec.Problem{{spec.NoEffect, "fixes.yaml:6", "$.info"}}, b.Dead)
}

func TestBumpCarriesOnWhatIsGone(t *testing.T) {
	in, file := tiny(), newer(t)
	edit(t, &in.Vendored, "paths:\n", "servers:\n  - {description: Live, url: 'https://a.example'}\n  - {description: Old, url: 'https://b.example'}\npaths:\n")
	edit(t, &in.Vendored, "        id:\n          type: string # stable\n", "        client_id: {type: string}\n        id:\n          type: string # stable\n        size: {type: integer}\n        paint: {type: string, enum: [wet, dry]}\n")
	edit(t, &file, "paths:\n", "servers:\n  - {description: Live, url: 'https://a.example'}\npaths:\n")
	edit(t, &file, "        id:\n          type: string # stable\n", "        id:\n          type: string\n        paint: {type: string, enum: [wet]}\n")
	b := bump(t, in, file)
	require.ElementsMatch(t, []string{"/servers/Old", "/components/schemas/Thing/properties/client_id", "/components/schemas/Thing/properties/size",
		"/components/schemas/Thing/properties/paint/enum/dry"}, b.Carried)
	require.Contains(t, string(b.YAML), "https://b.example")
	require.Contains(t, string(b.YAML), "enum: [wet, dry]")
	require.Contains(t, string(b.YAML), "size: {type: integer}")

	next := bump(t, b.Sources, file)
	require.Empty(t, next.Carried, "it is carried once")
	require.Equal(t, string(b.YAML), string(next.YAML))

	// What a value was carried on of stays whole when a later file lacks it.
	shared := tiny()
	edit(t, &shared.Vendored, "          type: string # stable\n", "          type: string # stable\n        paint: {$ref: '#/components/schemas/Paint'}\n")
	edit(t, &shared.Vendored, "    Other:\n", "    Paint: {type: string, enum: [wet, dry]}\n    Other:\n")
	less := spec.Source{Name: "new.yml", Data: shared.Vendored.Data}
	edit(t, &less, "version: '1'", "version: '2'")
	edit(t, &less, "enum: [wet, dry]", "enum: [wet]")
	b = bump(t, shared, less)
	require.Equal(t, []string{"/components/schemas/Paint/enum/dry"}, b.Carried)
	b = bump(t, b.Sources, newer(t))
	require.ElementsMatch(t, []string{"/components/schemas/Paint", "/components/schemas/Thing/properties/paint"}, b.Carried)
	require.Contains(t, string(b.YAML), "    Paint: {type: string, enum: [wet, dry]}\n")

	// An operation stays too, without the credentials that are headers, however often the file comes without it.
	gone := newer(t)
	from, to := strings.Index(string(gone.Data), "  # About a path.\n"), strings.Index(string(gone.Data), "  /other:\n")
	gone.Data = []byte(string(gone.Data[:from]) + string(gone.Data[to:]))
	edit(t, &gone, "operationId: other\n", "operationId: other\n      requestBody: {content: {application/json: {schema: {type: object}}}}\n")
	edit(t, &in.Scope, "  - thingRemove\n", "  - thingRemove\n  - other\n")
	edit(t, &in.Fixes, "  - target: $.info\n", "  - target: $.paths['/other'].post\n    update:\n      x-plaidlink-retry: always\n  - target: $.info\n")
	edit(t, &in.Vendored, "schema:\n              $ref: '#/components/schemas/ThingGetRequest'\n", "schema: {type: object, properties: {secret: {type: string}, options: {$ref: '#/components/schemas/Options'}}}\n")
	b = bump(t, in, gone)
	require.Contains(t, b.Carried, "/paths/~1thing~1get")
	for range 2 {
		require.Contains(t, string(b.YAML), "operationId: thingGet\n")
		require.NotContains(t, string(b.YAML), "secret")
		require.Contains(t, string(b.YAML), "x-plaidlink-retry: conditional\n", "the fixes still apply to it")
		b = bump(t, b.Sources, gone)
	}
}

func TestBumpRefuses(t *testing.T) {
	in, file := tiny(), newer(t)
	file.Data = []byte(strings.NewReplacer("thingGet", "thingRead", "ThingGet", "ThingRead").Replace(string(file.Data)))
	_, err := spec.Bump(in, file)
	requireProblems(t, []spec.Problem{{spec.Lost, "new.yml", "none of the operations of scope.yaml"}}, err)

	in, file = tiny(), newer(t)
	edit(t, &in.Scope, "  - thingRemove\n", "  - thingRemove\n  - other\n")
	_, err = spec.Bump(in, file)
	requireProblems(t, []spec.Problem{
		{spec.Unfitting, "/paths/~1other/post", "other cannot have a method, its request is not JSON: take it out of scope.yaml"},
		{spec.Undeclared, "/paths/~1other/post", "expected `x-plaidlink-retry`"},
	}, err)

	in, file = tiny(), newer(t)
	edit(t, &file, "#/components/schemas/Color'", "#/components/schemas/Lost'")
	edit(t, &in.Completion, "        example: green\n", "        default: grey\n")
	_, err = spec.Bump(in, file)
	requireProblems(t, []spec.Problem{{spec.DanglingRef, "/components/schemas/Thing/properties/color", "Lost"}}, err)
}
