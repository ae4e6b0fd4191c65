package repo_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var block = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// Every block of the README runs in the tests: a Go block is a program or the body of an example to the letter, and a command is
// a target of the Makefile. TestReadmeBlocksCompile checks the imports.
func TestReadmeBlocksRun(t *testing.T) {
	readme := readFile(t, "README.md")
	known := exampleBodies(t)
	known[readFile(t, "examples/connect/main.go")] = "examples/connect"
	known[importsOf(t, readme)] = "imports"
	targets := readFile(t, "Makefile")
	blocks := block.FindAllStringSubmatch(readme, -1)
	require.NotEmpty(t, blocks)
	for _, b := range blocks {
		switch language, text := b[1], b[2]; language {
		case "go":
			require.Contains(t, known, text, "expected an example or a program, found:\n%s", text)
		case "sh":
			for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
				command, _, _ := strings.Cut(line, "#")
				target, isMake := strings.CutPrefix(strings.TrimSpace(command), "make ")
				require.True(t, isMake, "expected a make target: %s", line)
				require.Regexp(t, `(?m)^`+target+`:.*## `, targets, "no such target")
			}
		default:
			t.Errorf("a block in %q: expected go or sh", language)
		}
	}
}

// The first Go block of the README is a program. Every other one compiles as the body of main: it uses only the imports that
// the README lists and the names that it declares itself.
func TestReadmeBlocksCompile(t *testing.T) {
	var program string
	var bodies []string
	readme := readFile(t, "README.md")
	for _, b := range block.FindAllStringSubmatch(readme, -1) {
		switch text := b[2]; {
		case b[1] != "go" || text == importsOf(t, readme):
		case program == "":
			program = text
		default:
			bodies = append(bodies, text)
		}
	}
	require.Greater(t, len(bodies), 3)
	build := func(program string, bodies ...string) error {
		source := "package bodies\n" + importsOf(t, readme)
		for i, body := range bodies {
			source += fmt.Sprintf("func _() { // block %d\n%s}\n", i+1, body)
		}
		return compile(t, map[string]string{"docs/program": program, "docs/bodies": source})
	}
	require.NoError(t, build(program, bodies...))
	require.Error(t, build(bodies[0], bodies...), "a body is not a program")
	require.Error(t, build(program, bodies[0]), "an import that no block needs")
	require.Error(t, build(program, append(bodies, "fmt.Println(request)\n")...), "a name that the block does not declare")
}

// importsOf is the block of the README that lists what the others import.
func importsOf(t *testing.T, readme string) string {
	t.Helper()
	for _, b := range block.FindAllStringSubmatch(readme, -1) {
		if strings.HasPrefix(b[2], "import (") {
			return b[2]
		}
	}
	require.Fail(t, "expected a block of imports")
	return ""
}

// compile builds packages, by folder, as if each had one file with this source. It writes nothing to the repository.
func compile(t *testing.T, sources map[string]string) error {
	t.Helper()
	root, err := os.Getwd()
	require.NoError(t, err)
	dir, replace, args := t.TempDir(), map[string]string{}, []string{"build", "-overlay"}
	overlay := filepath.Join(dir, "overlay.json")
	args = append(args, overlay)
	for folder, source := range sources {
		file := filepath.Join(dir, strings.ReplaceAll(folder, "/", "-")+".go")
		require.NoError(t, os.WriteFile(file, []byte(source), 0o600))
		replace[filepath.Join(root, folder, "compiled.go")] = file
		args = append(args, "./"+folder)
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, list, 0o600))
	printed, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, printed)
	}
	return nil
}

// exampleBodies are the bodies of the examples, as the README shows them.
func exampleBodies(t *testing.T) map[string]string {
	const file = "example_test.go"
	source := readFile(t, file)
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, source, 0)
	require.NoError(t, err)
	bodies := map[string]string{}
	for _, decl := range parsed.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			body := source[files.Position(f.Body.Lbrace).Offset+2 : files.Position(f.Body.Rbrace).Offset]
			body, _, _ = strings.Cut(body, "\t// Output:")
			bodies[strings.ReplaceAll("\n"+body, "\n\t", "\n")[1:]] = f.Name.Name
		}
	}
	return bodies
}

func readFile(t *testing.T, name string) string {
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}
