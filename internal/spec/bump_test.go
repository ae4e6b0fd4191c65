package spec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
	"github.com/plaidlink/plaidlink-go/internal/spec/synthetic"
)

// whole is the tiny vendored file when it has what the completion adds, but for what a test says.
func whole(t *testing.T) spec.Source {
	_, schemas, _ := strings.Cut(tinyCompletion, "    update:\n")
	schemas, paths, _ := strings.Cut(schemas, "  - target: $.paths\n    update:\n")
	outdent := func(text string) string { return "\n" + strings.ReplaceAll("\n"+text, "\n  ", "\n")[1:] }
	in := tiny()
	edit(t, &in.Vendored, "\ncomponents:\n  schemas:\n", strings.TrimRight(outdent(outdent(paths)[1:]), "\n")+"\ncomponents:\n  schemas:"+strings.TrimRight(outdent(schemas), "\n")+"\n")
	edit(t, &in.Vendored, "version: '1'", "version: '2'")
	return spec.Source{Name: "new.yml", Data: in.Vendored.Data}
}

func goTypes() spec.Source {
	return spec.Source{Name: "go.yaml", Data: []byte("overlay: 1.1.0\ninfo: {title: Go, version: '1'}\nactions:\n  - target: $.components.schemas.Thing.properties.id\n    update:\n      x-go-name: ID\n")}
}

func bump(t *testing.T, in spec.Sources, file spec.Source) *spec.Bumped {
	t.Helper()
	b, err := spec.Bump(in, goTypes(), file)
	require.NoError(t, err)
	again, err := spec.Bump(in, goTypes(), file)
	require.NoError(t, err)
	require.Equal(t, b, again, "a second run gives the same")
	result, err := spec.Compose(b.Sources, spec.Options{})
	require.NoError(t, err, "what a bump writes composes as ever")
	require.Equal(t, string(b.YAML), string(result.YAML))
	return b
}

func TestBumpOfTheSameFile(t *testing.T) {
	in := plaid(t)
	types := spec.Source{Name: "api/go.yaml", Data: committed(t, "internal/spec/testdata/1.517.0/go.yaml")}
	b, err := spec.Bump(in, types, in.Vendored)
	require.NoError(t, err)
	require.Equal(t, in, b.Sources)
	require.Equal(t, types, b.GoTypes)
	require.Equal(t, compose(t, in), string(b.YAML))
	require.Empty(t, b.Needless)
	require.Empty(t, b.Carried)
	require.Empty(t, b.Mended)
	require.False(t, b.Trimmed)
}

func TestBumpDeletesWhatIsNeedless(t *testing.T) {
	in := tiny()
	edit(t, &in.Completion, "      Color:\n", "      # What colors there are.\n      Color:\n")
	b := bump(t, in, whole(t))
	requireProblems(t, []spec.Problem{
		{spec.Needless, "completion.yaml:8", "ThingGetRequest"}, {spec.Needless, "completion.yaml:15", "Options"},
		{spec.Needless, "completion.yaml:21", "Color"}, {spec.Needless, "completion.yaml:27", "ThingEvent"},
		{spec.Needless, "completion.yaml:35", thingRemove},
	}, spec.Problems(b.Needless))
	require.Equal(t, "overlay: 1.1.0\ninfo:\n  title: What is missing\n  version: '1'\nactions: []\n", string(b.Completion.Data))
	require.Equal(t, tinyFixes, string(b.Fixes.Data))
	require.Equal(t, "2", b.To)
	require.Equal(t, "1", b.From)

	next := bump(t, b.Sources, spec.Source{Name: "new.yml", Data: b.Vendored.Data})
	require.Equal(t, b.Sources, next.Sources, "an overlay without actions is one")
}

// What stays of an overlay stays as it is written.
func TestBumpLeavesTheRestAlone(t *testing.T) {
	in := tiny()
	edit(t, &in.Completion, "      Color:\n", "      # What colors there are.\n      Color:\n")
	edit(t, &in.Completion, "      ThingEvent:\n", "      # What webhooks carry.\n      ThingEvent: # all of it\n")
	file := tiny().Vendored
	edit(t, &file, "    Other:\n", "    Color:\n      type: string\n      enum: [red, green, blue]\n    Other:\n")
	b := bump(t, in, file)
	want := strings.Replace(string(in.Completion.Data), "      Color:\n        type: string\n        enum:\n          - red\n          - green\n        example: green\n", "", 1)
	require.Equal(t, want, string(b.Completion.Data), "comments stay, that of what is gone too: it may be about more")
	requireProblems(t, []spec.Problem{{spec.Needless, "completion.yaml:21", "Color"}}, spec.Problems(b.Needless))
	require.True(t, b.Trimmed, "it has an operation that is not of the scope")
	require.NotContains(t, string(b.Vendored.Data), "Other")
	require.Contains(t, string(b.Vendored.Data), b.SHA256)
}

func TestBumpSkipsWhatIsDead(t *testing.T) {
	in := tiny()
	edit(t, &in.Fixes, "  - target: $.paths['/thing/get'].post\n", "  - target: $.components.schemas.Thing.properties.id\n    description: A reason.\n    update:\n      description: The id.\n  - target: $.paths['/thing/get'].post\n")
	file := whole(t)
	edit(t, &file, "        id:\n          type: string # stable\n", "        key:\n          type: string\n")
	edit(t, &file, "      required:\n        - id\n", "")
	b := bump(t, in, file)
	require.Equal(t, spec.NoTarget, b.Needless[0].Kind)
	require.Equal(t, "fixes.yaml:9", b.Needless[0].Place)
	require.Equal(t, tinyFixes, string(b.Fixes.Data))
	last := b.Needless[len(b.Needless)-1]
	require.Equal(t, spec.Problem{Kind: spec.NoTarget, Place: "go.yaml:4", Text: `target "$.components.schemas.Thing.properties.id" matches nothing`}, last)
	require.Contains(t, string(b.GoTypes.Data), "actions: []\n")
}

func TestBumpCarriesOnWhatIsGone(t *testing.T) {
	in := tiny()
	edit(t, &in.Vendored, "paths:\n", "servers:\n  - {description: Live, url: 'https://a.example'}\n  - {description: Old, url: 'https://b.example'}\npaths:\n")
	file := whole(t)
	edit(t, &file, "paths:\n", "servers:\n  - {description: Live, url: 'https://a.example'}\npaths:\n")
	from, to := strings.Index(string(file.Data), "  # About a path.\n"), strings.Index(string(file.Data), "  /other:\n")
	file.Data = []byte(string(file.Data[:from]) + string(file.Data[to:]))
	file.Data = []byte(strings.Replace(string(file.Data), "    Thing:\n", "    Another:\n", 1))
	b := bump(t, in, file)
	require.Equal(t, []spec.Carried{{Operation: "thingGet", Path: "/thing/get"}, {Schema: "Thing"}, {Server: "Old"}}, b.Carried)
	require.Equal(t, "completion.yaml:8", b.Needless[0].Place, "lines are those of the overlay as it was")
	require.Contains(t, string(b.YAML), "operationId: thingGet\n")
	require.Contains(t, string(b.YAML), "deprecated: true\n")
	require.Contains(t, string(b.YAML), "https://b.example")
	require.Contains(t, string(b.YAML), "x-plaidlink-repeat: unless options.notify\n", "the fixes still apply to it")
	require.NotContains(t, string(b.YAML), "Another")

	// It is carried on by the next versions, and no longer when it is there again.
	next := bump(t, b.Sources, file)
	require.Empty(t, next.Carried)
	require.Equal(t, b.YAML, next.YAML)
	back := bump(t, b.Sources, whole(t))
	require.NotContains(t, string(back.YAML), "deprecated")
	require.NotContains(t, string(back.Completion.Data), "thingGet")
}

func TestBumpOfARenamedOperation(t *testing.T) {
	file := whole(t)
	edit(t, &file, "operationId: thingGet\n", "operationId: thingRead\n")
	b := bump(t, tiny(), file)
	require.Equal(t, []spec.Carried{{Operation: "thingGet", Path: "/thing/get", Renamed: "thingRead"}}, b.Carried)
	require.NotContains(t, string(b.YAML), "deprecated", "it is not gone")
}

func TestBumpTypesAccessTokens(t *testing.T) {
	file := whole(t)
	edit(t, &file, "        notify:\n", "        access_token:\n          type: string\n        access_tokens:\n          type: array\n          items:\n            type: string\n        notify:\n")
	b := bump(t, tiny(), file)
	require.Contains(t, string(b.GoTypes.Data), "  - target: $.components.schemas.Options.properties.access_token\n    description: An access token, so its type must redact it.\n    update:\n      x-go-type: AccessToken\n")
	require.Contains(t, string(b.GoTypes.Data), "  - target: $.components.schemas.Options.properties.access_tokens.items\n")
}

func TestBumpOfPlaidsWholeFile(t *testing.T) {
	in := plaid(t)
	types := spec.Source{Name: "api/go.yaml", Data: committed(t, "internal/spec/testdata/1.517.0/go.yaml")}
	full := synthetic.Full(string(in.Vendored.Data), compose(t, in))
	require.Equal(t, full, synthetic.Full(string(in.Vendored.Data), compose(t, in)))
	_, schemas, _ := strings.Cut(full, "\n  schemas:\n")
	require.Equal(t, synthetic.Schemas, strings.Count(schemas, "\n      type: "))
	b, err := spec.Bump(in, types, spec.Source{Name: "full.yml", Data: []byte(full)})
	require.NoError(t, err)
	require.True(t, b.Trimmed)
	for _, problem := range b.Needless {
		require.Equal(t, spec.Needless, problem.Kind, problem)
	}
	require.Equal(t, []spec.Carried{
		{Operation: "linkProfileEligibilityCheck", Path: "/link/profile/eligibility/check"}, {Schema: "LinkProfileEligibilityCheckResponse"},
	}, b.Carried)
	require.Len(t, b.Mended, 7)
}
