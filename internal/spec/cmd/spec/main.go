// Command spec composes api/openapi.yaml and generates package gen from it. It runs from the repository's root:
//
//	spec compose [-vendored FILE] [-o FOLDER]
//	spec generate [-o FOLDER]
//
// With -o, the document and the code are below that folder. It exits with 1 and one line for each problem, or with 2 after a
// wrong call.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

var errUsage = errors.New("spec: expected `spec compose` or `spec generate`")

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

// run returns the exit code.
func run(args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("spec", flag.ContinueOnError)
	flags.SetOutput(stderr)
	vendored := flags.String("vendored", "", "the publisher's `file` (default: the one of the repository)")
	to := flags.String("o", ".", "the `folder` of what is made")
	err := errUsage
	if len(args) > 0 && flags.Parse(args[1:]) == nil && flags.NArg() == 0 {
		switch args[0] {
		case "compose":
			err = compose(*vendored, *to)
		case "generate":
			err = generate(*to)
		}
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

func compose(vendored, to string) error {
	in, err := spec.ReadSources(".")
	if err == nil && vendored != "" {
		in.Vendored.Name = vendored
		in.Vendored.Data, err = os.ReadFile(vendored)
	}
	if err != nil {
		return err
	}
	composed, err := spec.Compose(in)
	if err != nil {
		return err
	}
	return write(to, map[string][]byte{spec.ComposedFile: composed})
}

func generate(to string) error {
	in, err := spec.ReadSources(".")
	if err != nil {
		return err
	}
	composed, err := os.ReadFile(filepath.Join(to, spec.ComposedFile))
	if err != nil {
		return fmt.Errorf("spec: %w", err)
	}
	code, err := spec.Code(composed, in.GoTypes)
	if err != nil {
		return err
	}
	return write(to, code)
}

func write(to string, files map[string][]byte) error {
	if _, err := spec.Replace(to, files); err != nil {
		return fmt.Errorf("spec: %w", err)
	}
	return nil
}
