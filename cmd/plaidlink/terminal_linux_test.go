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
	"unicode/utf8"
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

// terminalOutput is what a function prints on a terminal with so many columns.
func terminalOutput(t *testing.T, columns uint16, run func(terminal *os.File)) string {
	t.Helper()
	screen, terminal := openTerminal(t)
	size := struct{ rows, columns, x, y uint16 }{24, columns, 0, 0}
	_, _, failed := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&size)))
	require.Zero(t, failed)
	var shown seen
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(&shown, screen) // its error is that the terminal was closed
		close(ended)
	}()
	run(terminal)
	terminal.Close()
	<-ended
	return shown.String()
}

func TestHelpFitsTheTerminal(t *testing.T) {
	text := terminalOutput(t, 46, func(terminal *os.File) {
		p := &program{getenv: environment(nil), stdout: terminal}
		require.Zero(t, p.run(t.Context(), []string{"token", "create", "-h"}))
	})
	longest := 0
	for line := range strings.Lines(strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(text)) {
		longest = max(longest, utf8.RuneCountInString(strings.TrimRight(line, "\r\n")))
	}
	require.LessOrEqual(t, longest, 46, text)
	require.Greater(t, longest, 40, text)
}

func TestColourIsForTerminals(t *testing.T) {
	for name, test := range map[string]struct {
		env   []string
		color bool
	}{
		"a terminal":              {nil, true},
		"NO_COLOR":                {[]string{"NO_COLOR=1"}, false},
		"NO_COLOR without a word": {[]string{"NO_COLOR="}, true},
		"a dumb terminal":         {[]string{"TERM=dumb"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			text := terminalOutput(t, 80, func(terminal *os.File) {
				p := &program{getenv: environment(test.env), stdout: terminal, stderr: terminal}
				require.Zero(t, p.run(t.Context(), []string{"version", "-h"}))
				require.Equal(t, exitUsage, p.run(t.Context(), []string{"tokn"}))
			})
			require.Equal(t, test.color, strings.Contains(text, "\x1b[1mFlags of every command:\x1b[0m"), text)
			require.Equal(t, test.color, strings.Contains(text, "\x1b[31mplaidlink:\x1b[0m unexpected argument tokn"), text)
			require.Equal(t, test.color, strings.Contains(text, "\x1b"), text)
		})
	}
}

func TestProgressOnATerminal(t *testing.T) {
	for name, test := range map[string]struct {
		env      string
		progress bool
	}{
		"a terminal":                      {"TERM=xterm", true},
		"one that cannot move its cursor": {"TERM=dumb", false},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			token := a.newToken(t)
			shown := terminalOutput(t, 80, func(terminal *os.File) {
				p := &program{getenv: environment(append(a.env, test.env)), stdout: io.Discard, stderr: terminal}
				code := make(chan int)
				go func() { code <- p.run(t.Context(), []string{"token", "get", token, "--wait", "--interval", "10ms"}) }()
				require.Eventually(t, func() bool { return len(a.Requests()) > 5 }, 30*time.Second, time.Millisecond)
				require.NoError(t, failure(a.FinishLink(token, sandbox.Success())))
				require.Zero(t, <-code)
			})
			if test.progress {
				require.Contains(t, shown, "nobody opened Link yet")
				require.True(t, strings.HasSuffix(shown, "\r\x1b[K"), "the line is cleared: %q", shown)
			} else {
				require.Empty(t, shown)
			}
		})
	}
}
