// Command plaidlink has tools for developing with Plaid Link. Run plaidlink help for the list.
//
// Scripts can rely on its exit codes: 0 done, 1 failed, 2 used wrongly, 3 Plaid refused, 4 the user left the Link session
// that token get --wait waited for. An error is one line on the standard error. Credentials come from the environment alone.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// Exit codes; the help of the program has them too.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3 // Plaid answered with an error of its own
	exitLeft    = 4 // the user left the session, see errLeft
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // so that a second Ctrl-C ends what does not end by itself
	os.Exit(run(ctx, os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// run runs the command that args name and gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.Reader, root.Writer, root.ErrWriter = stdin, stdout, stderr
	err := root.Run(ctx, args)
	if err == nil {
		return exitDone
	}
	if !errors.Is(err, errHelpShown) {
		fmt.Fprintln(stderr, safe.Line(mask(err.Error())))
	}
	return exitCode(err)
}

// exitCode is what scripts learn about an error.
func exitCode(err error) int {
	var usage usageError
	var perr *plaidlink.Error
	switch {
	case errors.As(err, &usage), errors.Is(err, errHelpShown):
		return exitUsage
	case errors.Is(err, errLeft):
		return exitLeft
	case errors.As(err, &perr) && perr.Code != "" && !errors.Is(err, webhook.ErrInvalid): // of a key that Plaid does not have
		return exitRefused
	}
	return exitFailed
}

// usageError is a wrong use of a command.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// commandError says which command failed, and how to learn its use where that was wrong.
type commandError struct {
	command *cli.Command
	cause   error
}

func (e commandError) Unwrap() error { return e.cause }

func (e commandError) Error() string {
	var usage usageError
	if errors.As(e.cause, &usage) {
		return fmt.Sprintf("%s: %v; see %s", e.command.FullName(), e.cause, helpCall(e.command))
	}
	return fmt.Sprintf("%s: %v", e.command.FullName(), e.cause)
}

// helpCall is what to type for the help of a command.
func helpCall(cmd *cli.Command) string {
	if cmd == cmd.Root() {
		return cmd.FullName() + " help"
	}
	return cmd.FullName() + " -h"
}
