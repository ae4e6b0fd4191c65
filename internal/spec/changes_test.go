package spec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// Each change is told in the words of a Go caller; what breaks programs comes with actions that keep the old types.
func TestChangesForAGoCaller(t *testing.T) {
	before := compose(t, tiny())
	const (
		id     = "        id:\n          type: string # stable\n"
		color  = "        color:\n          $ref: '#/components/schemas/Color'\n"
		notify = "        notify:\n          type: string\n"
	)
	for _, c := range []struct {
		name, old, new string
		want           spec.Change
		keep           string // a part of the actions
	}{
		{"a property more", notify, notify + "        loud:\n          type: boolean\n", spec.Change{Place: "Options.loud", What: "is new", Means: "a new field, left out unless it is set"}, ""},
		{"a property less", notify, "", spec.Change{Place: "Options.notify", What: "is gone", Means: "the field is gone; what Plaid still sends is in ExtraFields", Shape: true}, "notify:\n        type: string\n"},
		{"a value less", "        - green\n", "", spec.Change{Place: "Color", What: "lost the values green", Means: "their constants are gone", Shape: true}, "$.components.schemas.Color.enum\n"},
		{"a type", "notify:\n          type: string\n", "notify:\n          type: integer\n", spec.Change{Place: "Options.notify", What: "string became integer", Means: "the Go type was string and is int", Shape: true}, "remove: true\n"},
		{"nullable where it is required", id, id + "          nullable: true\n", spec.Change{Place: "Thing.id", What: "became nullable", Means: "the field was string and is *string", Shape: true}, "nullable: false\n"},
		{"nullable where it is not", notify, notify + "          nullable: true\n", spec.Change{Place: "Options.notify", What: "became nullable", Means: "the Go type stays; null reads as the zero value or nil"}, ""},
		{"required in an answer", "        - id\n", "        - id\n        - color\n", spec.Change{Place: "Thing.color", What: "became required", Means: "the Go type stays"}, ""},
		{"a limit", notify, notify + "          maxLength: 9\n", spec.Change{Place: "Options.notify", What: "maxLength: nothing became 9", Means: "the Go type stays; Plaid enforces it, the SDK does not"}, ""},
		{"a reference to the same type", color, "        color:\n          type: array\n          items:\n            $ref: '#/components/schemas/Color'\n", spec.Change{Place: "Thing.color", What: "Color became array of Color", Means: "the Go type was Color and is []Color", Shape: true}, "$ref: '#/components/schemas/Color'\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, 1, strings.Count(before, c.old))
			changes, keep, err := spec.Changes([]byte(before), []byte(strings.Replace(before, c.old, c.new, 1)))
			require.NoError(t, err)
			require.Len(t, changes, 1)
			have := changes[0]
			require.Equal(t, c.want, spec.Change{Place: have.Place, What: have.What, Means: have.Means, Shape: have.Shape})
			require.Contains(t, keep, c.keep)
			require.Equal(t, c.want.Shape, keep != "")
		})
	}
}

func TestChangesOfTheSameDocument(t *testing.T) {
	doc := []byte(compose(t, plaid(t)))
	changes, keep, err := spec.Changes(doc, doc)
	require.NoError(t, err)
	require.Empty(t, changes)
	require.Empty(t, keep)
	_, _, err = spec.Changes(nil, doc)
	requireProblems(t, []spec.Problem{{spec.Malformed, "the old document", "expected a YAML mapping"}}, err)
}

// The credentials are headers: what a request says of them is dropped, and nothing else is.
func TestCredentialsAreDropped(t *testing.T) {
	const ref = "              $ref: '#/components/schemas/ThingGetRequest'\n"
	schema := strings.Index(tinyCompletion, "      ThingGetRequest:\n")
	in := tiny()
	edit(t, &in.Vendored, ref, ref+"            example: {client_id: a, id: a, secret: a}\n")
	edit(t, &in.Vendored, "    Other:\n", "    ThingGetRequest:\n      type: object\n      required: [client_id, secret]\n      properties:\n        client_id:\n          type: string\n        secret:\n          type: string\n        id:\n          type: string\n        options:\n          $ref: '#/components/schemas/Options'\n    Other:\n")
	in.Completion.Data = []byte(tinyCompletion[:schema] + tinyCompletion[strings.Index(tinyCompletion, "      Options:\n"):])
	have := compose(t, in)
	require.NotContains(t, have, "secret")
	require.NotContains(t, have, "client_id")
	require.Contains(t, have, "example: {id: a}\n")
}
