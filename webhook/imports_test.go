package webhook_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A program that receives webhooks links the client, the JSON codec and the standard library, and nothing of the sandbox.
func TestImports(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	for dep := range strings.FieldsSeq(string(out)) {
		first, _, _ := strings.Cut(dep, "/")
		if !strings.Contains(first, ".") { // standard library
			continue
		}
		switch {
		case strings.HasPrefix(dep, "github.com/go-json-experiment/json"):
		case strings.HasPrefix(dep, "github.com/plaidlink/plaidlink-go"):
			require.NotContains(t, dep, "sandbox")
		default:
			t.Errorf("found %s, expected no other module", dep)
		}
	}
	require.Contains(t, string(out), "github.com/go-json-experiment/json")
}
