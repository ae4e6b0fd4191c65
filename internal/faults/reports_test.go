package faults

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The rows of other packages come out of what their tests report. One that fails, or that reports nothing, fails its row.
func TestRowsOfOtherPackages(t *testing.T) {
	const events = `{"Action":"run","Test":"TestA"}
{"Action":"attr","Test":"TestA/one","Key":"got","Value":"one: status=401"}
{"Action":"attr","Test":"TestA","Key":"other","Value":"no: status=500"}
{"Action":"attr","Test":"TestB","Key":"got","Value":"two: status=401"}
{"Action":"attr","Test":"TestC","Key":"got","Value":"three: open: status=200"}
{"Action":"pass","Test":"TestA/one"}
{"Action":"pass","Test":"TestA"}
{"Action":"pass","Test":"TestB"}
{"Action":"fail","Test":"TestC"}
{"Action":"pass","Test":"TestD"}
`
	for _, test := range []struct {
		tests []string
		want  []*kind
		pass  bool
	}{
		{[]string{"TestA", "TestB"}, []*kind{{"one", "status=401", 2}}, true},
		{[]string{"TestC"}, []*kind{{"three", "open: status=200", 1}, {"TestC", "passed false, reported true", 1}}, false},
		{[]string{"TestD"}, []*kind{{"TestD", "passed true, reported false", 1}}, false},
		{[]string{"TestE"}, []*kind{{"TestE", "passed false, reported false", 1}}, false},
	} {
		row := place{number: 1, tests: test.tests}.row(strings.NewReader(events))
		require.Equal(t, test.want, row.cases)
		require.Equal(t, test.pass, row.passed, test.tests)
	}
}

// Each test of another package exists, and reports a case and values that it saw: a literal is not one.
func TestOtherPackagesReportWhatWasSeen(t *testing.T) {
	for _, p := range elsewhere {
		files, err := filepath.Glob("../../" + p.dir + "/*_test.go")
		require.NoError(t, err)
		require.LessOrEqual(t, len(p.fault), 60)
		missing := slices.Clone(p.tests)
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, decl := range file.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && slices.Contains(p.tests, fn.Name.Name) {
					problem := reports(fn)
					require.Empty(t, problem, "%s %s", name, fn.Name.Name)
					missing = slices.DeleteFunc(missing, func(test string) bool { return test == fn.Name.Name })
				}
			}
		}
		require.Empty(t, missing, p.dir)
	}
}

// values is the format of what was seen: a case, and values with or without names.
var values = regexp.MustCompile(`^"[^:"]*: (\w+=)?%[.\d]*[a-z]( (\w+=)?%[.\d]*[a-z])*"$`)

// reports returns what is wrong with the reports of a test, or nothing.
func reports(test *ast.FuncDecl) string {
	problem := "it reports nothing"
	ast.Inspect(test, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || called(call) != "Attr" || problem == unseen {
			return true
		}
		problem = unseen
		if text, ok := call.Args[1].(*ast.CallExpr); ok && called(text) == "Sprintf" && !slices.ContainsFunc(text.Args[1:], isLiteral) {
			if format, ok := text.Args[0].(*ast.BasicLit); ok && values.MatchString(format.Value) {
				problem = ""
			}
		}
		return true
	})
	return problem
}

const unseen = `expected t.Attr("got", fmt.Sprintf("a case: name=%v", value)), without literals as values`

func called(call *ast.CallExpr) string {
	if selector, ok := call.Fun.(*ast.SelectorExpr); ok {
		return selector.Sel.Name
	}
	return ""
}

func isLiteral(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "true" || e.Name == "false" || e.Name == "nil"
	case *ast.BasicLit, *ast.CompositeLit:
		return true
	}
	return false
}

func TestMadeUpReportsAreFound(t *testing.T) {
	for body, want := range map[string]bool{
		`t.Attr("got", fmt.Sprintf("a case: status=%d", w.Code))`:          true,
		`t.Attr("got", fmt.Sprintf("%s: %.60q count=%d", name, out, n))`:   true,
		`t.Attr("got", "a case: status=401")`:                              false,
		`t.Attr("got", fmt.Sprintf("a case: status=401"))`:                 false,
		`t.Attr("got", fmt.Sprintf("a case: status=%d", 401))`:             false,
		`t.Attr("got", fmt.Sprintf("a case: accepted=%t", true))`:          false,
		`t.Attr("got", fmt.Sprintf("a case: refused with %d", w.Code))`:    false,
		`t.Attr("got", fmt.Sprintf("a case of %s", name))`:                 false,
		`t.Attr("got", fmt.Sprintf("a case: %v", []error{errors.New(x)}))`: false,
		`t.Log("a case")`: false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc TestA(t *testing.T) {\n"+body+"\n}", parser.SkipObjectResolution)
		require.NoError(t, err)
		require.Equal(t, want, reports(file.Decls[0].(*ast.FuncDecl)) == "", body)
	}
}
