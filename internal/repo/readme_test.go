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

// maxReadme is how many lines the README may have: what does not fit is for a page of docs.
const maxReadme = 150

// Every block of the README runs in the tests: a Go block is a program or the body of an example to the letter, JavaScript is
// part of a page, and a command is what TestReadmeStepsWork does. TestReadmeBlocksCompile checks the imports.
func TestReadmeBlocksRun(t *testing.T) {
	readme := readFile(t, "README.md")
	require.LessOrEqual(t, strings.Count(readme, "\n"), maxReadme)
	known := exampleBodies(t)
	known[readmeProgram(t)] = "examples/exchange"
	blocks := block.FindAllStringSubmatch(readme, -1)
	require.NotEmpty(t, blocks)
	for _, b := range blocks {
		switch language, text := b[1], b[2]; language {
		case "go":
			require.Contains(t, known, text, "expected an example or a program, found:\n%s", text)
		case "js":
			require.Contains(t, unindented(readFile(t, "examples/connect/page.html")), unindented(text))
		case "sh":
			require.Equal(t, "go get "+module+"\n", text)
		default:
			t.Errorf("a block in %q: expected go, js or sh", language)
		}
	}
	require.Contains(t, readme, "`"+strings.Join(readmeSteps, " && ")+"`")
}

// readmeProgram is the complete program of the README, which is an example without the comments around it.
func readmeProgram(t *testing.T) string {
	t.Helper()
	_, program, _ := strings.Cut(readFile(t, "examples/exchange/main.go"), "\npackage main\n")
	program, _, _ = strings.Cut(program, "\n// Output:")
	return "package main\n" + program
}

// The first Go block of the README is a program. Every other one compiles as the body of main: it uses only the imports that
// the program has or the README lists, and the names that it declares itself.
func TestReadmeBlocksCompile(t *testing.T) {
	var program string
	var bodies []string
	readme := readFile(t, "README.md")
	for _, b := range block.FindAllStringSubmatch(readme, -1) {
		switch text := b[2]; {
		case b[1] != "go":
		case program == "":
			program = text
		default:
			bodies = append(bodies, text)
		}
	}
	require.Len(t, bodies, 3)
	build := func(program string, bodies ...string) error {
		source := "package bodies\n" + importsOf(t, readme, program)
		for i, body := range bodies {
			source += fmt.Sprintf("func _() { // block %d\n%s}\n", i+1, body)
		}
		return compile(t, map[string]string{"docs/program": program, "docs/bodies": source + "var _ = log.Fatal\n"})
	}
	require.NoError(t, build(program, bodies...))
	require.Error(t, build(bodies[0], bodies...), "a body is not a program")
	require.Error(t, build(program, bodies[0]), "an import that no block needs")
	require.Error(t, build(program, append(bodies, "fmt.Println(request)\n")...), "a name that the block does not declare")
}

var (
	importBlock = regexp.MustCompile(`(?s)import \(\n.*?\n\)\n`)
	alsoImports = regexp.MustCompile("they also import (.*?)\\.\n")
)

// importsOf is what the blocks of the README import: what the program does, and the list that follows it.
func importsOf(t *testing.T, readme, program string) string {
	t.Helper()
	list := alsoImports.FindStringSubmatch(readme)
	require.NotNil(t, list, "expected the README to list what its blocks import")
	imports := importBlock.FindString(program)
	for _, path := range inCode.FindAllStringSubmatch(list[1], -1) {
		imports += fmt.Sprintf("import %q\n", path[1])
	}
	return imports
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
