// Command plaidlink has tools for developing with Plaid Link. Run plaidlink --help for the list.
//
// Scripts can rely on its exit codes: 0 success, 1 failure, 2 usage error, 3 refused by Plaid, 4 the user left the Link
// session that token get --wait waited for. An error is one line on standard error. Credentials come from the environment alone.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// grace is how long after a signal the program may take to end by itself.
const grace = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		stop() // a second signal ends the program at once
		time.Sleep(grace)
		os.Exit(exitFailed)
	})
	p := &program{getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	os.Exit(p.run(ctx, os.Args[1:]))
}

// Exit codes; the help of the program has them too.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2 // of flags, arguments and variables
	exitRefused = 3 // Plaid's response is an error of its own
	exitLeft    = 4 // see errLeft
)

// program is one run of the command, with its surroundings.
type program struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	server         string // of the sandbox that is called, or empty
	insecure       bool   // whether --insecure-sandbox names it
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
		args = append(slices.DeleteFunc(args, func(arg string) bool { return arg == "help" }), "--help")
	case args[0] == "--version", args[0] == "-v":
		args = []string{"version"}
	}
	parsed, err := parser.Parse(args)
	p.server, p.insecure = cmp.Or(tree.Server, tree.Insecure), tree.Insecure != ""
	var wrong *kong.ParseError
	switch {
	case errors.As(err, &wrong):
		parsed = wrong.Context
	case p.server != "" && parsed.Selected().Tag.Has("nosandbox"):
		err = usagef("--sandbox: this command does not call a running sandbox")
	default:
		err = parsed.Run()
	}
	node := cmp.Or(parsed.Selected(), parsed.Model.Node)
	if errors.Is(err, errHelp) {
		err = p.printHelp(p.stdout, node)
	}
	if err == nil {
		return exitDone
	}
	code, text := exitCode(err), meant(reason(err), node)
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" && p.server != "" {
		text += ": is plaidlink sandbox running there?"
	}
	if code == exitUsage {
		text += " (see " + node.FullPath() + " --help)"
	}
	fmt.Fprintf(p.stderr, "%s %s\n", p.paint(p.stderr, red, node.FullPath()+":"), safe.Line(p.mask(text)))
	return code
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
	case errors.As(err, &usage), errors.As(err, &parse), strings.HasPrefix(err.Error(), "plaidlink: New: "): // of a flag or variable
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
	if perr, ok := errors.AsType[*plaidlink.Error](err); ok {
		text = strings.ReplaceAll(text, "plaidlink: "+perr.Operation+": ", "")
	}
	for _, prefix := range []string{"plaidlink: ", "New: ", "webhook: ", "sandbox: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return flagNames.Replace(text)
}

// flagNames are what the command calls the options of the packages.
var flagNames = strings.NewReplacer("WithInsecureBaseURL", "--insecure-sandbox", "WithBaseURL", "--sandbox", "the base URL", "--sandbox",
	"base URL", "--sandbox", "WithAllowedHosts", "--allow-host",
	"WithControlToken", "--control-token", "WithFixtures", "--fixtures", "WithPublicURL", "--public-url")
