package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every program here runs, prints the output that its last comment lists, and is short. A folder without such a comment has
// its own tests, or is its own module.
func TestExamples(t *testing.T) {
	folders, err := filepath.Glob("*/*.go")
	require.NoError(t, err)
	expected := map[string]string{}
	for _, file := range folders {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		_, output, has := strings.Cut(string(source), "\n// Output:\n")
		if !has {
			tests, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*_test.go"))
			require.NoError(t, err)
			require.NotEmpty(t, tests, "%s: expected it to end in a comment that begins // Output:, or a test beside it", file)
			continue
		}
		if strings.HasSuffix(file, "_test.go") {
			continue // go test compares it
		}
		require.Less(t, strings.Count(string(source), "\n"), 60, "%s: expected fewer than 60 lines", file)
		expected[filepath.Dir(file)] = strings.ReplaceAll(output, "// ", "")
	}
	require.Greater(t, len(expected), 5)

	bin := t.TempDir() + string(filepath.Separator)
	build := []string{"build", "-ldflags=-s -w", "-o", bin} // without debug information it links faster
	for name := range expected {
		build = append(build, "./"+name)
	}
	printed, err := exec.Command("go", build...).CombinedOutput()
	require.NoError(t, err, "%s", printed)
	for name, output := range expected {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program := bin + name
			if runtime.GOOS == "windows" {
				program += ".exe"
			}
			printed, err := exec.Command(program).CombinedOutput()
			require.NoError(t, err, "%s", printed)
			require.Equal(t, output, string(printed))
		})
	}
}
