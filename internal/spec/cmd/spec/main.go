// Command spec composes api/openapi.yaml and checks it against the table of wire facts. It runs from the repository's
// root:
//
//	spec compose [-vendored FILE] [-o FILE] [-drop-needless]
//	spec facts
//
// It exits with 1 and one line for each problem, or with 2 when called wrongly.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

const (
	vendored   = "api/plaid-link--openapi-original.yml"
	completion = "api/completion.yaml"
	fixes      = "api/fixes.yaml"
	scope      = "api/scope.yaml"
	composed   = "api/openapi.yaml"
	facts      = "internal/spec/testdata/facts-1.517.0.tsv"
)

var errUsage = errors.New("expected `spec compose` or `spec facts`")

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, errUsage), errors.Is(err, flag.ErrHelp):
		fmt.Fprintln(os.Stderr, "spec:", err)
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "compose":
		return compose(args[1:], stderr)
	case "facts":
		return checkFacts(stdout)
	}
	return errUsage
}

func compose(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("compose", flag.ContinueOnError)
	flags.SetOutput(stderr)
	from := flags.String("vendored", vendored, "the publisher's `file`")
	to := flags.String("o", composed, "the `file` to write")
	drop := flags.Bool("drop-needless", false, "leave out completions of what the vendored file has by now, and list them")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return errUsage
	}
	var in spec.Sources
	var errs []error
	for _, s := range []struct {
		name string
		src  *spec.Source
	}{{*from, &in.Vendored}, {completion, &in.Completion}, {fixes, &in.Fixes}, {scope, &in.Scope}} {
		data, err := os.ReadFile(s.name)
		if err != nil {
			errs = append(errs, fmt.Errorf("spec: %w", err))
		}
		*s.src = spec.Source{Name: s.name, Data: data}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	result, err := spec.Compose(in, spec.Options{DropNeedless: *drop})
	if err != nil {
		return err
	}
	for _, p := range result.Needless {
		fmt.Fprintln(stderr, p)
	}
	return replace(*to, result.YAML)
}

// replace writes a file as a whole or not at all.
func replace(name string, data []byte) error {
	tmp := name + ".tmp"
	if err := os.WriteFile(tmp, data, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}

func checkFacts(stdout io.Writer) error {
	table, err := os.ReadFile(facts)
	if err != nil {
		return err
	}
	doc, err := os.ReadFile(composed)
	if err != nil {
		return err
	}
	report, err := spec.CheckFacts(doc, table)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, report)
	return err
}
