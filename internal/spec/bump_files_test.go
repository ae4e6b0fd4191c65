package spec_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// Each bad file is refused, in lines that name the place and the kind.
func TestBumpRefusesBadFiles(t *testing.T) {
	good := string(newer(t).Data)
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%[1]c [%s*%c]\n", c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), c-1)
	}
	deep := ""
	for i := range 3000 {
		deep += strings.Repeat(" ", i) + "a:\n"
	}
	change := func(old, new string) string {
		require.Contains(t, good, old)
		return strings.Replace(good, old, new, 1)
	}
	const color = "'#/components/schemas/Color'"
	for _, c := range []struct{ name, text, want string }{
		{"an empty file", "", "new.yml: malformed: expected a YAML mapping"},
		{"a comment alone", "# nothing\n", "new.yml: malformed: expected a YAML mapping"},
		{"a list", "- a\n", "new.yml: malformed: expected a YAML mapping"},
		{"a web page", "<!DOCTYPE html>\n<html><body>Not found: 404</body></html>\n", "new.yml: malformed: expected"},
		{"OpenAPI 3.1", change("openapi: 3.0.3", "openapi: 3.1.0"), `new.yml: malformed: expected OpenAPI 3.0, found "3.1.0"`},
		{"OpenAPI 2", change("openapi: 3.0.3", "swagger: '2.0'"), "malformed"},
		{"another API", "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths: {/a: {post: {operationId: a}}}\n", "new.yml: lost: none of the operations of scope.yaml"},
		{"no paths", "openapi: 3.0.0\ninfo: {title: A, version: '1'}\n", "new.yml: lost: none of the operations of scope.yaml"},
		{"paths that are a list", "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths: [a]\n", "new.yml: lost"},
		{"two documents", good + "---\n" + good, "new.yml: malformed: expected one YAML document"},
		{"a key twice", change("    Thing:\n", "    Thing:\n      type: object\n"), `duplicate: key "type"`},
		{"an operation with another method", change("    post:\n", "    get:\n"), "/paths/~1thing~1get/get: unfit: thingGet cannot have a method, its method is GET"},
		{"a tab", change("      type: object\n", "\ttype: object\n"), "new.yml: malformed: expected YAML: yaml: line"},
		{"a half line", good[:len(good)/2] + "\n  : [", "new.yml: malformed: expected YAML"},
		{"no UTF-8", change("Tiny/", "Plaid \xff"), "new.yml: malformed: expected YAML"},
		{"a NUL", change("Tiny/", "Plaid \x00"), "new.yml: malformed: expected YAML"},
		{"a $ref to another file", change(color, "'other.yml#/Color'"), "expected a reference within the document"},
		{"a $ref to a host", change(color, "'https://127.0.0.1:1/a.yml'"), "expected a reference within the document"},
		{"a $ref to this machine", change(color, "'file:///etc/passwd'"), "expected a reference within the document"},
		{"a $ref to nothing", change(color, "'#/components/schemas/Nothing'"), `dangling $ref: "#/components/schemas/Nothing"`},
		{"a $ref to itself", change("    Thing:\n", "    Thing:\n      $ref: '#/components/schemas/Thing'\n    Old:\n"), "unresolved ref"},
		{"a $ref in a circle", change("    Thing:\n", "    Thing:\n      $ref: '#/components/schemas/Circle'\n    Circle:\n      allOf: [{$ref: '#/components/schemas/Thing'}]\n    Old:\n"), "unresolved ref"},
		{"a type that there is none of", change("type: string # stable", "type: whole"), "whole"},
		{"a schema that is a text", change("    Thing:\n", "    Thing: none\n    Old:\n"), "cannot load the composed document"},
		{"a bomb of aliases", bomb + good, "nodes with each alias counted as what it"},
		{"a merge key", "a: &a {b: 1}\nc:\n  <<: *a\n" + good, "expected a key that is a plain value"},
		{"a key that is a list", "? [a, b]\n: c\n" + good, "expected a key that is a plain value"},
		{"an alias of nothing", "a: *b\n" + good, "new.yml: malformed: expected YAML: yaml: unknown anchor"},
		{"too deep", "a: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "\n" + good, "expected at most 200 levels"},
		{"deep by indentation", deep + good, "expected at most 200 levels"},
		{"too many nodes", "a: [" + strings.Repeat("x,", 1<<20) + "]\n" + good, "line breaks, commas and brackets"},
		{"too many bytes", good + "# " + strings.Repeat("x", 17<<20), "expected at most 16777216 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := spec.Bump(tiny(), spec.Source{Name: "new.yml", Data: []byte(c.text)})
			require.ErrorContains(t, err, c.want)
			for _, line := range strings.Split(err.Error(), "\n") {
				require.Regexp(t, `^[^ ]+: [a-z $]+: .+$`, line, "each problem is one line: place, kind, text")
			}
		})
	}
}

// Forms of the same text give the same types.
func TestBumpOfFormsOfTheSameFile(t *testing.T) {
	good := string(newer(t).Data)
	want := bump(t, tiny(), newer(t))
	for name, text := range map[string]string{
		"with a byte order mark":    "\ufeff" + good,
		"with CR LF":                strings.ReplaceAll(good, "\n", "\r\n"),
		"without a last line break": strings.TrimSuffix(good, "\n"),
		"with a document mark":      "---\n" + good,
		"with an anchor":            strings.ReplaceAll(strings.Replace(good, "type: string # stable", "&text\n          type: string", 1), "    Other:\n      type: string\n", "    Other: *text\n"),
	} {
		t.Run(name, func(t *testing.T) {
			b := bump(t, tiny(), spec.Source{Name: "new.yml", Data: []byte(text)})
			compared, err := spec.NewComparison(want.YAML, b.YAML)
			require.NoError(t, err)
			changes, added := compared.Changes()
			require.Empty(t, changes)
			require.Empty(t, added)
			require.Equal(t, want.Completion, b.Completion)
		})
	}
}

// Whatever happens to a line, the file is taken, or refused in lines that name a place.
func TestBumpOfMutilatedFiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) // the same at every run
	taken, refused := 0, 0
	for range 200 {
		text := strings.SplitAfter(string(newer(t).Data), "\n")
		a, b := random.IntN(len(text)-1), random.IntN(len(text)-1)
		what := []string{"removed", "twice", "swapped", "indented"}[random.IntN(4)]
		switch what {
		case "removed":
			text[a] = ""
		case "twice":
			text[a] += text[a]
		case "swapped":
			text[a], text[b] = text[b], text[a]
		case "indented":
			text[a] = "  " + text[a]
		}
		_, err := spec.Bump(tiny(), spec.Source{Name: "new.yml", Data: []byte(strings.Join(text, ""))})
		if err == nil {
			taken++
			continue
		}
		refused++
		for _, line := range strings.Split(err.Error(), "\n") {
			require.Regexp(t, `^[^ ]+: [a-z $]+: .+$`, line, "line %d or %d %s", a+1, b+1, what)
		}
	}
	require.NotZero(t, taken)
	require.NotZero(t, refused)
	t.Logf("%d taken, %d refused", taken, refused)
}
