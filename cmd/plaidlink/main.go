// Command plaidlink has tools for developing with Plaid Link. Run it without arguments for the list.
//
// It exits with 0 on success, 1 on a failure and 2 on a wrong use; an error is one line on the standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
)

// command is one subcommand; its name may have two words. Its run gets the arguments after its name and ends with ctx. An error made by usagef says
// that it was used wrongly, flag.ErrHelp that help was asked for and printed.
type command struct {
	name string
	help string // one line
	run  func(ctx context.Context, args []string, stdout, stderr io.Writer) error
}

// commands in the order of the help.
var commands = []command{
	{"demo", "run Plaid Link end to end, on loopback or in Plaid's sandbox", runDemo},
	{"sandbox", "serve Plaid Link on this machine, for tests and demos", runSandbox},
	{"webhook listen", "receive webhooks, verify them and print them", runWebhookListen},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := dispatch(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// dispatch runs the command that args name and gives the exit code.
func dispatch(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		printHelp(stderr)
		return 2
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		printHelp(stdout)
		return 0
	}
	for _, c := range commands {
		words := strings.Fields(c.name)
		if len(args) < len(words) || !slices.Equal(words, args[:len(words)]) {
			continue
		}
		err := c.run(ctx, args[len(words):], stdout, stderr)
		var usage usageError
		switch {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		case errors.As(err, &usage):
			fmt.Fprintf(stderr, "plaidlink %s: %v; see plaidlink %s -h\n", c.name, err, c.name)
			return 2
		default:
			fmt.Fprintf(stderr, "plaidlink %s: %v\n", c.name, err)
			return 1
		}
	}
	fmt.Fprintf(stderr, "plaidlink: there is no command %q; see plaidlink help\n", args[0])
	return 2
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "Usage: plaidlink <command> [flags]\n\nCommands:\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, c := range commands {
		fmt.Fprintf(table, "  %s\t%s\n", c.name, c.help)
	}
	_ = table.Flush() // an error of w cannot be told anywhere else
	fmt.Fprint(w, "\nplaidlink <command> -h lists its flags.\n")
}

// usageError is a wrong use of a command.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// parseFlags parses args, which must be flags only. On -h it prints what the command does and its flags to stdout, and returns
// flag.ErrHelp.
func parseFlags(flags *flag.FlagSet, does string, args []string, stdout io.Writer) error {
	flags.SetOutput(io.Discard) // the error is printed once, by dispatch
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(stdout)
		fmt.Fprintf(stdout, "Usage: plaidlink %s [flags]\n\n%s\n", flags.Name(), does)
		flags.PrintDefaults()
		return err
	case err != nil:
		return usagef("%v", err)
	case flags.NArg() > 0:
		return usagef("unexpected argument %q", flags.Arg(0))
	}
	return nil
}
