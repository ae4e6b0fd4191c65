package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// generate measures composing and generating, for the vendored file and for one of 3 MB, as Plaid's whole file is.
func generate(root, dir string, rounds int, out io.Writer) error {
	compose := filepath.Join(dir, "spec")
	if _, err := (command{root, nil, []string{"go", "build", "-o", compose, "./internal/spec/cmd/spec"}}).run(); err != nil {
		return err
	}
	vendored, err := os.ReadFile(filepath.Join(root, "api/plaid-link--openapi-original.yml"))
	if err != nil {
		return err
	}
	full, result, forGo := filepath.Join(dir, "full.yml"), filepath.Join(dir, "openapi.yaml"), filepath.Join(dir, "openapi-go.yaml")
	if err := os.WriteFile(full, []byte(inflate(string(vendored))), 0o644); err != nil {
		return err
	}
	for range rounds {
		for _, step := range []struct {
			name string
			args []string
		}{
			{"Generate/compose/file=vendored", []string{compose, "compose", "-o", result, "-go", forGo}},
			{"Generate/compose/file=3MB", []string{compose, "compose", "-vendored", full, "-o", result, "-go", filepath.Join(dir, "full-go.yaml")}},
			{"Generate/code/file=vendored", []string{compose, "generate", "-of", forGo, "-o", filepath.Join(dir, "gen.go"), "-doc", filepath.Join(dir, "doc.go")}},
		} {
			spent, err := command{root, nil, step.args}.run()
			if err != nil {
				return err
			}
			io.WriteString(out, spent.line(step.name))
		}
	}
	return nil
}

// inflate adds as much of other products to the Link family as Plaid's whole file has.
func inflate(family string) string {
	var paths, schemas strings.Builder
	for n := range otherPaths {
		fmt.Fprintf(&paths, otherPath, n)
	}
	for n := range otherSchemas {
		fmt.Fprintf(&schemas, otherSchema, n)
	}
	family = strings.Replace(family, "\npaths:\n", "\npaths:\n"+paths.String(), 1)
	return strings.Replace(family, "\n  schemas:\n", "\n  schemas:\n"+schemas.String(), 1)
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
      description: ` + text + `
      properties:
        id: {type: string, description: ` + text + `}
        amount: {type: number, nullable: true, description: ` + text + `}
        kind: {type: string, enum: [a, b, c], description: ` + text + `}
        parts: {type: array, items: {type: string}, description: ` + text + `}
`
	text = "'what another product has here, in as many words as a property has on average: what it is, in which unit it is given, and when it is null, in two sentences or so that help a reader use it correctly'"
)
