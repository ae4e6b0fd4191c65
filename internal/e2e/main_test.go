package e2e_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// witness is an independent program that talks to this project. Its checks run one after the other.
type witness struct {
	name         string
	made, passed int
}

var (
	plaidGo   = &witness{name: "plaid-go"}
	plaidNode = &witness{name: "plaid (node)"}
	prism     = &witness{name: "prism"}
	chromium  = &witness{name: "chromium"}
)

// check runs a check of the witness as a subtest, and counts it.
func (w *witness) check(t *testing.T, name string, fn func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		w.made++
		fn(t)
		if !t.Failed() {
			w.passed++
		}
	})
}

func (w *witness) String() string {
	switch {
	case w.made == 0:
		return w.name + ": no checks"
	case w.passed < w.made:
		return fmt.Sprintf("%s: %d checks, %d FAILED", w.name, w.made, w.made-w.passed)
	}
	return fmt.Sprintf("%s: %d checks", w.name, w.made)
}

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// run runs the tests and prints how many checks each witness made.
func run(m *testing.M) (code int) {
	dir, err := os.MkdirTemp("", "plaidlink-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	buildDir = dir
	code = m.Run()
	if err := stopBrowser(); err != nil {
		fmt.Fprintln(os.Stderr, "Chromium does not exit cleanly:", err)
		code = 1
	}
	var counts []string
	for _, w := range []*witness{plaidGo, plaidNode, prism, chromium} {
		counts = append(counts, w.String())
	}
	fmt.Println(strings.Join(counts, ", "))
	return code
}
