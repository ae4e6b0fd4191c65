package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// names are the exported ones of a generated file, with the fields of its structs.
func names(t *testing.T, dir string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, generatedFile), nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	found := map[string]bool{}
	add := func(owner string, name *ast.Ident) {
		if name.IsExported() {
			found[owner+name.Name] = true
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeSpec:
			add("", n.Name)
			if structure, ok := n.Type.(*ast.StructType); ok {
				for _, field := range structure.Fields.List {
					for _, name := range field.Names {
						add(n.Name.Name+".", name)
					}
				}
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				add("", name)
			}
		case *ast.FuncDecl:
			if n.Recv == nil {
				add("", n.Name)
			}
			return false
		}
		return true
	})
	return slices.Sorted(maps.Keys(found))
}

// What is added elsewhere renames nothing: neither values whose names collide with others, nor schemas, nor operations.
func TestNamesAreStable(t *testing.T) {
	text := begin(t).family
	dir := workspace(t)
	before := names(t, dir)
	require.Greater(t, len(before), 500)
	for i, edits := range [][]struct{ below, old, new string }{
		{ // values that other enums have, that differ in case, and that need another spelling
			{sources, "        - payroll\n", "        - payroll\n        - auth\n        - PAYROLL_2\n        - '1099'\n"},
			{"    CountryCode:", "      enum:\n", "      enum:\n        - FI\n"},
			{"    Products:", "      enum:\n", "      enum:\n        - bank\n        - payroll\n"},
			{"    PlaidErrorType:", "      enum:\n", "      enum:\n        - BANK_ERROR\n"},
		},
		{ // schemas, and a property that is an enum as others are
			{"components:", "    Region:\n", "    Status:\n      type: string\n      description: A status.\n      enum: [auth, bank]\n    Region:\n"},
			{transfer, "        intent_id:\n", "        status:\n          $ref: '#/components/schemas/Status'\n        kind:\n          type: string\n          description: A kind.\n          enum: [auth, bank]\n        intent_id:\n"},
			{answer, "        link_token:\n", "        status:\n          $ref: '#/components/schemas/Status'\n        link_token:\n"},
		},
		{ // operations, and the order of the file
			{"paths:", "  /link/token/get:\n", otherOperation("/link/token/read", "linkTokenRead") + "  /link/token/get:\n"},
			{"paths:", "  /link/token/get:\n", otherOperation("/transactions/get", "transactionsGet") + "  /link/token/get:\n"},
			{sources, "        - bank\n        - payroll\n", "        - payroll\n        - bank\n"},
		},
	} {
		text = strings.Replace(text, fmt.Sprintf("_1.%d.0", 517+i), fmt.Sprintf("_1.%d.0", 518+i), 1)
		for _, e := range edits {
			text = edit(t, text, e.below, e.old, e.new)
		}
		code, stdout, stderr := bumped(t, dir, text)
		require.Zero(t, code, stderr)
		require.Contains(t, stdout, fmt.Sprintf("# Plaid's file 2020-09-14_1.%d.0, after 2020-09-14_1.%d.0\n", 518+i, 517+i))
		require.Contains(t, stdout, "Go: 0 breaking")
		after := names(t, dir)
		require.Subset(t, after, before, "bump %d", i+1)
		if i == 2 {
			require.Equal(t, before, after, "operations elsewhere add nothing either")
		} else {
			require.Greater(t, len(after), len(before))
		}
		before = after
	}
}

func otherOperation(path, id string) string {
	return fmt.Sprintf("  %s:\n    post:\n      operationId: %s\n      responses:\n        '200':\n          description: OK\n", path, id)
}
