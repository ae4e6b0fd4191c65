package faults

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Patience bounds what would hang if the client were wrong. No good run waits that long.
const Patience = 15 * time.Second

// NoGoroutinesLeft asserts at the end of a test, after its clients and servers were closed, that no goroutine has outlived it.
// Call it first.
func NoGoroutinesLeft(t testing.TB) {
	t.Helper()
	before := goroutines()
	t.Cleanup(func() {
		for deadline := time.Now().Add(Patience); ; <-time.After(10 * time.Millisecond) { // nothing announces a goroutine's end
			var left []string
			for id, stack := range goroutines() {
				if _, ok := before[id]; !ok {
					left = append(left, stack)
				}
			}
			if len(left) == 0 {
				return
			}
			if time.Now().After(deadline) {
				t.Errorf("%d goroutines left:\n\n%s", len(left), strings.Join(left, "\n\n"))
				return
			}
		}
	})
}

// goroutines returns the stack of each goroutine, by its number.
func goroutines() map[string]string {
	stacks := make([]byte, 1<<20)
	for {
		n := runtime.Stack(stacks, true)
		if n < len(stacks) {
			stacks = stacks[:n]
			break
		}
		stacks = make([]byte, 2*len(stacks))
	}
	all := map[string]string{}
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		number, _, _ := strings.Cut(strings.TrimPrefix(stack, "goroutine "), " ")
		all[number] = stack
	}
	return all
}

func TestGoroutineThatIsLeftFailsTheTest(t *testing.T) {
	for _, left := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) { // where patience costs no time
			noted := &cleanups{TB: t}
			NoGoroutinesLeft(noted)
			end := make(chan struct{})
			go func() { <-end }()
			if !left {
				close(end)
			}
			noted.run()
			require.Equal(t, left, len(noted.failures) > 0)
			if left {
				require.Contains(t, noted.failures[0], "TestGoroutineThatIsLeftFailsTheTest")
				close(end)
			}
		})
	}
}

// cleanups is a test that ends when it is asked to.
type cleanups struct {
	testing.TB
	failures  []string
	functions []func()
}

func (c *cleanups) Errorf(format string, args ...any) {
	c.failures = append(c.failures, fmt.Sprintf(format, args...))
}

func (c *cleanups) Cleanup(f func()) { c.functions = append(c.functions, f) }

func (c *cleanups) run() {
	for _, f := range c.functions {
		f()
	}
}
