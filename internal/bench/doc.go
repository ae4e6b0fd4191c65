// Package bench compares this module with Plaid's official client and with a floor, which is the same calls written by hand with
// net/http and encoding/json. It contains only benchmarks and tests of their report, in a module of their own, so that no other
// module requires what they need.
//
// `make bench` measures everything in rounds, about ten minutes, with 2 GB to build the official client:
//
//	go test -run TestReport -timeout 3h -args -o DIR [-quick] [-from results.txt]
//
// It prints a table and writes files to DIR: the table as table.md, a chart as chart.svg, the table of the README as readme.md,
// and the measurements as results.txt, in the format of benchstat. Times need a quiet machine; counts of allocations, modules
// and connections do not.
//
// Packages of plaidgen's are measured if PLAID_SPEC is the absolute path of Plaid's file, 2020-09-14.yml of
// github.com/plaid/plaid-openapi. Without it their rows are empty.
//
// A single benchmark runs as usual, with `-benchtime 1x` where it builds or starts programs: go test -run - -bench Memory.
package bench
