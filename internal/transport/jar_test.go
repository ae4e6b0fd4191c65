package transport_test

import (
	"net/http"
	"net/http/cookiejar"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The Jar of the caller's client works as in net/http: an answer's cookies are kept, and sent with the next request.
func TestGuardKeepsCookies(t *testing.T) {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	var sent []string
	guard := newGuard(t, http.Client{Jar: jar}, func(req *http.Request) (*http.Response, error) {
		sent = append(sent, req.Header.Get("Cookie"))
		return &http.Response{StatusCode: 503, Header: http.Header{"Set-Cookie": {"lb=node-1; Path=/; Secure"}}, Body: http.NoBody}, nil
	})
	req := newRequest(t)
	for range 2 {
		_, err := guard.Exchange(t.Context(), req, within(time.Minute, 100))
		require.NoError(t, err)
	}
	require.Equal(t, []string{"", "lb=node-1"}, sent)
	require.NotContains(t, req.Header, "Cookie", "the request itself is not changed, or a repeat would send it twice")
}
