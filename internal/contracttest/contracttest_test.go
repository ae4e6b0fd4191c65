package contracttest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/contract"
	"github.com/plaidlink/plaidlink-go/internal/contracttest"
)

// failures is a test that only notes why it failed.
type failures struct {
	testing.TB
	all []string
}

func (f *failures) Errorf(format string, args ...any) {
	f.all = append(f.all, fmt.Sprintf(format, args...))
}

func TestADepartureFailsTheTest(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"link_token":"link-sandbox-0"}`)
	}))
	defer server.Close()
	for name, c := range map[string]struct {
		allowed []func(contract.Departure) bool
		want    int // two of the request, four of the response
	}{
		"of both":               {nil, 6},
		"of the request alone":  {[]func(contract.Departure) bool{contracttest.InResponses}, 2},
		"of the response alone": {[]func(contract.Departure) bool{contracttest.InRequests}, 4},
		"of neither, if it may": {[]func(contract.Departure) bool{contracttest.InResponses, contracttest.InRequests}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			noted := &failures{TB: t}
			req, err := http.NewRequest(http.MethodPost, server.URL+"/link/token/get", strings.NewReader(`{}`))
			require.NoError(t, err)
			req.Header = http.Header{"Content-Type": {"application/json"}, "Plaid-Client-Id": {"id"}, "Plaid-Secret": {"secret"}}
			resp, err := contracttest.Client(noted, nil, c.allowed...).Do(req)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Len(t, noted.all, c.want, "%q", noted.all)
			for _, line := range noted.all {
				require.Regexp(t, "^contract: breach: linkTokenGet: ", line)
			}
		})
	}
}
