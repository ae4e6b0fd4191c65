package transport_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/transport"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

const secret = "secret-of-auth"

// guardOf makes a guard of an origin that sends as client does, with a secret.
func guardOf(t *testing.T, client http.Client, origin string) *transport.Guard {
	t.Helper()
	u, err := url.Parse(origin)
	require.NoError(t, err)
	value := []string{secret}
	return transport.NewGuard(&client, u, func(h http.Header) { h["Plaid-Secret"] = value })
}

func TestCredentialsGoToOneOrigin(t *testing.T) {
	for name, test := range map[string]struct {
		origin, url string
		sent        bool
	}{
		"same":              {"https://plaid.test", "https://plaid.test/link/token/get", true},
		"same, upper case":  {"https://plaid.test", "https://PLAID.test/x", true},
		"same, with a path": {"https://plaid.test/proxy", "https://plaid.test/other", true},
		"same port":         {"http://127.0.0.1:8080", "http://127.0.0.1:8080/", true},
		"another host":      {"https://plaid.test", "https://evil.test/", false},
		"a longer host":     {"https://plaid.test", "https://plaid.test.evil.test/", false},
		"a subdomain":       {"https://plaid.test", "https://www.plaid.test/", false},
		"another port":      {"https://plaid.test", "https://plaid.test:8443/", false},
		"in clear":          {"https://plaid.test", "http://plaid.test/", false},
	} {
		t.Run(name, func(t *testing.T) {
			sent := false
			guard := guardOf(t, http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
				sent = true
				require.Equal(t, secret, req.Header.Get("Plaid-Secret"))
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			})}, test.origin)
			body := &closeCounter{Reader: strings.NewReader("{}")}
			req, err := http.NewRequest(http.MethodPost, test.url, body)
			require.NoError(t, err)
			_, err = guard.Exchange(t.Context(), req, within(time.Minute, 100))
			require.Equal(t, test.sent, sent)
			if test.sent {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, transport.ErrForeignOrigin)
			require.NotContains(t, err.Error(), secret)
			require.Equal(t, 1, body.closed, "the body is closed, also on an error")
		})
	}
}

type closeCounter struct {
	io.Reader
	closed int
}

func (c *closeCounter) Close() error { c.closed++; return nil }

func TestGuardLeavesTheRequestAlone(t *testing.T) {
	var wire *http.Request
	guard := newGuard(t, http.Client{}, func(req *http.Request) (*http.Response, error) {
		wire = req
		req.Header.Set("X-Wire", "added below") // what stands below may change its own copy
		return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
	})
	req, err := http.NewRequest(http.MethodPost, "https://plaid.test/x", strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("X-Mine", "1")
	req.Header.Set("Plaid-Secret", "forged")
	before := req.Header.Clone()
	_, err = guard.Exchange(t.Context(), req, within(time.Minute, 100))
	require.NoError(t, err)
	require.Equal(t, before, req.Header)
	require.NotSame(t, req, wire)
	require.Equal(t, []string{secret}, wire.Header["Plaid-Secret"], "ours replaces what was there")
	require.Equal(t, "1", wire.Header.Get("X-Mine"))
}

func TestGuardPrintsNoSecret(t *testing.T) {
	guard := guardOf(t, http.Client{}, "https://plaid.test")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		require.NotContains(t, fmt.Sprintf(verb, guard), secret, verb)
	}
}
