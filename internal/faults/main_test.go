package faults_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The table of faults. Each row is a test that says what the caller got; `make faults` prints them all.

var faultsTable = flag.Bool("faults", false, "print the table of faults")

type faultRow struct {
	number int
	fault  string
	got    []string
	passed bool
}

var faults struct {
	sync.Mutex
	rows []*faultRow
}

// fault begins the test of a row. Call got for each thing that the caller got.
func fault(t *testing.T, number int, what string) (got func(format string, args ...any)) {
	t.Helper()
	row := &faultRow{number: number, fault: what}
	faults.Lock()
	faults.rows = append(faults.rows, row)
	faults.Unlock()
	t.Cleanup(func() { row.passed = !t.Failed() && len(row.got) > 0 })
	return func(format string, args ...any) {
		faults.Lock()
		defer faults.Unlock()
		row.got = append(row.got, fmt.Sprintf(format, args...))
	}
}

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if *faultsTable && !printFaults() {
		code = 1
	}
	os.Exit(code)
}

// faultRows is how many rows the table has.
const faultRows = 35

// printFaults prints every row, those that no test has or that got nothing too, and says whether all passed.
func printFaults() bool {
	for n := 1; n <= faultRows; n++ {
		if !slices.ContainsFunc(faults.rows, func(r *faultRow) bool { return r.number == n }) {
			faults.rows = append(faults.rows, &faultRow{number: n, fault: "no test ran"})
		}
	}
	slices.SortFunc(faults.rows, func(a, b *faultRow) int { return a.number - b.number })
	passed := 0
	for _, r := range faults.rows {
		if len(r.got) == 0 {
			r.got = []string{"nothing was noted"}
		}
		verdict := "FAIL"
		if r.passed {
			verdict = "pass"
			passed++
		}
		for i, got := range r.got {
			if i == 0 {
				fmt.Printf("%2d  %s  %-58s  %s\n", r.number, verdict, r.fault, got)
			} else {
				fmt.Printf("%s%s\n", strings.Repeat(" ", 68), got)
			}
		}
	}
	fmt.Printf("%d rows, %d passed, %d failed\n", len(faults.rows), passed, len(faults.rows)-passed)
	return passed == len(faults.rows)
}
