// Command plaidgen writes a Go package for operations of Plaid that package plaidlink has no methods for: the types of their
// requests and responses, from Plaid's own OpenAPI file, and a client that embeds *plaidlink.Client. It is experimental.
//
//	//go:generate go run github.com/plaidlink/plaidlink-go/cmd/plaidgen@latest -spec 2020-09-14.yml -ops transactionsSync -o plaidapi
//
// The flags:
//
//	-spec FILE   Plaid's file, 2020-09-14.yml of github.com/plaid/plaid-openapi
//	-ops NAMES   operationIds, separated by commas; 'transactions*' is all that begin so, but for those that plaidlink has
//	-o FOLDER    folder of the package; only plaid.gen.go in it is written
//	-retry RULES such as transferGet=never: retry rules of other operations than by path
//	-check       write nothing, and fail unless plaid.gen.go is what would be written
//	-list        list the operations of the file
//
// It exits with 0 when all is done, 1 when it refused and wrote nothing, and 2 after a wrong call.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/generate"
	"github.com/plaidlink/plaidlink-go/internal/spec"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are the flags.
type options struct {
	spec, ops, folder, retry string
	check, list              bool
}

// run returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("plaidgen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.spec, "spec", "", "Plaid's OpenAPI `file`")
	flags.StringVar(&o.ops, "ops", "", "operationIds or patterns such as 'transactions*', separated by commas: the `names`")
	flags.StringVar(&o.folder, "o", "", "the `folder` of the package")
	flags.StringVar(&o.retry, "retry", "", "retry `rules` such as transferGet=never, separated by commas")
	flags.BoolVar(&o.check, "check", false, "write nothing, and fail unless plaid.gen.go is what would be written")
	flags.BoolVar(&o.list, "list", false, "list the operations of the file")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "plaidgen: expected `plaidgen -spec FILE -ops NAMES -o FOLDER`, or `plaidgen -spec FILE -list`")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 || o.spec == "" || o.list == (o.ops != "" || o.folder != "" || o.check || o.retry != "") || !o.list && (o.ops == "" || o.folder == "") {
		flags.Usage()
		return 2
	}
	act := generated
	if o.list {
		act = list
	}
	if err := act(o, stdout, stderr); err != nil {
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintf(stderr, "plaidgen: %s\n", strings.TrimRight(line, "\n"))
		}
		return 1
	}
	return 0
}

// read reads Plaid's file.
func read(name string) (*spec.File, error) {
	if strings.Contains(name, "://") {
		return nil, fmt.Errorf("%s: expected a file, found a URL: download it first", name)
	}
	source, err := spec.ReadSource(name)
	if err != nil {
		return nil, err
	}
	file, err := spec.ReadFile(source)
	if err != nil {
		return nil, err
	}
	if date, _, _ := strings.Cut(file.Version, "_"); date != plaidlink.APIVersion {
		return nil, fmt.Errorf("%s: expected the API of %s, which the client asks for, found %s", source.Name, plaidlink.APIVersion, date)
	}
	return file, nil
}

// list prints the operations of the file, with what becomes of each.
func list(o options, stdout, _ io.Writer) error {
	file, err := read(o.spec)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, op := range file.Operations {
		what := "retry " + op.Retry
		switch {
		case op.Unfit != "":
			what = "cannot be generated, " + op.Unfit
		case named(op.Path) != nil:
			what = "plaidlink has it"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", op.ID, op.Path, what)
	}
	return table.Flush()
}

// generated writes the package, or checks it.
func generated(o options, stdout, stderr io.Writer) error {
	file, err := read(o.spec)
	if err != nil {
		return err
	}
	operations, notes, err := choose(file.Operations, o.ops, o.retry)
	if err != nil {
		return err
	}
	folder, err := openFolder(o.folder)
	if err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Fprintln(stderr, "plaidgen: "+note)
	}
	if m := header.FindSubmatch(folder.old); m != nil && spec.Older(file.Version, string(m[2])) {
		fmt.Fprintf(stderr, "plaidgen: %s was made from %s, and this file is older: %s\n", folder.file(), m[2], file.Version)
	}
	document, err := file.Slice(operations)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(o.spec), err)
	}
	head := fmt.Sprintf(headerForm, plaidlink.Version, file.Version, o.flags(), folder.pkg)
	code, err := generate.Code(document, generate.Slice, folder.pkg, head)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(o.spec), err)
	}
	if err := folder.clashes(code); err != nil {
		return err
	}
	if o.check {
		return folder.check(code)
	}
	if err := folder.write(code); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s: %d operations of %s\n", folder.file(), len(operations), file.Version)
	return err
}

// flags are those that the code depends on.
func (o options) flags() string {
	text := "-spec " + filepath.Base(o.spec) + " -ops " + o.ops
	if o.retry != "" {
		text += " -retry " + o.retry
	}
	return strings.Join(strings.Fields(text), " ")
}
