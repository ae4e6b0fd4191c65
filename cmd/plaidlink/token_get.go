package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/plaidlink/plaidlink-go/gen"
)

func tokenGetCommand() *cli.Command {
	return &cli.Command{
		Name:      "get",
		Usage:     "show a link token and what happened in its sessions",
		ArgsUsage: "LINK_TOKEN",
		Description: `Shows what a link token was made with, and its sessions up to 6 hours after their end: events, results, exit.

With --wait it asks again until a session has ended, and shows what happened last where the standard error is a terminal. It
exits with 0 when the user linked something, with 4 when the user left, and with 1 when neither happened in time or on Ctrl-C.

Examples:
  plaidlink token get link-sandbox-…
  plaidlink token get link-sandbox-… --wait --timeout 10m && echo linked
  plaidlink token get link-sandbox-… --json | jq -r '.link_sessions[].results.item_add_results[].public_token'`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Aliases: []string{"raw"}, Usage: "print the answer's body as it came"},
			&cli.BoolFlag{Name: "wait", Usage: "wait until a session ends"},
			&cli.DurationFlag{Name: "timeout", Usage: "longest `time` to wait", Value: 30 * time.Minute},
			&cli.DurationFlag{Name: "interval", Usage: "`time` between two calls while it waits", Value: 5 * time.Second},
		},
		Action: runTokenGet,
	}
}

func runTokenGet(ctx context.Context, cmd *cli.Command) error {
	token, err := argument(cmd)
	if err != nil {
		return err
	}
	for _, name := range []string{"timeout", "interval"} {
		switch {
		case cmd.Duration(name) <= 0:
			return usagef("--%s %v: expected a time above 0, such as 90s", name, cmd.Duration(name))
		case cmd.IsSet(name) && !cmd.Bool("wait"):
			return usagef("--%s: expected --wait with it", name)
		}
	}
	var answer tape
	client, err := connect(cmd, answer.option())
	if err != nil {
		return err
	}
	get := func(ctx context.Context) (*gen.LinkTokenGetResponse, error) {
		return client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: token})
	}
	var got *gen.LinkTokenGetResponse
	if cmd.Bool("wait") {
		w := waiter{interval: cmd.Duration("interval"), timeout: cmd.Duration("timeout"), progress: newProgress(cmd.Root().ErrWriter)}
		got, err = w.wait(ctx, get)
	} else {
		got, err = get(ctx)
	}
	if err != nil {
		return err
	}
	if cmd.Bool("json") {
		err = answer.print(cmd.Root().Writer, mask)
	} else {
		err = printToken(cmd.Root().Writer, got)
	}
	if err == nil && cmd.Bool("wait") && stateOf(got.LinkSessions) == left {
		err = errLeft
	}
	return err
}

// sessionState is how far a session, or those of a token, got.
type sessionState string

const (
	pending sessionState = "open" // or not begun
	linked  sessionState = "success"
	left    sessionState = "exit"
)

// stateOf is linked where any session linked something: the token is used up then. After an exit it can be used again.
func stateOf(sessions []gen.LinkTokenGetSessionsResponse) sessionState {
	state := pending
	for i, session := range sessions {
		switch s := stateOfOne(session); {
		case s == linked:
			return linked
		case i == 0 || s == pending:
			state = s
		}
	}
	return state
}

func stateOfOne(s gen.LinkTokenGetSessionsResponse) sessionState {
	switch {
	case s.FinishedAt.IsZero() && s.Exit == nil:
		return pending
	case s.Exit != nil && (s.Results == nil || len(resultCounts(s.Results)) == 0):
		return left
	}
	return linked // products without an Item have no results
}
