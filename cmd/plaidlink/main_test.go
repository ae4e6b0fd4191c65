package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// runCommand runs the program as a shell would.
func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = dispatch(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}} {
		code, stdout, stderr := runCommand(t, args...)
		require.Zero(t, code)
		require.Empty(t, stderr)
		for _, c := range commands {
			require.Contains(t, stdout, c.name)
			require.Contains(t, stdout, c.help)
		}
	}
	code, stdout, stderr := runCommand(t)
	require.Equal(t, 2, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "Usage: plaidlink <command>")
}

func TestUnknownCommand(t *testing.T) {
	code, stdout, stderr := runCommand(t, "sandboxx")
	require.Equal(t, 2, code)
	require.Empty(t, stdout)
	require.Equal(t, "plaidlink: there is no command \"sandboxx\"; see plaidlink help\n", stderr)
}

func TestHelpOfACommand(t *testing.T) {
	code, stdout, stderr := runCommand(t, "sandbox", "-h")
	require.Zero(t, code)
	require.Empty(t, stderr)
	require.Contains(t, stdout, "Usage: plaidlink sandbox [flags]")
	require.Contains(t, stdout, "-listen host:port")
}
