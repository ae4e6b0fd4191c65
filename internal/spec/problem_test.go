package spec_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// broken is one change of the tiny sources, and all that the composer must say about it.
type broken struct {
	name     string
	in       func(*spec.Sources) *spec.Source
	old, new string
	want     []spec.Problem // Text is a part of the text
}

func vendored(in *spec.Sources) *spec.Source   { return &in.Vendored }
func completion(in *spec.Sources) *spec.Source { return &in.Completion }
func fixes(in *spec.Sources) *spec.Source      { return &in.Fixes }
func scope(in *spec.Sources) *spec.Source      { return &in.Scope }

func refuse(t *testing.T, cases []broken) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := tiny()
			edit(t, c.in(&in), c.old, c.new)
			result, err := spec.Compose(in)
			require.Empty(t, string(result), "a document with a problem must not be returned")
			requireProblems(t, c.want, err)
		})
	}
}

// requireProblems holds that err reports exactly these problems, a line each.
func requireProblems(t *testing.T, want []spec.Problem, err error) {
	t.Helper()
	var have spec.Problems
	require.True(t, errors.As(err, &have), "expected problems, got %v", err)
	require.Len(t, have, len(want), "%v", err)
	for i, w := range want {
		require.Equal(t, w.Kind, have[i].Kind, "%v", err)
		require.Equal(t, w.Place, have[i].Place, "%v", err)
		require.Contains(t, have[i].Text, w.Text)
		require.Contains(t, err.Error(), w.Place+": "+string(w.Kind)+": ")
		require.NotContains(t, have[i].String(), "\n")
	}
}

const (
	thingGet      = "/paths/~1thing~1get/post"
	thingRemove   = "/paths/~1thing~1remove/post"
	exampleTwo    = thingGet + "/responses/200/content/application~1json/examples/two"
	addExample    = "  - target: $.paths['/thing/get'].post.responses['200'].content['application/json']\n    "
	beforePaths   = "  - target: $.paths\n" // the second action of the completion, on line 31
	beforeInfo    = "  - target: $.info\n"  // the first action of the fixes, on line 6
	beforeColor   = "      Color:\n"        // a schema of the completion, on line 20
	notRemovedYet = `operation "thingRemove" is not in the document`
)

func TestMalformedSources(t *testing.T) {
	refuse(t, []broken{
		{"no YAML", vendored, "info:\n", "info: [\n", []spec.Problem{{spec.Malformed, "vendored.yml", "yaml: line"}}},
		{"an empty file", vendored, tinyVendored, "", []spec.Problem{{spec.Malformed, "vendored.yml", "expected a YAML mapping"}}},
		{"a list for a mapping", vendored, tinyVendored, "- a\n", []spec.Problem{{spec.Malformed, "vendored.yml", "expected a YAML mapping"}}},
		{"a list for an overlay", fixes, tinyFixes, "- a\n", []spec.Problem{{spec.Malformed, "fixes.yaml", "expected a YAML mapping"}}},
		{"a mapping that is not an overlay", fixes, tinyFixes, "a: 1\n", []spec.Problem{{spec.Malformed, "fixes.yaml", "expected `overlay: 1.1.0`"}}},
		{"OpenAPI 3.1", vendored, "openapi: 3.0.3", "openapi: 3.1.0", []spec.Problem{{spec.Malformed, "vendored.yml", `expected OpenAPI 3.0, found "3.1.0"`}}},
		{"two documents", vendored, "    Other:\n", "---\na: 1\n", []spec.Problem{{spec.Malformed, "vendored.yml", "expected one YAML document"}}},
		{"an anchor that holds itself", vendored, "security: []", "security: &a [*a]", []spec.Problem{{spec.Malformed, "vendored.yml", "levels"}}},
		{"a merge key", fixes, beforeInfo, "  - <<: {target: $.info}\n" + beforeInfo, []spec.Problem{{spec.Malformed, "fixes.yaml", "plain value"}}},
		// 1.0.0 gives targets another meaning (no RFC 9535), so its overlays would match other places.
		{"an older overlay", completion, "overlay: 1.1.0", "overlay: 1.0.0", []spec.Problem{{spec.Malformed, "completion.yaml", `found "1.0.0"`}}},
		{"an overlay without a title", fixes, "  title: What is wrong\n", "", []spec.Problem{{spec.Malformed, "fixes.yaml", "info title"}}},
		{"a target that is not a JSONPath", fixes, "$.info\n", "$.info[\n", []spec.Problem{{spec.Malformed, "fixes.yaml:6", "is not a JSONPath"}}},
		{"a completion that removes", completion, beforePaths, "  - target: $.info\n    remove: true\n" + beforePaths, []spec.Problem{{spec.Malformed, "completion.yaml:31", "a completion adds members"}}},
		{"a completion of a text", completion, beforePaths, "  - target: $.openapi\n    update: {a: 1}\n" + beforePaths, []spec.Problem{{spec.Malformed, "completion.yaml:31", `a target "$.openapi" that is one`}}},
		{"a completion that removes and adds", completion, beforePaths, "  - target: $.info\n    remove: true\n    update: {a: 1}\n" + beforePaths, []spec.Problem{{spec.Malformed, "completion.yaml", ""}}},
		// What one place has and another lacks could be neither added to both nor left out of both.
		{"a completion of many places", completion, beforePaths, "  - target: $.paths.*.post\n    update: {summary: Get}\n" + "  - target: $.components.schemas.*\n    update: {x-a: 1}\n" + beforePaths, []spec.Problem{{spec.Malformed, "completion.yaml:33", "adds to one"}}},
		{"a scope with another list", scope, "schemas:", "schema:", []spec.Problem{{spec.Malformed, "scope.yaml", "expected the lists"}}},
		{"an empty scope", scope, tinyScope, "", []spec.Problem{{spec.Malformed, "scope.yaml", "expected the lists"}}},
		{"a scope without operations", scope, tinyScope, "schemas: [Thing]\n", []spec.Problem{{spec.Malformed, "scope.yaml", "at least one operationId"}}},
	})
}

func TestMalformedDocument(t *testing.T) {
	refuse(t, []broken{
		{"no version", vendored, "openapi: 3.0.3\n", "", []spec.Problem{{spec.Malformed, "/", "openapi"}}},
		{"no info", fixes, "    update:\n      title: Tiny\n", "    remove: true\n", []spec.Problem{{spec.Malformed, "/", "info"}}},
		{"a response that is a text", completion, "description: OK", "'OK'", []spec.Problem{{spec.Malformed, "/", "cannot load"}}},
		{"an unknown type", completion, "notify:\n            type: string", "notify:\n            type: text", []spec.Problem{{spec.Malformed, "/", "text"}}},
		{"a schema that refers to itself", completion, "Options:\n        type: object\n", "Options:\n        $ref: '#/components/schemas/Options'\n", []spec.Problem{{spec.Malformed, "/", "unresolved ref"}}},
	})
	t.Run("without components", func(t *testing.T) { // the library then has nil where a mapping is expected
		in := tiny()
		in.Vendored.Data = []byte("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {post: {operationId: a}}}\n")
		in.Completion.Data = []byte("overlay: 1.1.0\ninfo: {title: A, version: '1'}\nactions: [{target: $.info, update: {description: A}}]\n")
		in.Fixes.Data = []byte("overlay: 1.1.0\ninfo: {title: A, version: '1'}\nactions: [{target: $.paths.*.post, update: {x-plaidlink-retry: never}}]\n")
		in.Scope.Data = []byte("operations: [a]\n")
		in.GoTypes.Data = []byte("overlay: 1.1.0\ninfo: {title: A, version: '1'}\nactions: []\n")
		_, err := spec.Compose(in)
		requireProblems(t, []spec.Problem{{spec.Malformed, "/", "responses"}}, err)
	})
}

func TestOverlayActionsThatDoNothing(t *testing.T) {
	refuse(t, []broken{
		{"a correction of nothing", fixes, "$.info\n", "$.nowhere\n", []spec.Problem{{spec.NoTarget, "fixes.yaml:6", `"$.nowhere" matches nothing`}}},
		{"a correction of what the scope dropped", fixes, beforeInfo, "  - target: $.paths['/other']\n    remove: true\n" + beforeInfo, []spec.Problem{{spec.NoTarget, "fixes.yaml:6", "/other"}}},
		{"a completion of nothing", completion, beforePaths, "  - target: $.tags\n    update: {a: 1}\n" + beforePaths, []spec.Problem{{spec.NoTarget, "completion.yaml:31", `"$.tags" matches nothing`}}},
		{"a correction of what is right", fixes, "title: Tiny\n", "title: Tiny/\n", []spec.Problem{{spec.NoEffect, "fixes.yaml:6", "changes nothing"}}},
		{"a completion with nothing", completion, beforePaths, "  - target: $.info\n    update: {}\n" + beforePaths, []spec.Problem{{spec.NoEffect, "completion.yaml:31", "empty"}}},
	})
}

// An addition beside what is there does not collide: another method of a path, another property of a schema.
func TestAdditionsBeside(t *testing.T) {
	in := tiny()
	edit(t, &in.Completion, beforePaths, "  - target: $.components.schemas.Thing.properties\n    update: {size: {type: integer}}\n"+beforePaths)
	edit(t, &in.Completion, "      /thing/remove:\n", "      /thing/get:\n        put: {operationId: thingPut, x-plaidlink-retry: always, responses: {default: {description: OK}}}\n      /thing/remove:\n")
	out := compose(t, in)
	require.Contains(t, out, "\n        size: {type: integer}\n")
	require.Contains(t, out, "\n    put: {operationId: thingPut,")
	require.Contains(t, out, "operationId: thingGet\n")
}
