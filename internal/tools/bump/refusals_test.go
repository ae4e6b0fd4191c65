package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each is refused in one line that says where and why.
func TestMutationsThatAreRefused(t *testing.T) {
	in := begin(t)
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%[1]c [%s*%c]\n", c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), c-1)
	}
	change := func(below, old, new string) string { return edit(t, in.family, below, old, new) }
	for _, c := range []struct{ name, text, want string }{
		{"an empty file", "", "new.yml: malformed: expected a YAML mapping"},
		{"a comment alone", "# nothing\n", "new.yml: malformed: expected a YAML mapping"},
		{"a list", "- a\n", "new.yml: malformed: expected a YAML mapping"},
		{"a text", "Not found\n", "new.yml: malformed: expected a YAML mapping"},
		{"a web page", "<!DOCTYPE html>\n<html><body>Not found: 404</body></html>\n", "new.yml: malformed: expected"},
		{"OpenAPI 3.1", strings.Replace(in.family, "openapi: 3.0.0", "openapi: 3.1.0", 1), `new.yml: malformed: expected OpenAPI 3.0, found "3.1.0"`},
		{"OpenAPI 2", strings.Replace(in.family, "openapi: 3.0.0", "swagger: '2.0'", 1), "malformed"},
		{"another API", "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths: {/a: {post: {operationId: a}}}\n", "new.yml: lost: none of the operations of api/scope.yaml"},
		{"no paths", "openapi: 3.0.0\ninfo: {title: A, version: '1'}\n", "new.yml: lost: none of the operations of api/scope.yaml"},
		{"paths that are a list", "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths: [a]\n", "new.yml: lost"},
		{"two documents", in.family + "---\n" + in.family, "new.yml: malformed: expected one YAML document"},
		{"the file twice", in.family + "\n" + in.family, `new.yml:`},
		{"a key twice", change("    LinkTokenTransactions:", "      type: object\n", "      type: object\n      type: object\n"), `duplicate: key "type" stands on line`},
		{"an operation twice", change("  /link/token/get:", "operationId: linkTokenGet\n", "operationId: linkTokenCreate\n"), `operationId "linkTokenCreate" stands twice`},
		{"an operation with another method", change("  /link/token/get:", "    post:\n", "    get:\n"), "/paths/~1link~1token~1get/get: undeclared: expected `x-plaidlink-repeat"},
		{"an operation with another path", change("paths:", "  /link/token/get:\n", "  /link/token/read:\n"), "/paths/~1link~1token~1read/post: undeclared: expected `x-plaidlink-repeat"},
		{"a tab", change("    LinkTokenTransactions:", "      type: object\n", "\ttype: object\n"), "new.yml: malformed: expected YAML: yaml: line"},
		{"a half line", in.family[:len(in.family)/2] + "\n  : [", "new.yml: malformed: expected YAML"},
		{"no UTF-8", strings.Replace(in.family, "Plaid link/", "Plaid \xff", 1), "new.yml: malformed: expected YAML"},
		{"a NUL", strings.Replace(in.family, "Plaid link/", "Plaid \x00", 1), "new.yml: malformed: expected YAML"},
		{"a $ref to another file", change("    LinkTokenGetResponse:", "'#/components/schemas/LinkTokenGetMetadataResponse'", "'other.yml#/Metadata'"), "expected a reference within the document"},
		{"a $ref to a host", change("    LinkTokenGetResponse:", "'#/components/schemas/LinkTokenGetMetadataResponse'", "'https://127.0.0.1:1/a.yml'"), "expected a reference within the document"},
		{"a $ref to this machine", change("    LinkTokenGetResponse:", "'#/components/schemas/LinkTokenGetMetadataResponse'", "'file:///etc/passwd'"), "expected a reference within the document"},
		{"a $ref to nothing", change("    LinkTokenGetResponse:", "schemas/LinkTokenGetMetadataResponse", "schemas/Nothing"), `dangling $ref: "#/components/schemas/Nothing"`},
		{"a $ref to itself", change("components:", "    LinkTokenTransactions:\n", "    LinkTokenTransactions:\n      $ref: '#/components/schemas/LinkTokenTransactions'\n    Old:\n"), "unresolved ref"},
		{"a $ref in a circle", change("components:", "    LinkTokenTransactions:\n", "    LinkTokenTransactions:\n      $ref: '#/components/schemas/Circle'\n    Circle:\n      $ref: '#/components/schemas/LinkTokenTransactions'\n    Old:\n"), "unresolved ref"},
		{"a type that there is none of", change("    LinkTokenTransactions:", "type: integer", "type: whole"), "whole"},
		{"a schema that is a text", change("components:", "    LinkTokenTransactions:\n", "    LinkTokenTransactions: none\n    Old:\n"), "cannot load the composed document"},
		{"required twice", change("    LinkTokenGetResponse:", "        - metadata\n", "        - metadata\n        - metadata\n"), `duplicate: "metadata" stands twice`},
		{"a value twice", change("    EmploymentSourceType:", "        - payroll\n", "        - payroll\n        - payroll\n"), `duplicate: "payroll" stands twice`},
		{"a bomb of aliases", bomb + in.family, "nodes with each alias counted as what it stands for"},
		{"an anchor that holds itself", "a: &a [*a]\n" + in.family, "malformed"},
		{"a merge key", "a: &a {b: 1}\nc:\n  <<: *a\n" + in.family, "expected a key that is a plain value"},
		{"a key that is a list", "? [a, b]\n: c\n" + in.family, "expected a key that is a plain value"},
		{"an alias of nothing", "a: *b\n" + in.family, "new.yml: malformed: expected YAML: yaml: unknown anchor"},
		{"too deep", "a: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + "\n" + in.family, "expected at most 200 levels"},
		{"much too deep", "a: " + strings.Repeat("[", 100000) + "\n" + in.family, "new.yml: malformed"},
		{"deep by indentation", deep(3000) + in.family, "expected at most 200 levels"},
		{"too many nodes", "a: [" + strings.Repeat("x,", 1<<20) + "]\n" + in.family, "line breaks, commas and brackets"},
		{"too many bytes", in.family + "# " + strings.Repeat("x", 17<<20), "expected at most 16777216 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			p, err := in.plan(c.text)
			require.ErrorContains(t, err, c.want)
			require.Nil(t, p)
			require.Less(t, time.Since(began), 20*time.Second, "it hangs")
			for _, line := range strings.Split(err.Error(), "\n") {
				require.Regexp(t, `^[^ ]+: [a-z $]+: .+$`, line, "each problem is one line: place, kind, text")
			}
		})
	}
}

// Whatever happens to a line, the file is taken or refused by lines that say where.
func TestLinesRemovedRepeatedAndSwapped(t *testing.T) {
	in := begin(t)
	random := rand.New(rand.NewPCG(1, 2)) // the same at every run
	taken, refused := 0, 0
	for range 80 {
		text := strings.SplitAfter(in.family, "\n")
		a, b := random.IntN(len(text)-1), random.IntN(len(text)-1)
		what := ""
		switch random.IntN(4) {
		case 0:
			what, text[a] = "removed", ""
		case 1:
			what, text[a] = "repeated", text[a]+text[a]
		case 2:
			what, text[a], text[b] = "swapped", text[b], text[a]
		case 3:
			what, text[a] = "indented", "  "+text[a]
		}
		p, err := in.plan(strings.Join(text, ""))
		if err == nil {
			taken++
			require.NotEmpty(t, p.report())
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

func deep(levels int) string {
	var out strings.Builder
	for i := range levels {
		out.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return out.String()
}

// Forms of the same text give the same plan.
func TestFormsOfTheSameFile(t *testing.T) {
	in := begin(t)
	want, err := in.plan(in.family)
	require.NoError(t, err)
	for _, c := range []struct{ name, text string }{
		{"with a byte order mark", "\ufeff" + in.family},
		{"with CR LF", strings.ReplaceAll(in.family, "\n", "\r\n")},
		{"without a last line break", strings.TrimSuffix(in.family, "\n")},
		{"with a document mark", "---\n" + in.family},
		{"with comments", strings.Replace(in.family, "paths:\n", "# The paths.\npaths:\n", 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			have, err := in.plan(c.text)
			require.NoError(t, err)
			require.Equal(t, want.callers, have.callers)
			require.Equal(t, want.wire, have.wire)
			require.Equal(t, want.bumped.Completion, have.bumped.Completion)
		})
	}
}
