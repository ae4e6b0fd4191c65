// Command bump takes a new version of Plaid's specification into the repository: the file of the Link family, or Plaid's
// whole one.
//
//	bump [-C DIR] [-base DIR] SPEC
//
// It composes and generates in memory, compares with HEAD, and writes api/ and gen/ or refuses and changes nothing: git is
// the undo. Then it builds the module and lists what no longer compiles by its cause. The report is also in api/bump.md.
//
// It exits with 0 when all is done, 1 when it refused, 2 after a wrong call, and 3 when it wrote and work is left.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

func main() {
	// A signal ends the commands, so that what is temporary is deleted.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bump", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("C", ".", "the repository's `folder`")
	base := flags.String("base", "", "the `folder` to compare with, such as a worktree of the last release (default: HEAD)")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "bump: expected `bump [-C DIR] [-base DIR] SPEC`")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 || flags.Arg(0) == "" {
		flags.Usage()
		return 2
	}
	b := &bump{root: *dir, base: *base}
	unlock, err := lock(b.root)
	if err == nil {
		defer unlock()
		err = b.prepare(ctx, flags.Arg(0))
	}
	if err != nil {
		explain(err)
		fmt.Fprintf(stderr, "bump: nothing was changed%s\n%v\n", b.versions(), err)
		return 1
	}
	if err := b.write(); err != nil {
		fmt.Fprintln(stderr, "bump:", err)
		return 1
	}
	report, left, err := b.report(ctx)
	fmt.Fprint(stdout, report)
	if err != nil {
		fmt.Fprintln(stderr, "bump: the files are written, and the rest could not be looked at:", err)
		return 3
	}
	if left {
		return 3
	}
	return 0
}

// bump is one run.
type bump struct {
	root, base string
	sources    spec.Sources // as they are at the beginning
	before     []byte       // the composed document to compare with
	bumped     *spec.Bumped
	code       map[string][]byte // generated, by name
}

// versions says what was refused, once it is known.
func (b *bump) versions() string {
	if b.bumped == nil {
		return ":"
	}
	return fmt.Sprintf(" for Plaid's file %s, after %s:", b.bumped.To, b.bumped.From)
}

// prepare makes everything that is going to be written, and changes nothing.
func (b *bump) prepare(ctx context.Context, file string) (err error) {
	source, err := spec.ReadSource(file)
	if err != nil {
		return err
	}
	if err := b.read(ctx); err != nil {
		return err
	}
	if b.bumped, err = spec.Bump(b.sources, source); err != nil {
		return err
	}
	b.code, err = spec.Code(b.bumped.YAML, b.bumped.GoTypes)
	return errors.Join(err, ctx.Err())
}
