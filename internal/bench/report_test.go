package bench

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every row of the table and of the README is measured. Without this, a renamed benchmark would leave an empty row unnoticed.
func TestNoRowIsEmpty(t *testing.T) {
	file, err := os.Open("results/results.txt")
	require.NoError(t, err)
	defer file.Close()
	medians, err := readResults(file)
	require.NoError(t, err)
	for _, s := range sections {
		for _, r := range s.rows {
			measured := []string{"plaidlink"}
			if strings.Contains(r.bench, "%s") {
				measured = names
			}
			for _, name := range measured {
				if medians.value(r, name) == nil {
					t.Errorf("%s: %s: no figure for %s", s.title, r.label, name)
				}
			}
		}
	}
	for _, u := range forUsers {
		if !strings.Contains(readme(medians), u.label) || strings.Contains(readme(medians), "|  |") {
			t.Errorf("README: %s: no figure", u.label)
		}
	}
}

func TestResultsAreMedians(t *testing.T) {
	medians, err := readResults(strings.NewReader("BenchmarkA/client=floor-2 1 100 ns/op\nBenchmarkA/client=floor-2 1 900 ns/op\nBenchmarkA/client=floor 1 200 ns/op 3 x\n"))
	require.NoError(t, err)
	if got := show(medians[key{"A/client=floor", "sec/op"}], "sec/op"); got != "200 ns" {
		t.Errorf("median %s, expected 200 ns", got)
	}
	if got := medians[key{"A/client=floor", "x"}]; got != 3 {
		t.Errorf("%v, expected 3", got)
	}
}

func TestFiguresAreShownInAUnitThatFits(t *testing.T) {
	for _, test := range []struct {
		value float64
		unit  string
		want  string
	}{
		{2.39, "sec/op", "2.39 s"}, {458e-6, "sec/op", "458 µs"}, {8.7e-6, "sec/op", "8.7 µs"}, {0.9996e-3, "p50-sec", "1 ms"},
		{1.93e9, "peak-B", "1.93 GB"}, {53012, "B/op", "53 kB"}, {3744, "allocs/op", "3,744"}, {0.00317, "conns/op", "0.0032"}, {1.001, "conns/op", "1"}, {12345678, "x", "12,345,678"},
	} {
		if got := show(test.value, test.unit); got != test.want {
			t.Errorf("%v %s: %q, expected %q", test.value, test.unit, got, test.want)
		}
	}
}

func TestGoalIsMetUpToItsLimit(t *testing.T) {
	for _, test := range []struct {
		goal     goal
		v, other float64
		want     bool
	}{{times(0.5), 5, 10, true}, {times(0.5), 5.1, 10, false}, {ofOfficial(0.5), 5, 10, true}, {ofOfficial(0.5), 5.1, 10, false}, {atMost(3), 3, 0, true}, {atMost(3), 3.1, 9, false}, {atMost(0), 0, 0, true}} {
		if test.goal.met(test.v, test.other) != test.want {
			t.Errorf("%+v", test)
		}
	}
}
