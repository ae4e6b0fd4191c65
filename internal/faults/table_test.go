package faults

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// What a row reports is what happened to its calls.
func TestRowsReportWhatWasSeen(t *testing.T) {
	good := wiretest.Reply(200, wiretest.TokenBody)
	limited := wiretest.Reply(429, `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"LIMIT","error_message":"slow down"}`, "Retry-After", "90")
	for name, test := range map[string]struct {
		replies []wiretest.RoundTripper // the last one stays
		calls   []Operation
		want    string
	}{
		"a response":         {[]wiretest.RoundTripper{good}, []Operation{Get}, "linkTokenGet 1x: a response"},
		"unknown properties": {[]wiretest.RoundTripper{wiretest.Reply(200, `{"link_token":"l","metadata":{"new":1},"new":2}`)}, []Operation{Get}, "linkTokenGet 1x (unknown properties: 2): a response"},
		"a wait":             {[]wiretest.RoundTripper{wiretest.Reply(503, "", "Retry-After", "10"), good}, []Operation{Get}, "linkTokenGet 2x (in 10s): a response"},
		"an error":           {[]wiretest.RoundTripper{limited}, []Operation{Get}, "linkTokenGet 1x: 429 RATE_LIMIT_EXCEEDED/LIMIT: slow down, RetryAfter 1m30s"},
		"the same twice":     {[]wiretest.RoundTripper{limited}, Operations, "linkTokenGet 1x; itemPublicTokenExchange 1x: 429 RATE_LIMIT_EXCEEDED/LIMIT: slow down, RetryAfter 1m30s"},
		"not the same": {[]wiretest.RoundTripper{good}, Operations,
			"linkTokenGet 1x: a response; itemPublicTokenExchange 1x: perhaps carried out: 200 " + plaidlink.ErrIncomplete.Error() + ": access_token is missing"},
		"many": {[]wiretest.RoundTripper{wiretest.Reply(503, "", "Retry-After", "10"), good, limited}, []Operation{Get, Get, Exchange},
			"3 calls, 4 attempts: 1 responses, 2 errors such as 429 RATE_LIMIT_EXCEEDED/LIMIT: slow down, RetryAfter 1m30s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // where a wait is exact
				c := wiretest.InMemory(test.replies...).Client(t)
				var got []Outcome
				for _, o := range test.calls {
					got = append(got, o.Call(t.Context(), c))
				}
				require.Equal(t, test.want, describe(got))
			})
		})
	}
	t.Run("memory", func(t *testing.T) {
		c := wiretest.InMemory(good).Client(t)
		got := Allocating(func() Outcome {
			_ = bytes.Repeat([]byte("a"), 20<<20)
			return Get.Call(t.Context(), c)
		})
		require.Regexp(t, `^linkTokenGet 1x \(2\d\.\d MiB allocated\): a response$`, describe([]Outcome{got}))
	})
	t.Run("a client", func(t *testing.T) {
		require.Equal(t, "a client", describe([]Outcome{New(plaidlink.Credentials{ClientID: "id", Secret: "secret"})}))
		require.Equal(t, "the secret is empty", describe([]Outcome{New(plaidlink.Credentials{ClientID: "id"})}))
	})
}

// The table has a line a row, and fails for a row that no test ran, that failed or that reported nothing.
func TestTableShowsEveryRow(t *testing.T) {
	row := func(number int, passed bool, cases ...*kind) *Row {
		return &Row{number: number, fault: "fault", passed: passed, cases: cases}
	}
	var out strings.Builder
	full := table{rows: []*Row{row(2, true, &kind{"a case", "what came", 1}), row(1, true, &kind{"a case", "what came", 3})}}
	require.True(t, full.print(&out, 2))
	require.Equal(t, ` 1  pass  fault
          a case (and 2 more): what came
 2  pass  fault
          a case: what came
2 rows, 2 passed, 0 failed
`, out.String())

	out.Reset()
	require.False(t, (&table{rows: []*Row{row(1, true, &kind{"a case", "what came", 1}), row(2, false)}}).print(&out, 3))
	require.Contains(t, out.String(), " 2  FAIL  fault\n 3  FAIL  no test ran\n3 rows, 1 passed, 2 failed\n")
}

// Cases with the same outcome share a line, whose name is that of the first, up to its colon.
func TestCasesShareLines(t *testing.T) {
	c := wiretest.InMemory(wiretest.Reply(200, wiretest.TokenBody)).Client(t)
	row := &Row{t: t}
	row.Got("one: why", Get.Call(t.Context(), c))
	row.Got("two", Get.Call(t.Context(), c))
	row.Got("three", New(plaidlink.Credentials{}))
	require.Equal(t, []*kind{
		{"one", "linkTokenGet 1x: a response", 2},
		{"three", "the client id is empty; the secret is empty", 1},
	}, row.cases)
}

// failures is a test that only counts why it failed.
type failures struct {
	testing.TB
	count int
}

func (f *failures) Errorf(string, ...any) { f.count++ }

// A row takes nothing that did not happen.
func TestRowsTakeOutcomesOfCallsAlone(t *testing.T) {
	noted := &failures{TB: t}
	row := &Row{t: noted}
	row.Got("no call")
	row.Got("a call that was not made", Outcome{})
	require.Equal(t, 2, noted.count)
	require.Empty(t, row.cases)
	row.Got("a call", New(plaidlink.Credentials{}))
	require.Equal(t, 2, noted.count)
}
