package repo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var block = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

// Every block of the README runs in the tests: Go blocks are programs or examples to the letter, commands are targets.
func TestReadmeBlocksRun(t *testing.T) {
	readme := readFile(t, "README.md")
	known := exampleBodies(t)
	known[readFile(t, "examples/connect/main.go")] = "examples/connect"
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
