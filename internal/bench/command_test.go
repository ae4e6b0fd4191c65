package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// command is a program to run and measure.
type command struct {
	dir  string
	env  []string
	args []string
}

// cost is what a program and its child processes used.
type cost struct {
	time   time.Duration // on the clock, where it was measured
	cpu    time.Duration
	peak   int64 // bytes of the largest process
	output []byte
}

// report makes the cost that of a benchmark.
func (c cost) report(b *testing.B) {
	b.ReportMetric(float64(c.time), "ns/op")
	b.ReportMetric(float64(c.cpu), "cpu-ns/op")
	b.ReportMetric(float64(c.peak), "peak-B")
}

func (c command) run() (cost, error) {
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), c.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("bench: %v in %s: %w\n%s%s", c.args, c.dir, err, out.Bytes(), errs.Bytes())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("bench: %s does not report what a process used", runtime.GOOS)
	}
	peak := usage.Maxrss
	if runtime.GOOS != "darwin" {
		peak *= 1 << 10 // elsewhere it is in kB
	}
	return cost{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), peak: peak, output: out.Bytes()}, nil
}

// output runs a program that is not measured.
func (c command) output(t testing.TB) []byte {
	t.Helper()
	spent, err := c.run()
	require.NoError(t, err)
	return spent.output
}

// measure is a benchmark that runs a program once, because it would find its own results if it ran again.
func (c command) measure(b *testing.B) cost {
	require.Equal(b, 1, b.N, "expected -benchtime 1x")
	spent, err := c.run()
	b.StopTimer()
	require.NoError(b, err)
	spent.time = b.Elapsed()
	spent.report(b)
	return spent
}
