// Command bench compares this module with Plaid's official client and with a floor, which is the same calls written by hand
// with net/http and encoding/json. It measures calls, load, builds, modules and generation. Run it from the root:
//
//	go run -C internal/bench . [-o DIR] [-quick]
//
// It prints a table and writes files to DIR: the table as table.md, a chart as chart.svg, the table of the README as readme.md,
// and the measurements as results.txt, in the format of benchstat. A full run takes about ten minutes, and 2 GB to build the
// official client. Times need a quiet machine; counts of allocations, modules and connections do not.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	dir := flag.String("o", "results", "the `folder` to write to")
	quick := flag.Bool("quick", false, "measure one short round, to check that everything runs")
	from := flag.String("from", "", "read the measurements from a results.txt `file`")
	flag.Parse()
	if err := run(*dir, *from, *quick); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir, from string, quick bool) (err error) {
	var measured []byte
	if from != "" {
		measured, err = os.ReadFile(from)
	} else {
		measured, err = measure(quick)
	}
	if err != nil {
		return err
	}
	medians, err := readResults(bytes.NewReader(measured))
	if err != nil {
		return err
	}
	text := table(medians)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, data := range map[string]string{"results.txt": string(measured), "table.md": text, "chart.svg": chart(medians), "readme.md": readme(medians)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			return err
		}
	}
	fmt.Print(text)
	return nil
}

// plan is how much is measured.
type plan struct {
	rounds, builds      int
	benchtime, loadtime string // of go test
}

func measure(quick bool) ([]byte, error) {
	p := plan{rounds: 8, builds: 3, benchtime: "100ms", loadtime: "2s"}
	if quick {
		p = plan{rounds: 1, builds: 1, benchtime: "20ms", loadtime: "100ms"}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var out bytes.Buffer
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"calls", func() error { return calls(root, dir, p, &out) }},
		{"generation", func() error { return generate(root, dir, p.builds, &out) }},
		{"builds", func() error { return builds(root, dir, p.builds, &out) }},
	} {
		fmt.Fprintln(os.Stderr, "bench: measuring", step.name)
		if err := step.do(); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

func builds(root, dir string, rounds int, out io.Writer) error {
	b, err := newBuilder(root, dir)
	if err != nil {
		return err
	}
	for range rounds {
		if err := b.round(out); err != nil {
			return err
		}
	}
	return b.modules(out)
}

// calls runs benchmarks in rounds, with each client in turn within a round, so that a slow minute affects all of them.
func calls(root, dir string, p plan, out io.Writer) error {
	type suite struct{ pkg, bench, time string }
	suites := []suite{
		{"./internal/bench", "^Benchmark(Memory|Growth|Layers|Sandbox)$", p.benchtime},
		{"./internal/bench", "^BenchmarkLoad$", p.loadtime},
		{"./contract", "^BenchmarkCall$", p.benchtime},
		{"./webhook", "^BenchmarkVerify$", p.benchtime},
	}
	for i, s := range suites {
		program := filepath.Join(dir, fmt.Sprintf("suite%d.test", i))
		build := command{filepath.Join(root, s.pkg), nil, []string{"go", "test", "-c", "-o", program, "."}}
		if _, err := build.run(); err != nil {
			return err
		}
		rounds := p.rounds
		if s.time == p.loadtime {
			rounds = min(2, p.builds)
		}
		for range rounds {
			test := command{filepath.Join(root, s.pkg), nil, []string{program, "-test.run", "^$", "-test.bench", s.bench, "-test.benchtime", s.time}}
			spent, err := test.run()
			if err != nil {
				return err
			}
			out.Write(spent.output)
		}
	}
	return nil
}
