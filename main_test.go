package plaidlink_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// The credentials of every test; the secret must turn up nowhere but in the PLAID-SECRET header.
const (
	testClientID = "test-client-id"
	testSecret   = "test-secret-d0a5c3"
)

// newClient makes a client of a test server.
func newClient(t *testing.T, baseURL string, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	opts = append([]plaidlink.Option{plaidlink.WithBaseURL(baseURL)}, opts...)
	c, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: testClientID, Secret: testSecret}, opts...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// A repeatable and an unrepeatable call, for tests of which one matters.

func getToken(t *testing.T, c *plaidlink.Client, opts ...plaidlink.CallOption) (*gen.LinkTokenGetResponse, error) {
	return c.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"}, opts...)
}

func exchange(t *testing.T, c *plaidlink.Client, opts ...plaidlink.CallOption) (*gen.ItemPublicTokenExchangeResponse, error) {
	return c.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: "public-sandbox-0"}, opts...)
}

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
