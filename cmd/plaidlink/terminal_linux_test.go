package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// openTerminal makes a pseudoterminal: what a program prints at one side is read at the other.
func openTerminal(t *testing.T) (screen, terminal *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { screen.Close() })
	var unlock, number int32
	for request, value := range map[uintptr]*int32{syscall.TIOCSPTLCK: &unlock, syscall.TIOCGPTN: &number} {
		_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, screen.Fd(), request, uintptr(unsafe.Pointer(value)))
		require.Zero(t, failed)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { terminal.Close() })
	return screen, terminal
}

// seen is what a screen has shown so far.
type seen struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (s *seen) Write(p []byte) (int, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.text.Write(p)
}

func (s *seen) String() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.text.String()
}

func TestProgressOnATerminal(t *testing.T) {
	for name, test := range map[string]struct {
		env      string
		progress bool
	}{
		"a terminal":                  {"TERM=xterm", true},
		"one that cannot move cursor": {"TERM=dumb", false},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			token := a.newToken(t)
			screen, terminal := openTerminal(t)
			cmd := program(t, append(a.env, test.env), "token", "get", token, "--wait", "--interval", "10ms")
			cmd.Stderr = terminal
			var shown seen
			ended := make(chan struct{})
			go func() {
				_, _ = io.Copy(&shown, screen) // its error is that the terminal was closed
				close(ended)
			}()
			require.NoError(t, cmd.Start())
			require.Eventually(t, func() bool {
				return len(a.Requests()) > 5 && strings.Contains(shown.String(), "nobody opened Link yet") == test.progress
			}, 30*time.Second, time.Millisecond)
			require.NoError(t, a.FinishLink(token, sandbox.Success()))
			require.NoError(t, cmd.Wait())
			terminal.Close()
			<-ended
			if test.progress {
				require.True(t, strings.HasSuffix(shown.String(), "\r\x1b[K"), "the line is cleared: %q", shown.String())
			} else {
				require.Empty(t, shown.String())
			}
		})
	}
}
