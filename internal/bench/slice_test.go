package bench

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// plaidSpec is the environment variable with the path of Plaid's own file, which this repository does not have.
const plaidSpec = "PLAID_SPEC"

// slice is a package of plaidgen's.
type slice struct{ name, ops string }

var packages = []slice{
	{"ten", "accountsBalanceGet,authGet,identityGet,investmentsHoldingsGet,investmentsTransactionsGet,liabilitiesGet,transactionsGet,transactionsRefresh,transactionsSync,transferAuthorizationCreate"},
	{"all", "*"},
}

// generator returns the command that generates the package to a folder.
func (s slice) generator(b *testing.B, dir, to string) command {
	file := os.Getenv(plaidSpec)
	if file == "" {
		b.Skip(b.Name() + " needs PLAID_SPEC, the absolute path of Plaid's file, 2020-09-14.yml of github.com/plaid/plaid-openapi")
	}
	plaidgen := filepath.Join(dir, "plaidgen")
	command{"../..", nil, []string{"go", "build", "-o", plaidgen, "./cmd/plaidgen"}}.output(b)
	return command{"", nil, []string{plaidgen, "-spec", file, "-ops", s.ops, "-o", to}}
}

// build builds a program with the package. What the programs of the other clients cost is reported once more, to compare with.
func (s slice) build(b *testing.B, dir string, others map[string]cost) {
	folder := filepath.Join(dir, "slice-"+s.name)
	generate := s.generator(b, dir, filepath.Join(folder, "plaidlink/plaidapi"))
	p := newProgram(b, folder, "plaidlink")
	run := p.goTool("build", "-o", p.binary, ".")
	run.env = append(run.env, "GOCACHE="+filepath.Join(folder, "cache"))
	require.NoError(b, os.CopyFS(filepath.Join(folder, "cache"), os.DirFS(filepath.Join(dir, "std"))))
	run.output(b)
	generate.output(b)
	uses := "package main\n\nimport \"example.com/program/plaidapi\"\n\nvar API = plaidapi.New\n"
	require.NoError(b, os.WriteFile(filepath.Join(p.dir, "api.go"), []byte(uses), 0o644))
	for _, name := range names {
		b.Run("client="+name, func(b *testing.B) {
			if name == "plaidlink" {
				run.measure(b)
				return
			}
			others[name].report(b)
		})
	}
	require.NoError(b, os.RemoveAll(folder)) // another round builds the same
}
