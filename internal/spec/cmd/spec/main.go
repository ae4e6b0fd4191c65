// Command spec composes api/openapi.yaml and generates package gen from it. It runs from the repository's root:
//
//	spec compose [-vendored FILE] [-o FILE] [-go FILE]
//	spec generate [-of FILE] [-o FILE] [-doc FILE]
//
// It exits with 1 and one line for each problem, or with 2 after a wrong call.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/plaidlink/plaidlink-go/internal/generate"
	"github.com/plaidlink/plaidlink-go/internal/spec"
)

const (
	vendored   = "api/plaid-link--openapi-original.yml"
	completion = "api/completion.yaml"
	fixes      = "api/fixes.yaml"
	scope      = "api/scope.yaml"
	goTypes    = "api/go.yaml"
	composed   = "api/openapi.yaml"
	forGo      = "api/openapi-go.yaml"
	types      = "gen/plaid.gen.go"
	index      = "gen/doc.go"
)

var errUsage = errors.New("spec: expected `spec compose` or `spec generate`")

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

// run returns the exit code.
func run(args []string, stderr io.Writer) int {
	err := errUsage
	switch {
	case len(args) > 0 && args[0] == "compose":
		err = compose(args[1:], stderr)
	case len(args) > 0 && args[0] == "generate":
		err = writeCode(args[1:], stderr)
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, err)
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}

func compose(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("compose", flag.ContinueOnError)
	flags.SetOutput(stderr)
	from := flags.String("vendored", vendored, "the publisher's `file`")
	to := flags.String("o", composed, "the `file` to write")
	toGo := flags.String("go", forGo, "the `file` to write for the generator of the Go code")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return errUsage
	}
	var in spec.Sources
	var overlay spec.Source
	var missing []error
	for _, s := range []struct {
		name string
		src  *spec.Source
	}{{*from, &in.Vendored}, {completion, &in.Completion}, {fixes, &in.Fixes}, {scope, &in.Scope}, {goTypes, &overlay}} {
		*s.src = spec.Source{Name: s.name, Data: read(s.name, &missing)}
	}
	if err := errors.Join(missing...); err != nil {
		return err
	}
	composed, err := spec.Compose(in)
	if err != nil {
		return err
	}
	input, err := spec.ForGo(composed, overlay)
	if err != nil {
		return err
	}
	return errors.Join(replace(*to, composed), replace(*toGo, input))
}

// writeCode writes the generated code and its package comment.
func writeCode(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	of := flags.String("of", forGo, "the `file` that compose wrote for the generator")
	to := flags.String("o", types, "the `file` to write")
	doc := flags.String("doc", index, "the `file` to write the package comment to")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return errUsage
	}
	var missing []error
	document := read(*of, &missing)
	if err := errors.Join(missing...); err != nil {
		return err
	}
	code, err := generate.Code(document, generate.Gen, "gen", generate.Header)
	if err != nil {
		return fmt.Errorf("spec: %s: %w", *of, err)
	}
	comment, err := spec.Index(code)
	if err != nil {
		return err
	}
	return errors.Join(replace(*to, code), replace(*doc, comment))
}

// read adds its error to the missing ones, so that all are named at once.
func read(name string, missing *[]error) []byte {
	data, err := os.ReadFile(name)
	if err != nil {
		*missing = append(*missing, fmt.Errorf("spec: %w", err))
	}
	return data
}

// replace writes a file as a whole or not at all.
func replace(name string, data []byte) error {
	tmp := name + ".tmp"
	err := os.WriteFile(tmp, data, 0o644)
	if err == nil {
		err = os.Rename(tmp, name)
	}
	if err != nil {
		os.Remove(tmp)
		return fmt.Errorf("spec: %w", err)
	}
	return nil
}
