package repo_test

import (
	"go/parser"
	"go/token"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A program that imports the client links the generated code, the codec and the standard library, and nothing else.
func TestClientImportsLittle(t *testing.T) {
	allowed := []string{"github.com/plaidlink/plaidlink-go", "github.com/go-json-experiment/json"}
	require.Empty(t, foreign(t, allowed, "."), "the root package must not import these")
	require.Empty(t, foreign(t, allowed, "./examples/transactions/plaidapi"), "what plaidgen writes must not import these")
	// The check can fail: the sandbox imports more.
	require.Contains(t, foreign(t, allowed, "./sandbox"), "github.com/getkin/kin-openapi/openapi3")
	require.NotContains(t, deps(t, "."), "github.com/plaidlink/plaidlink-go/sandbox")
	require.NotContains(t, deps(t, "."), "github.com/plaidlink/plaidlink-go/api")
}

func foreign(t *testing.T, allowed []string, pkg string) (found []string) {
next:
	for _, path := range deps(t, pkg) {
		first, _, _ := strings.Cut(path, "/")
		if !strings.Contains(first, ".") || first == "vendor" {
			continue // standard library
		}
		for _, prefix := range allowed {
			if path == prefix || strings.HasPrefix(path, prefix+"/") {
				continue next
			}
		}
		found = append(found, path)
	}
	return found
}

func deps(t *testing.T, pkg string) []string {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", pkg).Output()
	require.NoError(t, err)
	return strings.Fields(string(out))
}

// What tools.go names is what go generate runs, in the version that go.mod pins.
func TestToolsArePinned(t *testing.T) {
	parsed, err := parser.ParseFile(token.NewFileSet(), "tools.go", nil, parser.ImportsOnly)
	require.NoError(t, err)
	require.NotEmpty(t, parsed.Imports)
	for _, spec := range parsed.Imports {
		require.Contains(t, deps(t, "./internal/generate"), strings.Trim(spec.Path.Value, `"`))
	}
	require.Contains(t, readFile(t, "go.mod"), "\tgithub.com/oapi-codegen/oapi-codegen/v2 v2.8.2\n")
}
