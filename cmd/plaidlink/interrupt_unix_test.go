//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// reading are the commands that read the standard input or a file, which may be a pipe; fifo stands for one.
var reading = map[string][]string{
	"a body":                  {"token", "create", "--body", "-"},
	"a body of a pipe":        {"token", "create", "--body", "fifo"},
	"an access token":         {"token", "create", "--client-name", "n", "--user", "u", "--access-token-stdin"},
	"an exchange":             {"public-token", "exchange", "--show-access-token", "--body", "-"},
	"a webhook":               {"webhook", "verify", "--header", "a.b.c", "--sandbox", "127.0.0.1:1"},
	"a webhook out of a pipe": {"webhook", "verify", "--header", "a.b.c", "--sandbox", "127.0.0.1:1", "fifo"},
}

func TestInterruptEndsReading(t *testing.T) {
	for name, args := range reading {
		t.Run(name, func(t *testing.T) {
			fifo := filepath.Join(t.TempDir(), "fifo")
			require.NoError(t, syscall.Mkfifo(fifo, 0o600))
			args := append([]string{}, args...)
			for i, arg := range args {
				if arg == "fifo" {
					args[i] = fifo
				}
			}
			stdin, in := io.Pipe()
			defer in.Close()
			ctx, interrupt := context.WithCancel(t.Context())
			go func() {
				_, _ = in.Write([]byte("{")) // it returns when the program reads, where it does
				interrupt()
			}()
			if strings.Contains(name, "pipe") {
				interrupt()
			}
			var stderr strings.Builder
			p := &program{getenv: environment(nil), stdin: stdin, stdout: io.Discard, stderr: &stderr}
			code := p.run(ctx, args)
			require.Equal(t, exitFailed, code)
			require.Contains(t, stderr.String(), "interrupted while reading the input")
			t.Attr("got", fmt.Sprintf("%s: exit=%d %q", name, code, stderr.String()))
			if writer, err := os.OpenFile(fifo, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
				writer.Close() // whoever waits for a writer goes on
			}
		})
	}
}

// The first signal of either kind ends the program while it reads.
func TestFirstSignalEndsReading(t *testing.T) {
	for name, signal := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			cmd := process(t, "token", "create", "--body", "-")
			in, err := cmd.StdinPipe()
			require.NoError(t, err)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			require.NoError(t, cmd.Start())
			_, err = in.Write(make([]byte, 256<<10)) // more than a pipe holds: when it returns, the program reads
			require.NoError(t, err)
			begun := time.Now()
			require.NoError(t, cmd.Process.Signal(signal))
			require.Error(t, cmd.Wait())
			require.Less(t, time.Since(begun), grace, "it ends by itself")
			require.Equal(t, exitFailed, cmd.ProcessState.ExitCode(), "it is not killed")
			require.Equal(t, "plaidlink token create: --body: interrupted while reading the input\n", stderr.String())
			t.Attr("got", fmt.Sprintf("%s: exit=%d %q", name, cmd.ProcessState.ExitCode(), stderr.String()))
		})
	}
}
