package repo_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// publicPackages are the folders of what an importer can use; TestExportedNamesAreDocumented finds one that is missing here.
var publicPackages = []string{".", "api", "contract", "gen", "sandbox", "webhook", "wire"}

// Every exported name has a comment that adds to the name, and reads as Go's own do.
func TestExportedNamesAreDocumented(t *testing.T) {
	files, err := filepath.Glob("*/*.go")
	require.NoError(t, err)
	for _, file := range files {
		if dir := filepath.Dir(file); dir != "examples" {
			require.Contains(t, publicPackages, dir, "is it public? add it to publicPackages")
		}
	}
	for _, dir := range publicPackages {
		r := readReference(t, dir)
		t.Logf("%s: %d exported names", dir, len(r.names))
		for _, problem := range r.problems {
			t.Errorf("%s: %s", dir, problem)
		}
	}
}

// Every operation of the client has an example with output, which pkg.go.dev shows at its method.
func TestEveryOperationHasAnExample(t *testing.T) {
	examples := map[string]bool{}
	files, err := filepath.Glob("*_example_test.go")
	require.NoError(t, err)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				examples[f.Name.Name] = slices.ContainsFunc(parsed.Comments, func(c *ast.CommentGroup) bool {
					return c.Pos() > f.Body.Pos() && c.End() < f.Body.End() && strings.HasPrefix(c.Text(), "Output:")
				})
			}
		}
	}
	client := reflect.TypeFor[*plaidlink.Client]()
	operations := 0
	for method := range reflect.TypeFor[*gen.Client]().Methods() {
		_, isOperation := client.MethodByName(method.Name)
		require.True(t, isOperation, method.Name)
		require.True(t, examples["ExampleClient_"+method.Name], "%s: expected an example with output", method.Name)
		operations++
	}
	require.Equal(t, 19, operations)
}

// A comment that is missing, empty of content or written as Markdown is found, so that TestExportedNamesAreDocumented can fail.
func TestMissingDocumentationIsFound(t *testing.T) {
	for _, c := range []struct{ source, problem string }{
		{"type Thing int", "Thing: expected a comment"},
		{"// Thing is a thing.\ntype Thing int", "Thing: the comment says no more than the name"},
		{"// The number of it in dozens.\ntype Thing int", "Thing: expected the comment to begin with the name"},
		{"// Thing: number of eggs, in dozens.\ntype Thing int", "Thing: expected the comment to begin with the name"},
		{"// Thing counts eggs in dozens\ntype Thing int", "Thing: expected a comment that ends a sentence"},
		{"// Thing counts `eggs` in dozens.\ntype Thing int", "Thing: Markdown in a comment"},
		{"// Thing counts eggs, see [eggs](https://example.com) for them.\ntype Thing int", "Thing: Markdown in a comment"},
		{"func DoThing() {}", "DoThing: expected a comment"},
		{"// Thing counts eggs in dozens.\ntype Thing int\nfunc (Thing) Do() {}", "Thing.Do: expected a comment"},
		{"// Thing counts eggs in dozens.\ntype Thing int\nfunc (Thing) MarshalJSON() {}", ""}, // its package describes it
		{"func MarshalJSON() {}", "MarshalJSON: expected a comment"},
		{"var (\n\tThing = 1\n)", "Thing: expected a comment"},
		{"// Thing counts eggs in dozens.\ntype Thing struct { A int }", "Thing.A: expected a comment"},
		{"// Thing counts eggs in dozens.\ntype Thing interface { A() }", ""}, // its comment is enough
		{"// Thing counts eggs.\ntype Thing struct {\n\t// Of one hen.\n\tA int\n\tB int\n\n\tC int\n}", "Thing.C: expected a comment"},
		{"// Thing counts eggs in dozens.\ntype Thing struct {\n\tA int // of one hen\n}", ""},
		{"// The eggs of a day.\nvar (\n\tThing = 1\n)", ""},
	} {
		dir := t.TempDir()
		source := "// Package p is for a test of a test.\npackage p\n\n" + c.source + "\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, "p.go"), []byte(source), 0o600))
		problems := strings.Join(readReference(t, dir).problems, "\n")
		if c.problem == "" {
			require.Empty(t, problems, c.source)
		} else {
			require.Contains(t, problems, c.problem, c.source)
		}
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "p.go"), []byte("package p\n"), 0o600))
	require.Contains(t, readReference(t, dir).problems, "p: expected a comment of the package")
}

// reference is what a package exports, and what is wrong with its comments.
type reference struct {
	positions       *token.FileSet
	names, problems []string
}

func readReference(t *testing.T, dir string) *reference {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	r := &reference{positions: token.NewFileSet()}
	hasPackageComment, name := false, ""
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(r.positions, file, nil, parser.ParseComments)
		require.NoError(t, err)
		if parsed.Name.Name == "main" || isLeftOut(parsed) {
			continue
		}
		name = parsed.Name.Name
		hasPackageComment = hasPackageComment || strings.HasPrefix(parsed.Doc.Text(), "Package "+name+" ")
		for _, decl := range parsed.Decls {
			r.declaration(decl)
		}
	}
	if !hasPackageComment {
		r.problems = append(r.problems, name+": expected a comment of the package")
	}
	return r
}

// isLeftOut reports whether a file is never built.
func isLeftOut(file *ast.File) bool {
	return slices.ContainsFunc(file.Comments, func(c *ast.CommentGroup) bool { return c.List[0].Text == "//go:build ignore" })
}

// codecMethods are what encoding/json, encoding/json/v2, log/slog and fmt call. The comment of their package describes them for
// all types at once.
var codecMethods = []string{"MarshalJSON", "UnmarshalJSON", "MarshalJSONTo", "UnmarshalJSONFrom", "LogValue", "Format"}

func (r *reference) declaration(decl ast.Decl) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil {
			owner := strings.TrimPrefix(types.ExprString(decl.Recv.List[0].Type), "*")
			if !ast.IsExported(owner) {
				return
			}
			if decl.Doc == nil && slices.Contains(codecMethods, name) {
				return
			}
			name = owner + "." + name
		}
		if decl.Name.IsExported() {
			r.sentence(name, decl.Name.Name, decl.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				r.typeSpec(spec, decl)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if name.IsExported() {
						r.words(name.Name, name.Name, first(spec.Doc, spec.Comment, decl.Doc))
					}
				}
			}
		}
	}
}

func (r *reference) typeSpec(spec *ast.TypeSpec, decl *ast.GenDecl) {
	if !spec.Name.IsExported() {
		return
	}
	r.sentence(spec.Name.Name, spec.Name.Name, first(spec.Doc, decl.Doc))
	of, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	line := func(pos token.Pos) int { return r.positions.Position(pos).Line }
	var group *ast.CommentGroup // it is about the fields that follow it without an empty line
	last := 0
	for _, field := range of.Fields.List {
		if field.Doc != nil || line(field.Pos()) > last+1 {
			group = field.Doc
		}
		last = line(field.End())
		for _, name := range field.Names {
			if name.IsExported() {
				r.words(spec.Name.Name+"."+name.Name, name.Name, first(field.Comment, group))
			}
		}
	}
}

func first(groups ...*ast.CommentGroup) *ast.CommentGroup {
	for _, g := range groups {
		if g.Text() != "" {
			return g
		}
	}
	return nil
}

var (
	markdown  = regexp.MustCompile("`|\\]\\(|\\*\\*")
	codeBlock = regexp.MustCompile(`(?m)^\t.*`) // where Go shows what it is given
	word      = regexp.MustCompile(`[A-Z]*[a-z]+|[A-Z]+|[0-9]+|\$[^ ]+`)
	empty     = split("a an the of is are it its in on to for and or this that type value field struct func method")
)

// sentence checks the comment of a type, function or method.
func (r *reference) sentence(full, name string, comment *ast.CommentGroup) {
	r.words(full, name, comment)
	text := comment.Text()
	begin := regexp.MustCompile(`^((A|An|The) )?` + name + `[ ,]`)
	paragraph, then, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	switch {
	case text == "": // which words reports
	case !begin.MatchString(text):
		r.problems = append(r.problems, full+": expected the comment to begin with the name")
	case !strings.HasSuffix(paragraph, ".") && !strings.HasPrefix(then, "\t"): // a block of code ends it too
		r.problems = append(r.problems, full+": expected a comment that ends a sentence: "+paragraph)
	}
}

// words checks that a comment says something that the name does not.
func (r *reference) words(full, name string, comment *ast.CommentGroup) {
	r.names = append(r.names, full)
	text := comment.Text()
	known := append(split(name), empty...)
	switch {
	case text == "":
		r.problems = append(r.problems, full+": expected a comment")
	case !slices.ContainsFunc(split(text), func(w string) bool { return !slices.Contains(known, w) }):
		r.problems = append(r.problems, full+": the comment says no more than the name")
	case markdown.MatchString(codeBlock.ReplaceAllString(text, "")):
		r.problems = append(r.problems, full+": Markdown in a comment")
	}
}

// split gives the words of a name or a text in lower case, without a plural's end.
func split(text string) []string {
	words := word.FindAllString(text, -1)
	for i, w := range words {
		words[i] = strings.TrimSuffix(strings.ToLower(w), "s")
	}
	return words
}
