package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// Exit codes; the help of the program has them too.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3 // Plaid's response is an error of its own
	exitLeft    = 4 // see errLeft
)

// program is one run of the command, with its surroundings.
type program struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	server         string // of --sandbox, or of --insecure-sandbox
	insecure       bool   // whether it is of the latter
}

// run runs the command that args name and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	var tree commands
	parser := newParser(ctx, p, &tree)
	switch {
	case len(args) == 0:
		_ = p.printHelp(p.stderr, parser.Model.Node) // the exit code reports the wrong use
		return exitUsage
	case args[0] == "help":
		args = append(args[1:], "--help")
	case args[0] == "--version":
		args = []string{"version"}
	}
	parsed, err := parser.Parse(args)
	var wrong *kong.ParseError
	switch {
	case errors.As(err, &wrong):
		parsed = wrong.Context
	case err == nil:
		p.server, p.insecure = cmp.Or(tree.Server, tree.Insecure), tree.Insecure != ""
		err = parsed.Run()
	}
	node := parsed.Selected()
	if node == nil {
		node = parsed.Model.Node
	}
	if errors.Is(err, errHelp) {
		err = p.printHelp(p.stdout, node)
	}
	if err == nil {
		return exitDone
	}
	code, text := exitCode(err), reason(err)
	if code == exitUsage {
		text += " (see " + node.FullPath() + " --help)"
	}
	fmt.Fprintf(p.stderr, "%s %s\n", p.paint(p.stderr, red, node.FullPath()+":"), safe.Line(p.mask(text)))
	return code
}

// newParser makes the parser of the command line. It panics if the tree's tags are wrong, which every test would show.
func newParser(ctx context.Context, p *program, tree *commands) *kong.Kong {
	spec := readSpecification()
	return kong.Must(tree,
		kong.Name("plaidlink"),
		kong.NoDefaultHelp(), // the library's ends the process
		kong.Bind(p),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Vars{"products": spec.enum("Products"), "countries": spec.enum("CountryCode")},
		kong.KindMapper(reflect.String, mapper("a value", func(s string) (string, error) { return s, nil })),
		kong.KindMapper(reflect.Uint64, mapper("a whole number", func(s string) (uint64, error) { return strconv.ParseUint(s, 10, 64) })),
		kong.TypeMapper(reflect.TypeFor[time.Duration](), mapper("a time such as 300ms, 90s or 5m", time.ParseDuration)),
		kong.TypeMapper(reflect.TypeFor[time.Time](), mapper("a time such as 2026-03-02T09:30:00Z",
			func(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) })),
	)
}

// mapper reads a flag or argument. Its errors have one form: what was expected, and what was found.
func mapper[T any](expected string, parse func(string) (T, error)) kong.MapperFunc {
	return func(ctx *kong.DecodeContext, target reflect.Value) error {
		token := ctx.Scan.Pop()
		if token.IsEOL() {
			return fmt.Errorf("expected %s", expected)
		}
		parsed, err := parse(token.String())
		if err != nil || !token.IsValue() { // a flag is not a value
			return fmt.Errorf("expected %s, found %q", expected, token)
		}
		target.Set(reflect.ValueOf(parsed).Convert(target.Type()))
		return nil
	}
}

// usageError is a wrong use of a command.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// exitCode is what scripts learn about an error.
func exitCode(err error) int {
	var usage usageError
	var parse *kong.ParseError
	var perr *plaidlink.Error
	switch {
	case errors.As(err, &usage), errors.As(err, &parse):
		return exitUsage
	case errors.Is(err, errLeft):
		return exitLeft
	case errors.As(err, &perr) && perr.Code != "" && !errors.Is(err, webhook.ErrInvalid): // of a key that Plaid does not have
		return exitRefused
	}
	return exitFailed
}

// reason is the text of an error without the prefixes that the command's name replaces.
func reason(err error) string {
	text := err.Error()
	var perr *plaidlink.Error
	if errors.As(err, &perr) {
		text = strings.ReplaceAll(text, "plaidlink: "+perr.Operation+": ", "")
	}
	for _, prefix := range []string{"plaidlink: ", "New: ", "webhook: ", "sandbox: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return strings.NewReplacer("WithInsecureBaseURL", "--insecure-sandbox", "WithBaseURL", "--sandbox").Replace(text)
}
