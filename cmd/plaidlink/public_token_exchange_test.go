package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// exchanges counts the exchanges that the sandbox received.
func (a account) exchanges() (n int) {
	for _, r := range a.Requests() {
		if r.Operation == "itemPublicTokenExchange" {
			n++
		}
	}
	return n
}

func TestExchangeRefusesToLoseTheAccessTokenGoes(t *testing.T) {
	a := newAccount(t)
	for name, flags := range map[string][]string{"no flag": nil, "as JSON": {"--json"}, "an empty file name": {"--out", ""}} {
		t.Run(name, func(t *testing.T) {
			public := a.newPublicToken(t)
			a.run(t, "", append([]string{"public-token", "exchange", public}, flags...)...).failed(t, exitUsage, "expected --out FILE or --show-access-token")
			require.Zero(t, a.exchanges(), "no call is made")
		})
	}
}

func TestExchangePrintsTheAccessToken(t *testing.T) {
	a := newAccount(t)
	for name, test := range map[string]struct {
		body  bool
		flags []string
	}{
		"as a field":              {false, []string{"--show-access-token"}},
		"as JSON":                 {false, []string{"--show-access-token", "--json"}},
		"from the standard input": {true, []string{"--show-access-token", "--body", "-"}},
	} {
		t.Run(name, func(t *testing.T) {
			public := a.newPublicToken(t)
			args, stdin := append([]string{"public-token", "exchange"}, test.flags...), ""
			if test.body {
				stdin = `{"public_token":"` + public + `"}`
			} else {
				args = append(args, public)
			}
			got := a.run(t, stdin, args...)
			require.Zero(t, got.code, got.stderr)
			require.Contains(t, got.stdout, "item_id")
			require.Contains(t, got.stdout, "access-sandbox-")
			require.NotContains(t, got.stdout, "redacted")
			a.run(t, "", "public-token", "exchange", public, "--show-access-token").failed(t, exitRefused, "INVALID_PUBLIC_TOKEN")
		})
	}
}

func TestExchangeWritesTheAccessToken(t *testing.T) {
	a := newAccount(t)
	for name, flags := range map[string][]string{"fields": nil, "JSON": {"--json"}} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "item.token")
			got := a.run(t, "", append([]string{"public-token", "exchange", a.newPublicToken(t), "--out", file}, flags...)...)
			require.Zero(t, got.code, got.stderr)
			require.Contains(t, got.stdout, "item_id")
			require.Contains(t, got.stdout, "[redacted]")
			require.NotContains(t, got.stdout, "access-sandbox-")
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode())
			written, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Regexp(t, `^access-sandbox-[0-9a-f-]{36}\n$`, string(written))
			updated := a.run(t, string(written), "token", "create", "--client-name", "n", "--user", "u", "--access-token-stdin")
			require.Zero(t, updated.code, updated.stderr)
		})
	}
}

func TestExchangeOpensItsFileFirst(t *testing.T) {
	a := newAccount(t)
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	require.NoError(t, os.WriteFile(there, []byte("precious"), 0o644))
	link := filepath.Join(dir, "link")
	require.NoError(t, os.Symlink(filepath.Join(dir, "elsewhere"), link))
	for name, test := range map[string]struct{ file, want string }{
		"a file that exists": {there, "--out: open " + there + ": file exists"},
		"a symbolic link":    {link, "file exists"},
		"no folder":          {filepath.Join(dir, "none", "token"), "no such file or directory"},
		"a folder":           {dir, "file exists"},
	} {
		t.Run(name, func(t *testing.T) {
			a.run(t, "", "public-token", "exchange", a.newPublicToken(t), "--out", test.file).failed(t, exitFailed, test.want)
			require.Zero(t, a.exchanges(), "no call is made")
		})
	}
	kept, err := os.ReadFile(there)
	require.NoError(t, err)
	require.Equal(t, "precious", string(kept))
}

// A call that fails leaves no file behind, so that the same command can be given again.
func TestExchangeThatFailsLeavesNoFile(t *testing.T) {
	a := newAccount(t)
	public, file := a.newPublicToken(t), filepath.Join(t.TempDir(), "token")
	require.NoError(t, a.Fail("itemPublicTokenExchange", sandbox.PlaidError(400, plaidlink.TypeItemError, "ITEM_LOCKED", "locked")))
	a.run(t, "", "public-token", "exchange", public, "--out", file).failed(t, exitRefused, "plaidlink public-token exchange: 400 ITEM_ERROR/ITEM_LOCKED: locked")
	require.NoFileExists(t, file)
	require.Zero(t, a.run(t, "", "public-token", "exchange", public, "--out", file).code)
	require.FileExists(t, file)
}

// Where the file cannot be written after all, the access token is printed: it exists nowhere else.
func TestExchangeThatCannotWritePrints(t *testing.T) {
	for name, asJSON := range map[string]bool{"fields": false, "JSON": true} {
		t.Run(name, func(t *testing.T) {
			closed, err := os.Create(filepath.Join(t.TempDir(), "token"))
			require.NoError(t, err)
			require.NoError(t, closed.Close())
			var out strings.Builder
			p := &program{getenv: environment(nil), stdout: &out}
			c := &publicTokenExchange{requestFlags: requestFlags{JSON: asJSON}}
			err = c.deliver(p, closed, &gen.ItemPublicTokenExchangeResponse{AccessToken: testAccessToken}, `{"access_token":"`+testAccessToken+`"}`)
			require.ErrorIs(t, err, os.ErrClosed)
			require.ErrorContains(t, err, "--out failed, so the access token is printed instead")
			require.NotContains(t, err.Error(), testAccessToken)
			require.Contains(t, out.String(), testAccessToken)
		})
	}
}

// A disk without room, as a limit on the size of files makes it, loses no access token either.
func TestExchangeOnAFullDisk(t *testing.T) {
	a := newAccount(t)
	bash, err := exec.LookPath("bash")
	require.NoError(t, err, "this test needs bash")
	cmd := process(t)
	cmd.Env = append(cmd.Env, a.env...)
	file := filepath.Join(t.TempDir(), "token")
	cmd.Args = []string{"bash", "-c", `ulimit -f 0; exec "$0" "$@"`, cmd.Path, "public-token", "exchange", a.newPublicToken(t), "--out", file}
	cmd.Path = bash
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.Error(t, err)
	require.Equal(t, exitFailed, cmd.ProcessState.ExitCode(), stderr.String())
	require.Contains(t, string(out), "access-sandbox-")
	require.Contains(t, stderr.String(), "--out failed, so the access token is printed instead: write "+file+": file too large")
}
