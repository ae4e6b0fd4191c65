package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const hiddenTest = `package allapi_test

import (
	"reflect"
	"testing"

	"github.com/plaidlink/plaidlink-go/try/allapi"
)

func TestHiddenValuesDoNotPrint(t *testing.T) {
	types, holders := checkHidden(t, reflect.TypeFor[*allapi.Client]())
	t.Logf("%d types, %d of which hold something hidden", types, holders)
}
`

// All of Plaid's own file is generated, compiles, is vetted, hides what it must, and is the same again. PLAID_SPEC names the
// file; nothing of it is kept.
func TestPlaidsFile(t *testing.T) {
	file := os.Getenv("PLAID_SPEC")
	if file == "" {
		t.Skip("TestPlaidsFile needs PLAID_SPEC, the path of Plaid's file")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module github.com/plaidlink/plaidlink-go/try\n\ngo 1.26\n\nrequire github.com/plaidlink/plaidlink-go v0.0.0\n\n"+
		"replace github.com/plaidlink/plaidlink-go => "+root+"\n")
	put(t, filepath.Join(dir, "go.sum"), get(t, filepath.Join(root, "go.sum")))
	out := filepath.Join(dir, "allapi")
	args := []string{"-spec", file, "-ops", "*", "-o", out}
	code, stdout, stderr := plaidgen(args...)
	require.Zero(t, code, stderr)
	text := get(t, filepath.Join(out, output))
	t.Logf("%s%d lines, %d left out", stdout, strings.Count(text, "\n"), strings.Count(stderr, "\n"))
	code, _, _ = plaidgen(append(args, "-check")...)
	require.Zero(t, code, "the same bytes again")

	put(t, filepath.Join(out, "all_test.go"), hiddenTest)
	put(t, filepath.Join(out, "hidden_test.go"), strings.Replace(get(t, "internal/odd/hidden_test.go"), "package odd_test", "package allapi_test", 1))
	for _, command := range [][]string{{"vet", "./..."}, {"test", "-v", "./..."}} {
		cmd := exec.CommandContext(t.Context(), "go", command...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off")
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "go %v\n%.2000s", command, said)
		if command[0] == "test" {
			t.Logf("%s", said)
		}
	}
}
