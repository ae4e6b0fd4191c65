// Command bump takes a new version of Plaid's specification into the repository: the file of the Link family, or Plaid's
// whole one.
//
//	bump [-C DIR] [-base DIR] SPEC
//
// It fits the overlays of api/ to the file, composes, generates, builds and tests in a copy, and only then writes api/,
// gen/ and a report, api/bump.md, which it prints too. When anything fails it writes nothing and says why.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

func main() {
	// An interrupt ends the commands, so that what is temporary is deleted.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run gives the exit code: 1 when there is a problem, 2 when it is called wrongly.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bump", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("C", ".", "the repository's `folder`")
	base := flags.String("base", "", "the `folder` to compare with, such as a worktree of the last release (default: that of -C)")
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
	if *base == "" {
		*base = *dir
	}
	report, err := bump(ctx, *dir, *base, flags.Arg(0))
	if err != nil {
		fmt.Fprintf(stderr, "bump: nothing was changed: %v\n", err)
		return 1
	}
	if _, err := io.WriteString(stdout, report); err != nil {
		fmt.Fprintf(stderr, "bump: %v\n", err)
		return 1
	}
	return 0
}

// bump gives the report.
func bump(ctx context.Context, dir, base, file string) (string, error) {
	p, err := newPlan(dir, base, file)
	if err != nil {
		return "", err
	}
	work, err := copyModule(dir)
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	if err := p.write(work); err != nil {
		return "", err
	}
	if err := generate(ctx, work); err != nil {
		return "", p.explain(err)
	}
	composed, err := os.ReadFile(filepath.Join(work, composedFile))
	if err != nil {
		return "", err
	}
	if string(composed) != string(p.bumped.YAML) {
		return "", fmt.Errorf("%s is not what was planned: this is a defect of bump", composedFile)
	}
	if err := p.deprecate(work); err != nil {
		return "", err
	}
	if err := check(ctx, work); err != nil {
		return "", p.explain(err)
	}
	if p.api, err = apiChanges(base, work); err != nil {
		return "", err
	}
	report := p.report()
	if err := put(work, reportFile, []byte(report)); err != nil {
		return "", err
	}
	return report, place(work, dir, os.Rename)
}

// explain adds to a failure what the Go callers' changes are, among which its cause is likely to be.
func (p *plan) explain(err error) error {
	if p.keep == "" {
		return err
	}
	return fmt.Errorf("%w\nThe Go types change; to keep them as they are add to %s:\n%s", err, fixesFile, p.keep)
}

// readSpec reads the new file, which must be a regular one of a size that can be Plaid's.
func readSpec(name string) (spec.Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return spec.Source{}, err
	}
	if !info.Mode().IsRegular() {
		return spec.Source{}, fmt.Errorf("%s: expected a file", name)
	}
	if info.Size() > spec.MaxBytes {
		return spec.Source{}, fmt.Errorf("%s: expected at most %d bytes, found %d", name, spec.MaxBytes, info.Size())
	}
	if info.Size() == 0 {
		return spec.Source{}, errors.New(name + ": the file is empty")
	}
	data, err := os.ReadFile(name)
	return spec.Source{Name: filepath.Base(name), Data: data}, err
}
