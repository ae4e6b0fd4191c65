//go:build unix

package main

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain runs plaidgen itself in a process that the tests start, with no room for what it writes.
func TestMain(m *testing.M) {
	if os.Getenv("PLAIDGEN_FULL") == "" {
		os.Exit(m.Run())
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: 4096}); err != nil {
		os.Exit(3)
	}
	main()
}

// What stops in the middle of the file leaves the old one, or nothing.
func TestFullFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "plaidapi")
	full := func() (code int, said string) {
		cmd := exec.CommandContext(t.Context(), os.Args[0], shop(dir)...)
		cmd.Env = append(os.Environ(), "PLAIDGEN_FULL=1")
		out, _ := cmd.CombinedOutput()
		return cmd.ProcessState.ExitCode(), string(out)
	}
	code, said := full()
	require.Equal(t, 1, code, said)
	require.Contains(t, said, "plaidgen: nothing was written: ")
	require.Contains(t, said, "file too large")
	require.NoDirExists(t, filepath.Dir(dir))

	code, _, stderr := plaidgen(shop(dir)...)
	require.Zero(t, code, stderr)
	put(t, filepath.Join(dir, output), get(t, filepath.Join(dir, output))+"\n")
	before := snapshot(t, dir)
	code, said = full()
	require.Equal(t, 1, code, said)
	require.Equal(t, before, snapshot(t, dir))
}
