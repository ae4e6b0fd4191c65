package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// binary is the program, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "plaidlink")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "plaidlink")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// program makes a run of the program. Its environment is env alone, so that no test uses somebody's account.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, kill := context.WithTimeout(context.Background(), time.Minute) // the test's own context ends before its cleanups
	t.Cleanup(kill)
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append([]string{"HOME=" + t.TempDir(), "TERM=xterm"}, env...)
	return cmd
}

// result is what a shell sees of a run.
type result struct {
	code           int
	stdout, stderr string
}

// finish runs the program to its end. No text that nobody looks at on a terminal has its control characters.
func finish(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	got := result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	require.NotContains(t, got.stdout+got.stderr, "\x1b", "no ANSI codes away from a terminal")
	require.NotContains(t, got.stdout+got.stderr, "\r")
	return got
}

// runCommand runs the program as a shell would, without credentials.
func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	got := finish(t, program(t, nil, args...))
	return got.code, got.stdout, got.stderr
}

// account is a sandbox and the environment of a program that uses it.
type account struct {
	*sandbox.Server
	env []string
}

// The credentials of the tests; the secret must turn up nowhere.
const (
	testClientID = "test-client-id"
	testSecret   = "test-secret-d0a5c3"
)

func newAccount(t *testing.T, opts ...sandbox.Option) account {
	t.Helper()
	credentials := sandbox.New().Credentials()
	credentials.ClientID, credentials.Secret = testClientID, testSecret
	server := sandbox.NewServer(append(opts, sandbox.WithCredentials(credentials))...)
	t.Cleanup(server.Close)
	return account{server, []string{"PLAIDLINK_SANDBOX=" + server.URL, "PLAID_CLIENT_ID=" + testClientID, "PLAID_SECRET=" + testSecret}}
}

// run runs a command against the sandbox.
func (a account) run(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	cmd := program(t, a.env, args...)
	cmd.Stdin = strings.NewReader(stdin)
	got := finish(t, cmd)
	require.NotContains(t, got.stdout+got.stderr, testSecret)
	return got
}

// field is the value of a line "name  value".
func (r result) field(t *testing.T, name string) string {
	t.Helper()
	for line := range strings.Lines(r.stdout) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == name {
			return strings.Join(words[1:], " ")
		}
	}
	require.Fail(t, "no field "+name, "%s%s", r.stdout, r.stderr)
	return ""
}

// newToken makes a link token with the program.
func (a account) newToken(t *testing.T, flags ...string) string {
	t.Helper()
	args := []string{"token", "create", "--client-name", "Example App", "--user", "user-1", "--products", "auth"}
	got := a.run(t, "", append(args, flags...)...)
	require.Zero(t, got.code, got.stderr)
	return got.field(t, "link_token")
}

// failed holds a failure to its form: a code, one line on the standard error, nothing on the standard output.
func (r result) failed(t *testing.T, code int, want string) {
	t.Helper()
	require.Equal(t, code, r.code, r.stderr)
	require.Empty(t, r.stdout)
	require.Contains(t, r.stderr, want)
	require.Equal(t, 1, strings.Count(r.stderr, "\n"), "one line: %s", r.stderr)
	require.True(t, strings.HasPrefix(r.stderr, "plaidlink"), r.stderr)
}
