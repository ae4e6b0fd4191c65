package plaidlink_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/api"
)

// The committed files are what `go generate` writes. Whether that is what the specification says is for the tests of package
// gen, which do not trust the generator.

func TestGeneratedFilesAreCurrent(t *testing.T) {
	dir := t.TempDir()
	regenerate(t, dir)
	for _, name := range []string{"api/openapi.yaml", "gen/plaid.gen.go", "gen/doc.go"} {
		committed, err := os.ReadFile(name)
		require.NoError(t, err)
		generated, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NoError(t, sameBytes(committed, generated), "%s: run `go generate`", name)
	}
}

func TestOneDifferentByteIsFound(t *testing.T) {
	code, err := os.ReadFile("gen/plaid.gen.go")
	require.NoError(t, err)
	require.NoError(t, sameBytes(code, bytes.Clone(code)))
	for _, at := range []int{0, len(code) / 2, len(code) - 1} {
		other := bytes.Clone(code)
		other[at] ^= 1
		line := 1 + bytes.Count(code[:at], []byte("\n"))
		require.ErrorContains(t, sameBytes(code, other), fmt.Sprintf("line %d ", line))
	}
	require.Error(t, sameBytes(code, code[:len(code)-1]), "one byte less")
	require.Error(t, sameBytes(code, append(bytes.Clone(code), '\n')), "one byte more")
}

// sameBytes names the first line that differs.
func sameBytes(committed, generated []byte) error {
	if bytes.Equal(committed, generated) {
		return nil
	}
	at := 0
	for at < min(len(committed), len(generated)) && committed[at] == generated[at] {
		at++
	}
	return fmt.Errorf("line %d differs from what is generated", 1+bytes.Count(committed[:at], []byte("\n")))
}

// regenerate runs the lines of generate.go, in order, so that they write below dir and not into the repository.
func regenerate(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, errors.Join(os.Mkdir(filepath.Join(dir, "api"), 0o755), os.Mkdir(filepath.Join(dir, "gen"), 0o755)))

	redirect := map[string][]string{ // each appears in generate.go once
		"compose":  {"compose", "-o", dir},
		"generate": {"generate", "-o", dir},
	}
	for _, line := range generateLines(t) {
		var args []string
		for _, arg := range strings.Fields(line) {
			if other, ok := redirect[arg]; ok {
				delete(redirect, arg)
				args = append(args, other...)
			} else {
				args = append(args, arg)
			}
		}
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly") // without a network
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s\n%s", line, out)
	}
	require.Empty(t, redirect, "generate.go has changed, and this test must follow")
}

func generateLines(t *testing.T) (lines []string) {
	t.Helper()
	source, err := os.ReadFile("generate.go")
	require.NoError(t, err)
	for line := range strings.Lines(string(source)) {
		if command, ok := strings.CutPrefix(line, "//go:generate "); ok {
			lines = append(lines, strings.TrimSpace(command))
		}
	}
	require.Len(t, lines, 2, "compose, generate")
	return lines
}

func TestSpecificationIsValid(t *testing.T) {
	require.NoError(t, validate(api.OpenAPI))

	for _, c := range []struct{ name, old, new, want string }{
		{"a reference to nothing", "$ref: '#/components/schemas/PlaidErrorType'", "$ref: '#/components/schemas/Nothing'", "Nothing"},
		{"an example that its schema refuses", "profile_matches: true", "profile_matches: perhaps", "profile_matches"},
		{"a document that is not OpenAPI", "openapi: 3.0.", "swagger: 2.", "openapi"},
	} {
		require.Contains(t, string(api.OpenAPI), c.old)
		err := validate(bytes.Replace(api.OpenAPI, []byte(c.old), []byte(c.new), 1))
		require.ErrorContains(t, err, c.want, c.name)
	}
}

// validate loads a document, which fails on a reference to nothing or to another file, and validates it with every
// example.
func validate(document []byte) error {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return err
	}
	return doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation())
}
