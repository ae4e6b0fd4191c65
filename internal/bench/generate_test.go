package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkGenerate composes and generates, for the vendored file and for one of 3 MB, as Plaid's whole file is. With Plaid's
// file it generates packages from it too.
func BenchmarkGenerate(b *testing.B) {
	const root = "../.."
	dir := scratch(b)
	compose := filepath.Join(dir, "spec")
	command{root, nil, []string{"go", "build", "-o", compose, "./internal/spec/cmd/spec"}}.output(b)
	full := filepath.Join(dir, "full.yml")
	require.NoError(b, errors.Join(os.MkdirAll(filepath.Join(dir, "api"), 0o755), os.MkdirAll(filepath.Join(dir, "gen"), 0o755)))
	inflate(b, filepath.Join(root, "api/plaid-link--openapi-original.yml"), full)
	for _, step := range []struct {
		name string
		args []string
	}{
		{"compose/file=vendored", []string{compose, "compose", "-o", dir}},
		{"compose/file=3MB", []string{compose, "compose", "-vendored", full, "-o", dir}},
		{"code/file=vendored", []string{compose, "generate", "-o", dir}},
	} {
		b.Run(step.name, func(b *testing.B) { command{root, nil, step.args}.measure(b) })
	}
	for _, s := range packages {
		b.Run("ops="+s.name, func(b *testing.B) { s.generator(b, dir, filepath.Join(dir, s.name)).measure(b) })
	}
}

// inflate writes a file that has, beside the Link family of another, as much of other products as Plaid's whole file. It keeps
// little of it in memory, because a process that is started reports at least as much memory as the one that starts it.
func inflate(b *testing.B, from, to string) {
	family, err := os.ReadFile(from)
	require.NoError(b, err)
	head, rest, hasPaths := strings.Cut(string(family), "\npaths:\n")
	paths, tail, hasSchemas := strings.Cut(rest, "\n  schemas:\n")
	require.True(b, hasPaths && hasSchemas)
	file, err := os.Create(to)
	require.NoError(b, err)
	out := bufio.NewWriter(file)
	fmt.Fprint(out, head, "\npaths:\n")
	for n := range otherPaths {
		fmt.Fprintf(out, otherPath, n)
	}
	fmt.Fprint(out, paths, "\n  schemas:\n")
	for n := range otherSchemas {
		fmt.Fprintf(out, otherSchema, n)
	}
	fmt.Fprint(out, tail)
	require.NoError(b, out.Flush())
	require.NoError(b, file.Close())
}

const (
	otherPaths   = 339
	otherSchemas = 2275

	otherPath = `  /other%[1]d/get:
    post:
      operationId: other%[1]dGet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Other%[1]d'}}}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Other%[1]d'}}}}
`
	otherSchema = `    Other%[1]d:
      type: object
      additionalProperties: true
      description: ` + prose + `
      properties:
        id: {type: string, description: ` + prose + `}
        amount: {type: number, nullable: true, description: ` + prose + `}
        kind: {type: string, enum: [a, b, c], description: ` + prose + `}
        parts: {type: array, items: {type: string}, description: ` + prose + `}
`
	prose = "'what another product has here, in as many words as a property has on average: what it is, in which unit it is given, and when it is null, in two sentences or so that help a reader use it correctly'"
)
