package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"
)

// errHelpShown: help was printed in place of what nobody asked for.
var errHelpShown = errors.New("the help was printed")

// newRoot makes the tree of commands, in the order of the help.
func newRoot() *cli.Command {
	cli.RootCommandHelpTemplate, cli.CommandHelpTemplate, cli.SubcommandHelpTemplate = helpTemplate, helpTemplate, helpTemplate
	root := &cli.Command{
		Name:                  "plaidlink",
		Usage:                 "tools for developing with Plaid Link",
		Description:           rootDescription,
		HideHelpCommand:       true, // it would be one of every command; helpCommand is the one
		EnableShellCompletion: true,
		ExitErrHandler:        func(context.Context, *cli.Command, error) {}, // run ends the program, nothing else does
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "sandbox", Usage: "send calls to the plaidlink sandbox at this `URL`; or PLAIDLINK_SANDBOX"},
			&cli.BoolFlag{Name: "version", Usage: "print the version", Local: true},
		},
		Commands: []*cli.Command{
			group("token", "Makes and shows link tokens.", tokenCreateCommand(), tokenGetCommand()),
			eligibilityCommand(),
			group("oauth", "Deals with what OAuth redirects bring back.", oauthExchangeCommand()),
			group("public-token", "Makes and exchanges public tokens.", publicTokenCreateCommand(), publicTokenExchangeCommand()),
			group("webhook", "Receives and verifies webhooks.", webhookListenCommand(), webhookVerifyCommand()),
			sandboxCommand(), demoCommand(), versionCommand(), helpCommand(),
		},
		ConfigureShellCompletionCommand: configureCompletion,
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Bool("version") {
				return printVersion(ctx, cmd)
			}
			cmd.Writer = cmd.ErrWriter
			_ = cli.ShowRootCommandHelp(cmd)
			return errHelpShown
		},
	}
	prepare(root)
	return root
}

const rootDescription = `Calls go to the environment that PLAID_ENV names (sandbox or production), with PLAID_CLIENT_ID and PLAID_SECRET. No flag
takes them, because others can read the arguments of a program. With --sandbox, calls go to a running plaidlink sandbox,
which needs none of the three.

Exit codes: 0 done, 1 failed, 2 used wrongly, 3 Plaid refused (its error code is in the message),
4 the user left the Link session (token get --wait). An error is one line on the standard error.

Examples:
  plaidlink demo
  plaidlink sandbox
  plaidlink --sandbox http://127.0.0.1:8080 token create --client-name "Example App" --user user-1 --products auth --hosted
  plaidlink help token create`

// group is a command that only has others.
func group(name, does string, commands ...*cli.Command) *cli.Command {
	example := "\n\nExample:\n  plaidlink " + name + " " + commands[0].Name + " -h"
	return &cli.Command{Name: name, Usage: does, Description: does + example, Commands: commands}
}

// prepare gives a command and those below it what all have: errors that name the command.
func prepare(cmd *cli.Command) {
	cmd.OnUsageError = func(_ context.Context, cmd *cli.Command, err error, _ bool) error {
		if len(cmd.Commands) > 0 && cmd.Args().Present() { // the flag is one of a command that there is not
			err = unknownCommand(cmd)
		}
		return commandError{cmd, expected(cmd, err)}
	}
	action := cmd.Action
	cmd.Action = func(ctx context.Context, cmd *cli.Command) error {
		var err error
		switch {
		case len(cmd.Commands) > 0 && cmd.Args().Present():
			err = unknownCommand(cmd)
		case action == nil:
			err = usagef("expected one of the commands %s", strings.Join(names(cmd.VisibleCommands()), ", "))
		case cmd.ArgsUsage == "" && cmd.Args().Present():
			err = usagef("unexpected argument %q", cmd.Args().First())
		default:
			err = action(ctx, cmd)
		}
		if err != nil && !errors.Is(err, errHelpShown) {
			err = commandError{cmd, err}
		}
		return err
	}
	for _, below := range cmd.Commands {
		prepare(below)
	}
}

func unknownCommand(cmd *cli.Command) error {
	return usagef("there is no command %q", cmd.Args().First())
}

func names(commands []*cli.Command) (found []string) {
	for _, cmd := range commands {
		found = append(found, cmd.Name)
	}
	return found
}

var badValue = regexp.MustCompile(`^invalid value "((?s).*)" for flag -(\S+):`)

// expected says what the library's error leaves out: what was expected.
func expected(cmd *cli.Command, err error) error {
	found := badValue.FindStringSubmatch(err.Error())
	if found == nil {
		return usagef("%v", err)
	}
	what := "another value"
	for _, flag := range cmd.Flags {
		if flag.Names()[0] != found[2] {
			continue
		}
		switch flag.(type) {
		case *cli.DurationFlag:
			what = "a time such as 300ms, 90s or 5m"
		case *cli.Uint64Flag:
			what = "a whole number"
		case *cli.BoolFlag:
			what = "true or false"
		case *cli.TimestampFlag:
			what = "a time such as 2026-03-02T09:30:00Z"
		}
	}
	return usagef("--%s %s: expected %s", found[2], found[1], what)
}

// argument is the one argument that a command has.
func argument(cmd *cli.Command) (string, error) {
	switch {
	case cmd.Args().Len() > 1:
		return "", usagef("unexpected argument %q", cmd.Args().Get(1))
	case cmd.Args().First() == "":
		return "", usagef("expected %s", cmd.ArgsUsage)
	}
	return cmd.Args().First(), nil
}

// sandboxURL is where calls go in place of Plaid, or empty.
func sandboxURL(cmd *cli.Command) string {
	return strings.TrimSuffix(cmp.Or(cmd.String("sandbox"), os.Getenv("PLAIDLINK_SANDBOX")), "/")
}

// withoutSandbox refuses --sandbox where no call would go there.
func withoutSandbox(cmd *cli.Command) error {
	if cmd.IsSet("sandbox") {
		return usagef("--sandbox: this command makes no calls to a sandbox that runs already")
	}
	return nil
}
