package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// Every operation of Plaid's own file that has a JSON request and response composes, generates and compiles, in one scope.
// PLAID_SPEC names the file; there is no network, and nothing of it is kept.
func TestEveryOperationOfPlaid(t *testing.T) {
	file := os.Getenv("PLAID_SPEC")
	if file == "" {
		t.Skip("TestEveryOperationOfPlaid needs PLAID_SPEC, the path of Plaid's file")
	}
	text := read(t, file)
	var doc struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(text), &doc))
	scope, left := "operations:\n", 0
	for path, item := range doc.Paths {
		for method, op := range item {
			if method != "get" && method != "post" {
				continue
			}
			var named struct {
				ID string `yaml:"operationId"`
			}
			require.NoError(t, op.Decode(&named))
			if why := spec.Unfit(&op, method); why != "" {
				t.Logf("left out: %s %s: %s", method, path, why)
				left++
			} else {
				scope += "  - " + named.ID + "\n"
			}
		}
	}
	overlay := func(name, actions string) spec.Source {
		return spec.Source{Name: name, Data: []byte("overlay: 1.1.0\ninfo: {title: None, version: '0'}\nactions:" + actions)}
	}
	began := time.Now()
	goTypes := overlay("go", "\n  - {target: $.components.schemas.AccessToken, update: {x-go-type: AccessToken}}\n")
	composed, err := spec.Compose(spec.Sources{
		GoTypes:  goTypes,
		Vendored: spec.Source{Name: file, Data: []byte(text)}, Scope: spec.Source{Name: "scope", Data: []byte(scope)},
		Completion: overlay("completion", " []\n"), Fixes: overlay("fixes", "\n  - {target: $.paths.*.post, update: {x-plaidlink-retry: never}}\n"),
	})
	require.NoError(t, err)
	code, err := spec.Code(composed, goTypes)
	require.NoError(t, err)
	require.Less(t, time.Since(began), time.Minute)
	t.Logf("%d operations and %d left out: composed and generated in %v, %d lines", strings.Count(scope, "  - "), left,
		time.Since(began).Round(time.Millisecond), strings.Count(string(code[spec.CodeFile]), "\n"))

	dir := workspace(t)
	for name, data := range code {
		put(t, dir, name, string(data))
	}
	for _, command := range []string{"build", "vet"} {
		cmd := exec.CommandContext(t.Context(), "go", command, "./gen")
		cmd.Dir = dir
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", said)
	}
}
