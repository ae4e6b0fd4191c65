package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// result is what a shell sees of a run.
type result struct {
	code           int
	stdout, stderr string
}

// environment looks variables up as os.Getenv does. It is all that a run sees, so that no test uses somebody's account.
func environment(variables []string) func(string) string {
	return func(name string) (value string) {
		for _, variable := range variables {
			if v, ok := strings.CutPrefix(variable, name+"="); ok {
				value = v
			}
		}
		return value
	}
}

// invoke runs the program to its end. What it prints away from a terminal has no control characters.
func invoke(t *testing.T, env []string, args ...string) result {
	t.Helper()
	return invokeWith(t, "", env, args...)
}

func invokeWith(t *testing.T, stdin string, env []string, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p := &program{getenv: environment(env), stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr}
	got := result{p.run(ctx, args), stdout.String(), stderr.String()}
	require.NotContains(t, got.stdout+got.stderr, "\x1b", "no ANSI codes away from a terminal")
	require.NotContains(t, got.stdout+got.stderr, "\r")
	return got
}

// start runs the program until stop, which interrupts it if it runs still, and returns its exit code.
func start(t *testing.T, env []string, args ...string) (stdout, stderr *bufio.Reader, stop func(interrupt bool) int) {
	t.Helper()
	ctx, interrupt := context.WithCancel(context.Background())
	outRead, outWrite, err := os.Pipe()
	require.NoError(t, err)
	errRead, errWrite, err := os.Pipe()
	require.NoError(t, err)
	p := &program{getenv: environment(env), stdin: strings.NewReader(""), stdout: outWrite, stderr: errWrite}
	code := make(chan int, 1)
	go func() {
		code <- p.run(ctx, args)
		outWrite.Close()
		errWrite.Close()
	}()
	ended := sync.OnceValue(func() int { return <-code })
	t.Cleanup(func() {
		interrupt()
		ended()
		outRead.Close()
		errRead.Close()
	})
	return bufio.NewReader(outRead), bufio.NewReader(errRead), func(first bool) int {
		if first {
			interrupt()
		}
		return ended()
	}
}

// buildDir is where the program is built, once, for the tests of signals and shells.
var buildDir string

var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir, "plaidlink")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "plaidlink")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	buildDir = dir
	return m.Run()
}

// process makes a run of the built program.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := build()
	require.NoError(t, err)
	ctx, kill := context.WithTimeout(context.Background(), time.Minute) // the test's own context ends before its cleanups
	t.Cleanup(kill)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = []string{"HOME=" + t.TempDir(), "TERM=xterm"}
	return cmd
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
	got := invokeWith(t, stdin, a.env, args...)
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
	require.NotRegexp(t, `: (plaidlink|webhook|sandbox|New): `, r.stderr, "one prefix")
}

// failure returns the error of a call, without its result.
func failure[T any](_ T, err error) error { return err }
