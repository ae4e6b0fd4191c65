package spec_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// document is what the tests read of an OpenAPI document; the rest is kept as it is.
type document struct {
	Info       map[string]any `yaml:"info"`
	Paths      map[string]any `yaml:"paths"`
	Components struct {
		Schemas         map[string]any `yaml:"schemas"`
		SecuritySchemes map[string]any `yaml:"securitySchemes,omitempty"`
	} `yaml:"components"`
	Rest map[string]any `yaml:",inline"`
}

func parse(t *testing.T, data []byte) (doc document) {
	t.Helper()
	require.NoError(t, yaml.Unmarshal(data, &doc))
	return doc
}

// grown is the vendored file as it would be in Plaid's whole API: it has by now some of what the completion adds, says
// right what one of the fixes corrects, and has 339 paths, each with schemas of its own.
func grown(t *testing.T) spec.Sources {
	t.Helper()
	in := plaid(t)
	doc, full := parse(t, in.Vendored.Data), parse(t, []byte(compose(t, in)))
	for _, name := range []string{"LinkTokenCreateRequest", "LinkTokenCreateRequestUser", "PlaidError", "RequestID"} {
		doc.Components.Schemas[name] = full.Components.Schemas[name]
	}
	doc.Components.SecuritySchemes = map[string]any{"clientId": full.Components.SecuritySchemes["clientId"]}
	exchange := full.Paths["/item/public_token/exchange"].(map[string]any)["post"].(map[string]any)
	delete(exchange, spec.RepeatKey)                          // which is ours
	delete(exchange["responses"].(map[string]any), "default") // which the fixes add
	doc.Paths["/item/public_token/exchange"] = map[string]any{"post": exchange}
	doc.Info["title"], doc.Info["description"] = full.Info["title"], full.Info["description"]
	for n := len(doc.Paths); n < 339; n++ {
		name := fmt.Sprintf("Other%dResponse", n)
		doc.Components.Schemas[name] = map[string]any{"type": "object", "properties": map[string]any{
			"self":  map[string]any{"$ref": "#/components/schemas/" + name},
			"error": map[string]any{"$ref": "#/components/schemas/PlaidError"},
		}}
		doc.Paths[fmt.Sprintf("/other/%d/get", n)] = map[string]any{"post": map[string]any{
			"operationId": fmt.Sprintf("other%dGet", n),
			"responses": map[string]any{"200": map[string]any{"description": "OK", "content": map[string]any{
				"application/json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/" + name}}}}},
		}}
	}
	require.Len(t, doc.Paths, 339)
	var err error
	in.Vendored.Data, err = yaml.Marshal(doc)
	require.NoError(t, err)
	return in
}

// place is where a text stands for the first time below another in a file.
func place(name string, data []byte, after, text string) string {
	from := bytes.Index(data, []byte(after))
	at := from + bytes.Index(data[from:], []byte(text))
	return fmt.Sprintf("%s:%d", name, 1+bytes.Count(data[:at+1], []byte("\n")))
}

func needlessNow(in spec.Sources) []spec.Problem {
	c, f := in.Completion, in.Fixes
	at := func(after, text string) string { return place(c.Name, c.Data, after, text) }
	return []spec.Problem{
		{spec.Needless, at("securitySchemes:", "\n        clientId:"), "/components/securitySchemes/clientId"},
		{spec.Needless, at("\n      /item/public_token/exchange:", "\n        post:"), "/paths/~1item~1public_token~1exchange/post"},
		{spec.Needless, at("actions:", "\n      LinkTokenCreateRequest:"), "/components/schemas/LinkTokenCreateRequest"},
		{spec.Needless, at("actions:", "\n      LinkTokenCreateRequestUser:"), "/components/schemas/LinkTokenCreateRequestUser"},
		{spec.Needless, at("actions:", "\n      PlaidError:"), "/components/schemas/PlaidError"},
		{spec.Needless, at("actions:", "\n      RequestID:"), "/components/schemas/RequestID"},
		{spec.NoEffect, place(f.Name, f.Data, "actions:", "\n  - target: $.info"), "says so already"},
	}
}

func TestGrownFileIsRefusedUntilLookedAt(t *testing.T) {
	in := grown(t)
	_, err := spec.Compose(in, spec.Options{})
	requireProblems(t, needlessNow(in), err)
}

func TestGrownFileComposesToTheSameDocument(t *testing.T) {
	in := grown(t)
	result, err := spec.Compose(in, spec.Options{DropNeedless: true})
	require.NoError(t, err)
	requireProblems(t, needlessNow(in), spec.Problems(result.Needless))

	// Only the order can differ: what the completion added is now where the vendored file has it.
	want := parse(t, []byte(compose(t, plaid(t))))
	have := parse(t, result.YAML)
	require.Len(t, have.Paths, 7, "the scope's operations and no other")
	require.Equal(t, want, have)
}

// A part that the publisher has changed wins over the completion, which is listed as a conflict.
func TestGrownFileWinsOverTheCompletion(t *testing.T) {
	in := tiny()
	edit(t, &in.Vendored, "    Other:\n", "    Color:\n      type: string\n      description: New words.\n    Other:\n")
	result, err := spec.Compose(in, spec.Options{DropNeedless: true})
	require.NoError(t, err)
	require.Contains(t, string(result.YAML), "    Color:\n      type: string\n      description: New words.\n")
	require.NotContains(t, string(result.YAML), "- green")
	requireProblems(t, []spec.Problem{{spec.Conflict, "completion.yaml:20", "/components/schemas/Color is in the document, which says otherwise: enum: [green red] in the overlay, nothing in the file"}}, spec.Problems(result.Needless))
}

// DropNeedless forgives what is needless, and nothing else.
func TestGrownFileThatLostAnOperation(t *testing.T) {
	in := grown(t)
	edit(t, &in.Vendored, "operationId: linkTokenGet\n", "operationId: linkTokenRead\n")
	_, err := spec.Compose(in, spec.Options{DropNeedless: true})
	require.ErrorContains(t, err, `/paths: lost: operation "linkTokenGet"`)
}
