package bench

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	reportDir = flag.String("o", "", "measure everything and write the report to this `folder`")
	quick     = flag.Bool("quick", false, "measure one short round, to check that everything runs")
	from      = flag.String("from", "", "read the measurements from a results.txt `file`")
)

// suites are the benchmarks of the report. Each is run in rounds, and has each client in turn within a round, so that a slow
// minute affects all of them.
var suites = []struct {
	dir, bench, benchtime string
	rounds                int
}{
	{".", "Memory|Growth|Layers|Sandbox", "100ms", 8},
	{".", "Load", "2s", 2},
	{"../../contract", "Call", "100ms", 8},
	{"../../webhook", "Verify", "100ms", 8},
	{".", "Generate", "1x", 3},
	{".", "Build", "1x", 3},
	{".", "Program", "1x", 30},
	{".", "Modules", "1x", 1},
}

// The committed table, the chart and the README are made from the committed results. With -o the test measures instead, which is
// make bench.
func TestReport(t *testing.T) {
	var measured []byte
	var err error
	switch {
	case *reportDir == "":
		measured, err = os.ReadFile("results/results.txt")
	case *from != "":
		measured, err = os.ReadFile(*from)
	default:
		measured = measure(t)
	}
	require.NoError(t, err)
	medians, err := readResults(bytes.NewReader(measured))
	require.NoError(t, err)
	report := map[string]string{"table.md": table(medians), "chart.svg": chart(medians), "readme.md": readme(medians)}
	if *reportDir != "" {
		report["results.txt"] = string(measured)
		require.NoError(t, os.MkdirAll(*reportDir, 0o755))
		for name, text := range report {
			require.NoError(t, os.WriteFile(filepath.Join(*reportDir, name), []byte(text), 0o644))
		}
		fmt.Print(report["table.md"])
		return
	}
	for name, want := range report {
		have, err := os.ReadFile("results/" + name)
		require.NoError(t, err)
		require.Equal(t, want, string(have), "results/%s is not made from results.txt: run go test -run TestReport -args -o results -from results/results.txt", name)
	}
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	require.Contains(t, string(text), report["readme.md"], "README.md does not have the table of results/readme.md")
}

// measure runs the suites and returns what they printed.
func measure(t *testing.T) []byte {
	dir := t.TempDir()
	t.Setenv(scratchDir, dir)
	var out bytes.Buffer
	for i, s := range suites {
		fmt.Fprintln(os.Stderr, "bench: measuring", s.bench)
		program := filepath.Join(dir, fmt.Sprintf("suite%d.test", i))
		command{s.dir, nil, []string{"go", "test", "-c", "-o", program, "."}}.output(t)
		if *quick {
			s.rounds = 1
			if s.benchtime != "1x" {
				s.benchtime = "20ms"
			}
		}
		for range s.rounds {
			round := command{s.dir, nil, []string{program, "-test.run", "^$", "-test.bench", "^Benchmark(" + s.bench + ")$", "-test.benchtime", s.benchtime}}
			out.Write(round.output(t))
		}
	}
	return out.Bytes()
}
