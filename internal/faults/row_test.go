package faults

import (
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Rows is how many rows the table has. A row that no test ran is printed as failed.
const Rows = 59

var (
	printTable = flag.Bool("faults", false, "print the table of faults")
	rowNumber  = regexp.MustCompile(`^TestFault(\d\d)[A-Z]`)
	all        table
)

// Row is a row of the table. It is safe for concurrent use.
type Row struct {
	t      testing.TB
	number int
	fault  string
	passed bool

	mu    sync.Mutex
	cases []*kind
}

// kind is the cases of a row with the same outcome.
type kind struct {
	first, outcome string
	count          int
}

// Begin begins the row of a test, whose name gives its number. The fault is what happens, in at most 60 characters.
func Begin(t *testing.T, fault string) *Row {
	t.Helper()
	match := rowNumber.FindStringSubmatch(t.Name())
	if match == nil {
		t.Fatalf("%s: expected a name such as TestFault07HTMLIsNotDecoded", t.Name())
	}
	r := &Row{t: t, fault: fault}
	r.number, _ = strconv.Atoi(match[1])
	if r.number > Rows {
		t.Fatalf("row %d: expected at most %d: raise Rows", r.number, Rows)
	}
	all.add(r)
	t.Cleanup(func() { r.passed = !t.Failed() && len(r.cases) > 0 })
	return r
}

// Got adds what the callers of one case got: one call, one call of each operation, or many. The name of the case ends at its
// first colon; cases with the same outcome share a line.
func (r *Row) Got(name string, outcomes ...Outcome) {
	r.t.Helper()
	if len(outcomes) == 0 || slices.ContainsFunc(outcomes, func(o Outcome) bool { return !o.happened }) {
		r.t.Errorf("%s: expected outcomes of calls", name)
		return
	}
	name, _, _ = strings.Cut(name, ":")
	r.add(name, describe(outcomes))
}

func (r *Row) add(name, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range r.cases {
		if k.outcome == text {
			k.count++
			return
		}
	}
	r.cases = append(r.cases, &kind{name, text, 1})
}

// Main runs the tests, prints the table if the flag -faults is set, and returns the exit code.
func Main(m *testing.M) int {
	flag.Parse()
	code := m.Run()
	if *printTable {
		all.addElsewhere(elsewhere)
		if !all.print(os.Stdout, Rows) {
			code = 1
		}
	}
	return code
}

type table struct {
	mu   sync.Mutex
	rows []*Row
}

func (t *table) add(r *Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, r)
}

// print prints every row, those that no test ran too, and reports whether all passed.
func (t *table) print(w io.Writer, rows int) bool {
	for n := 1; n <= rows; n++ {
		if !slices.ContainsFunc(t.rows, func(r *Row) bool { return r.number == n }) {
			t.add(&Row{number: n, fault: "no test ran"})
		}
	}
	slices.SortFunc(t.rows, func(a, b *Row) int { return a.number - b.number })
	passed := 0
	for _, r := range t.rows {
		verdict := "FAIL"
		if r.passed {
			verdict = "pass"
			passed++
		}
		fmt.Fprintf(w, "%2d  %s  %s\n", r.number, verdict, r.fault)
		for _, k := range r.cases {
			more := ""
			if k.count > 1 {
				more = fmt.Sprintf(" (and %d more)", k.count-1)
			}
			fmt.Fprintf(w, "          %s%s: %s\n", k.first, more, k.outcome)
		}
	}
	fmt.Fprintf(w, "%d rows, %d passed, %d failed\n", len(t.rows), passed, len(t.rows)-passed)
	return passed == len(t.rows)
}
