package spec_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// Each change is one phrase, and one that changes the Go type can be undone.
func TestChanges(t *testing.T) {
	request := func(schema string) []byte {
		return []byte("paths: {/a: {post: {operationId: a, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}\ncomponents:\n  schemas:\n    A: " + schema + "\n")
	}
	for _, c := range []struct{ name, old, new, want, keep string }{
		{"nothing", "{type: object, properties: {b: {type: string}}}", "{properties: {b: {type: string}}, type: object}", "", ""},
		{"new", "{type: object}", "{type: object, properties: {b: {type: string}, c: {type: string}}}", "new `b`, `c`", ""},
		{"new and required", "{type: object}", "{type: object, properties: {b: {type: string}}, required: [b]}", "new, and Plaid refuses requests without `b`", ""},
		{"gone", "{type: object, properties: {b: {type: string}}}", "{type: object}", "gone `b`", ""},
		{"optional", "{type: object, properties: {b: {type: integer}}, required: [b]}", "{type: object, properties: {b: {type: integer}}}", "optional `b`",
			"  - {target: \"$.components.schemas['A']\", description: Keeps the Go type., update: {required: [b]}}\n"},
		{"required", "{type: object, properties: {b: {type: integer}}}", "{type: object, properties: {b: {type: integer}}, required: [b]}", "required `b`",
			"  - {target: \"$.components.schemas['A'].required[?@ == 'b']\", description: Keeps the Go type., remove: true}\n"},
		{"nullable", "{type: object, properties: {b: {type: string}}}", "{type: object, properties: {b: {type: string, nullable: true}}}", "nullable `b`",
			"  - {target: \"$.components.schemas['A'].properties['b']\", description: Keeps the Go type., update: {nullable: false}}\n"},
		{"another type", "{type: object, properties: {b: {type: string, enum: [x]}}}", "{type: object, properties: {b: {type: integer}}}", "integer instead of string `b`",
			"  - {target: \"$.components.schemas['A'].properties['b']\", description: Keeps the Go type., remove: true}\n" +
				"  - {target: \"$.components.schemas['A'].properties\", description: Keeps the Go type., update: {b: {type: string, enum: [x]}}}\n"},
		{"deprecated", "{type: object, properties: {b: {type: string}}}", "{type: object, properties: {b: {type: string, deprecated: true}}}", "deprecated `b`", ""},
		{"deprecated beside a reference", "{type: object, properties: {b: {$ref: '#/components/schemas/A'}}}", "{type: object, properties: {b: {$ref: '#/components/schemas/A', x-plaidlink-deprecated: true}}}", "deprecated `b`", ""},
		{"a schema that is deprecated", "{type: object}", "{type: object, deprecated: true}", "deprecated", ""},
		{"a limit", "{type: string, maxLength: 3}", "{type: string, maxLength: 4}", "maxLength 4, it was 3", ""},
		{"a limit less", "{type: string, maxLength: 3}", "{type: string}", "no maxLength any more, it was 3", ""},
		{"values", "{type: string, enum: [a, b]}", "{type: string, enum: [b, c]}", "new values c; no values a any more", ""},
		{"values of a list", "{type: object, properties: {b: {type: array, items: {type: string, enum: [a]}}}}", "{type: object, properties: {b: {type: array, items: {type: string, enum: [a, b]}}}}", "new values b `b`", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			comparison, err := spec.NewComparison(request(c.old), request(c.new))
			require.NoError(t, err)
			have := ""
			changes, added := comparison.Changes()
			for _, change := range changes {
				require.Equal(t, "A", change.Schema)
				for _, what := range change.What {
					if have != "" {
						have += "; "
					}
					have += what
				}
			}
			require.Equal(t, c.want, have)
			require.Equal(t, c.keep, comparison.Keep("A.B"))
			require.Empty(t, added)
		})
	}
}
