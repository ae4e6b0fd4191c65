package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec/synthetic"
)

// Plaid's whole file, with its known defects, takes less than 30 s of processor time and 1 GiB, all commands
// included.
func TestPlaidsWholeFile(t *testing.T) {
	text := begin(t).full
	require.Greater(t, len(text), 3_000_000)
	require.Equal(t, synthetic.Paths, strings.Count(text, "\n    post:\n"))
	dir := workspace(t)
	require.NoError(t, check(t.Context(), dir)) // so that caches are warm
	program, file := filepath.Join(t.TempDir(), "bump"), filepath.Join(t.TempDir(), "full.yml")
	require.NoError(t, command(t.Context(), ".", "go", "build", "-o", program, "."))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))

	cmd := exec.CommandContext(t.Context(), program, "-C", dir, file)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	require.NoError(t, cmd.Run(), stderr.String())
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%d bytes: %v, %v of processor time, at most %d MiB", len(text), time.Since(began).Round(time.Millisecond), spent, usage.Maxrss>>10)
	require.Less(t, spent, 30*time.Second)
	require.Less(t, usage.Maxrss, int64(1<<20), "KiB")

	report, after := stdout.String(), snapshot(t, dir)
	requireLine(t, report, ops, "Gone", "linkProfileEligibilityCheck")
	requireLine(t, report, ops, "Deprecated", "Client.LinkProfileEligibilityCheck")
	requireLine(t, report, added, "hosted_link_url.format")
	requireLine(t, report, added, "reason.enum[?@ == 404]")
	requireLine(t, report, added, "reason.enum[?@ == null]")
	requireLine(t, report, added, "days_requested.example")
	requireLine(t, report, added, "examples['example-1']")
	requireLine(t, report, "Go API", "gen.LinkSessionExitDeprecated.Reason: added")
	require.Contains(t, report, "Version: **minor**")
	require.Less(t, len(after[vendoredFile]), 200_000, "a part is kept")
	require.Contains(t, after[vendoredFile], sum([]byte(text)), "and what it is a part of")
	require.NotContains(t, after[composedFile], "client_id:\n", "credentials are headers")
	require.Contains(t, after[operationsFile], "//\n// Deprecated: Plaid's file no longer has the operation since version 2020-09-14_1.517.0.\nfunc (c *Client) LinkProfileEligibilityCheck(")
	require.Contains(t, after[generatedFile], "Deprecated: ")
	require.Less(t, len(after[completionFile]), len(begin(t).sources.Completion.Data)/5, "most of it is needless")

	// The next version of the file of the Link family has the operation again.
	code, next, errs := bumped(t, dir, begin(t).family)
	require.Zero(t, code, errs)
	require.Contains(t, next, "Go: 4 breaking", "the property that the defects brought is gone, as are its type and constants")
}

// Actions that the report offers keep the Go types as they were.
func TestGoTypesCanBeKept(t *testing.T) {
	in := begin(t)
	text := everyKind(t)
	p, err := in.plan(text)
	require.NoError(t, err)
	require.NotEmpty(t, p.keep)
	dir := workspace(t)
	require.NoError(t, put(dir, fixesFile, append(in.sources.Fixes.Data, p.keep...)))
	code, report, stderr := bumped(t, dir, text, "-base", template)
	require.Zero(t, code, stderr)
	require.Contains(t, report, "Go: 0 breaking")
	require.Contains(t, report, "Version: **minor**")
}
