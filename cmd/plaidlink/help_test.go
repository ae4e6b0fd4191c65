package main

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// commandsBelow gives every command, as the words to type.
func commandsBelow(cmd *cli.Command, words ...string) (found [][]string) {
	for _, below := range cmd.Commands {
		path := append(append([]string{}, words...), below.Name)
		found = append(append(found, path), commandsBelow(below, path...)...)
	}
	return found
}

func TestHelp(t *testing.T) {
	all := commandsBelow(newRoot())
	require.Greater(t, len(all), 10)
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}} {
		code, stdout, stderr := runCommand(t, args...)
		require.Zero(t, code)
		require.Empty(t, stderr)
		require.Contains(t, stdout, "Exit codes: 0 done, 1 failed, 2 used wrongly, 3 Plaid refused")
		for _, words := range all {
			if words[len(words)-1] != "help" {
				require.Contains(t, stdout, "  "+strings.Join(words, " "))
			}
		}
	}
	code, stdout, stderr := runCommand(t)
	require.Equal(t, 2, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "Usage: plaidlink <command>")
}

func TestHelpOfEachCommand(t *testing.T) {
	all := append(commandsBelow(newRoot()), []string{"completion"}, []string{"completion", "bash"})
	for _, words := range all {
		name := strings.Join(words, " ")
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := runCommand(t, append(words, "-h")...)
			require.Zero(t, code)
			require.Empty(t, stderr)
			require.Regexp(t, "^Usage: plaidlink "+name+" ", stdout)
			require.Regexp(t, `Examples?:\n  \S`, stdout)
			require.Contains(t, stdout, "plaidlink "+name)
			for line := range strings.Lines(stdout) {
				require.LessOrEqual(t, len([]rune(line)), 140, line)
			}
			code, same, _ := runCommand(t, append([]string{"help"}, words...)...)
			require.Zero(t, code)
			usage, _, _ := strings.Cut(same, "\n")
			require.Contains(t, stdout, usage)
		})
	}
}

func TestWrongUse(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no such command":            {[]string{"sandboxx"}, `plaidlink: there is no command "sandboxx"; see plaidlink help`},
		"with a flag of its own":     {[]string{"sandboxx", "--listen", "x"}, `plaidlink: there is no command "sandboxx"; see plaidlink help`},
		"no such command of a group": {[]string{"token", "make"}, `plaidlink token: there is no command "make"; see plaidlink token -h`},
		"a group alone":              {[]string{"token"}, "plaidlink token: expected one of the commands create, get; see plaidlink token -h"},
		"help of no command":         {[]string{"help", "token", "make"}, `plaidlink help: there is no command "make"`},
		"no such flag":               {[]string{"--port"}, "plaidlink: flag provided but not defined: -port; see plaidlink help"},
		"an argument to none":        {[]string{"version", "now"}, `plaidlink version: unexpected argument "now"; see plaidlink version -h`},
		"one argument too many":      {[]string{"token", "get", "a", "b"}, `plaidlink token get: unexpected argument "b"`},
		"one argument too few":       {[]string{"token", "get"}, "plaidlink token get: expected LINK_TOKEN; see plaidlink token get -h"},
		"no shell":                   {[]string{"completion", "tcsh"}, `plaidlink completion: there is no command "tcsh"`},
		"a sandbox of a sandbox":     {[]string{"sandbox", "--sandbox", "http://127.0.0.1:1"}, "plaidlink sandbox: --sandbox: this command makes no calls"},
		"a sandbox of the demo":      {[]string{"--sandbox", "http://127.0.0.1:1", "demo"}, "plaidlink demo: --sandbox: this command makes no calls"},
		"no number":                  {[]string{"sandbox", "--seed", "-1"}, "plaidlink sandbox: --seed -1: expected a whole number"},
		"no time":                    {[]string{"sandbox", "--latency", "3"}, "plaidlink sandbox: --latency 3: expected a time such as 300ms"},
		"no date":                    {[]string{"webhook", "verify", "--at", "soon"}, "--at soon: expected a time such as 2026-03-02T09:30:00Z"},
		"no truth":                   {[]string{"token", "create", "--hosted=2"}, "--hosted 2: expected true or false"},
		"a line break in a flag":     {[]string{"--a\nb"}, `plaidlink: flag provided but not defined: -a\nb; see`},
		"a line break in a command":  {[]string{"token", "a\nb\x1b[2J"}, `there is no command "a\nb\x1b[2J"`},
	} {
		t.Run(name, func(t *testing.T) { finish(t, program(t, nil, test.args...)).failed(t, 2, test.want) })
	}
}

func TestVersion(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"--version"}} {
		got := finish(t, program(t, nil, args...))
		require.Zero(t, got.code)
		require.Equal(t, plaidlink.Version, got.field(t, "plaidlink"))
		require.Regexp(t, "^"+plaidlink.APIVersion+`_1\.\d+\.\d+$`, got.field(t, "specification"))
		require.Equal(t, runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH, got.field(t, "go"))
	}
}

func TestOutputThatCannotBePrinted(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"sandbox", "--listen", "127.0.0.1:0"}} {
		err := run(t.Context(), append([]string{"plaidlink"}, args...), nil, brokenPipe{}, &strings.Builder{})
		require.Equal(t, exitFailed, err)
	}
}
