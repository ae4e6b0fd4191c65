// Command plaidlink has tools for developing with Plaid Link. Run plaidlink --help for the list.
//
// Scripts can rely on its exit codes: 0 success, 1 failure, 2 usage error, 3 refused by Plaid, 4 the user left the Link
// session that token get --wait waited for. An error is one line on standard error. Credentials come from the environment alone.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
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
