package e2e_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	startTimeout = 30 * time.Second // until a program reports that it is ready
	maxLifetime  = 3 * time.Minute  // of a program; the limit of the tests themselves would leave it running
	maxOutput    = 1 << 20          // bytes of a program's output that are kept
)

// start runs a program until the end of the test, and returns what ready matched in its output.
func start(t *testing.T, ready *regexp.Regexp, name string, args ...string) (match []string, process *exec.Cmd) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), maxLifetime)
	out := &output{ready: ready, matched: make(chan []string, 1)}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second // then it is killed
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // the error is that it was interrupted, at the end of the test
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	select {
	case match = <-out.matched:
	case <-ended:
		require.Fail(t, "the program ended early", "%s: %s", cmd, out)
	case <-time.After(startTimeout):
		require.Fail(t, "the program is not ready", "%s: %s", cmd, out)
	}
	return match, cmd
}

// output keeps what a program prints, and sends once what ready matched in it.
type output struct {
	ready   *regexp.Regexp
	matched chan []string

	mu   sync.Mutex
	text bytes.Buffer
	sent bool
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.text.Len() < maxOutput {
		o.text.Write(p)
	}
	if match := o.ready.FindStringSubmatch(o.text.String()); match != nil && !o.sent {
		o.sent = true
		o.matched <- match
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
