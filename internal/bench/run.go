package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// command is a program to run and measure.
type command struct {
	dir  string
	env  []string
	args []string
}

// cost is what a program and its child processes used.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes of the largest process
	output    []byte
}

func (c command) run() (cost, error) {
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), c.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("bench: %v in %s: %w\n%s%s", c.args, c.dir, err, out.Bytes(), errs.Bytes())
	}
	spent := cost{wall: time.Since(start), output: out.Bytes()}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("bench: %s does not report what a process used", runtime.GOOS)
	}
	spent.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	spent.peak = usage.Maxrss
	if runtime.GOOS != "darwin" {
		spent.peak *= 1 << 10 // elsewhere it is in kB
	}
	return spent, nil
}

// line returns the cost in the format of Go's benchmarks.
func (c cost) line(name string) string {
	return fmt.Sprintf("Benchmark%s 1 %d ns/op %d cpu-ns/op %d peak-B\n", name, c.wall, c.cpu, c.peak)
}
