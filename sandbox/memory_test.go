package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

const createBody = `{"client_name":"Example App","language":"en","country_codes":["US"],"user":{"client_user_id":"user-123"},
	"products":["auth"],"hosted_link":{}}`

// created makes a link token without a socket.
func created(t testing.TB, s *sandbox.Sandbox, body string) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, newCreate(t, s, body))
	require.Equal(t, http.StatusOK, w.Code)
	var created struct {
		LinkToken string `json:"link_token"`
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &created))
	return created.LinkToken
}

func newCreate(t testing.TB, s *sandbox.Sandbox, body string) *http.Request {
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/link/token/create", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("PLAID-CLIENT-ID", s.Credentials().ClientID)
	r.Header.Set("PLAID-SECRET", string(s.Credentials().Secret))
	return r
}

func heapMiB() float64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) / (1 << 20)
}

// What a sandbox holds after so many link tokens: more than 50,000 make it no larger.
func BenchmarkSandboxMemory(b *testing.B) {
	for name, finish := range map[string]bool{"tokens": false, "finished": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s := sandbox.New()
				created(b, s, createBody) // loads the specification, which has nothing to do with tokens
				before := heapMiB()
				for made := 1; made <= 200_000; made++ {
					token := created(b, s, createBody)
					if finish {
						require.NoError(b, failure(s.FinishLink(token, sandbox.Success())))
					}
					if made == 50_000 || made == 100_000 || made == 200_000 {
						b.ReportMetric(heapMiB()-before, fmt.Sprintf("MiB/%dk", made/1000))
					}
				}
				s.Close()
			}
		})
	}
}
