package bench

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// results are medians, by benchmark and unit. They are computed as benchstat does.
type results map[key]float64

type key struct{ bench, unit string }

func readResults(r io.Reader) (results, error) {
	samples := map[key][]float64{}
	reader := benchfmt.NewReader(r, "results")
	for reader.Scan() {
		switch rec := reader.Result().(type) {
		case *benchfmt.Result:
			name := string(rec.Name)
			if _, parts := rec.Name.Parts(); len(parts) > 0 {
				if last := string(parts[len(parts)-1]); strings.HasPrefix(last, "-") { // the number of processors
					name = strings.TrimSuffix(name, last)
				}
			}
			for _, v := range rec.Values {
				k := key{name, v.Unit}
				samples[k] = append(samples[k], v.Value)
			}
		case *benchfmt.SyntaxError:
			return nil, fmt.Errorf("bench: the results cannot be read: %w", rec)
		}
	}
	if err := reader.Err(); err != nil {
		return nil, fmt.Errorf("bench: the results cannot be read: %w", err)
	}
	medians := results{}
	for k, values := range samples {
		sample := benchmath.NewSample(values, &benchmath.DefaultThresholds)
		medians[k] = benchmath.AssumeNothing.Summary(sample, 0.95).Center
	}
	return medians, nil
}
