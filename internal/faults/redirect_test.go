package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault19RedirectIsNotFollowed(t *testing.T) {
	row := faults.Begin(t, "redirect: other host, other port, http, same host")
	faults.NoGoroutinesLeft(t)
	target := faults.Serve(t, faults.Always(faults.Good)) // must see nothing of ours
	_, port, _ := strings.Cut(strings.TrimPrefix(target.URL, "http://"), ":")
	cert, config := certificate(t, certificateOf{})
	cases := []struct {
		name     string // and what net/http would do
		location string // %s is the path
		tls      bool
		follows  func(*http.Request, []*http.Request) error // CheckRedirect of the caller's client
	}{
		{name: "another port: sends headers and, with 307 and 308, the body", location: target.URL + "%s"},
		{name: "another host: the same, PLAID-SECRET too", location: "http://localhost:" + port + "%s"},
		{name: "from https to http: the same, in clear", location: target.URL + "%s", tls: true},
		{name: "the same host: sends again what was perhaps carried out", location: "%s/"},
		{name: "the caller's client would follow", location: target.URL + "%s", follows: func(*http.Request, []*http.Request) error { return nil }},
		{name: "the Location is not a URL: fails and forgets the status", location: "http://[" + wiretest.BodyMark + "%s"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			for _, status := range []int{301, 302, 303, 307, 308} {
				got := eachOperation(t, func(o faults.Operation) faults.Outcome {
					redirect := func(int) faults.Handler {
						return func(c *faults.Conn) {
							path, _ := c.Receive()
							location := "Location: " + fmt.Sprintf(tc.location, path) + "?" + wiretest.BodyMark
							_ = c.Send(faults.Head(status, location, fmt.Sprintf("Content-Length: %d", len(page))) + page)
						}
					}
					own := faults.Trusting(cert)
					own.CheckRedirect = tc.follows
					s := faults.Serve(t, redirect)
					if tc.tls {
						s = faults.ServeTLS(t, config, redirect)
					}
					got := fails(t, o, clientOf(t, s.URL, plaidlink.WithHTTPClient(own)), status)
					e := got.Failure()
					require.ErrorIs(t, e, plaidlink.ErrRedirect)
					require.Equal(t, 1, e.Attempts)
					require.EqualValues(t, 1, s.Requests.Load())
					require.False(t, e.MaybeCarriedOut, "a redirect is a refusal")
					require.False(t, e.Temporary())
					return got
				})
				row.Got(tc.name, got...)
			}
		})
	}
	require.Zero(t, target.Connections.Load(), "the target sees no request")
}

func TestFault20UnsafeBaseURLIsRefused(t *testing.T) {
	row := faults.Begin(t, "base URL without TLS, with user info, query, fragment")
	faults.NoGoroutinesLeft(t)
	const password = "test-password-5b1e"
	cases := []struct{ name, base string }{ // the name is why
		{"plain http to a host", "http://plaid.test"},
		{"plain http to an address that is not loopback", "http://10.0.0.1:8080"},
		{"plain http to any address of this machine", "http://0.0.0.0:8080"},
		{"a host that begins like loopback", "http://127.0.0.1.plaid.test"},
		{"a host that begins like localhost", "http://localhost.plaid.test"},
		{"a host that ends like localhost", "http://not-localhost"},
		{"user info", "https://user:" + password + "@plaid.test"},
		{"a user alone", "https://" + password + "@plaid.test"},
		{"user info that hides the host", "http://127.0.0.1:" + password + "@plaid.test"},
		{"user info without a scheme", "user:" + password + "@plaid.test"},
		{"user info in a path", "http:/user:" + password + "@plaid.test"},
		{"a query", "https://plaid.test/?key=" + password},
		{"an empty query", "https://plaid.test/?"},
		{"a fragment", "https://plaid.test/#" + password},
		{"an empty fragment", "https://plaid.test/#"},
		{"no scheme", "plaid.test"},
		{"no host", "https://"},
		{"no host, but a port", "https://:443"},
		{"another scheme", "ftp://plaid.test"},
		{"an unreadable one", "https://plaid.test:" + password},
		{"a control character", "https://plaid.test/\x00" + password},
		{"empty", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := faults.New(plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: wiretest.Secret}, plaidlink.WithBaseURL(tc.base))
			require.Nil(t, got.Response())
			require.ErrorContains(t, got.Err(), "plaidlink: New: ")
			require.ErrorContains(t, got.Err(), "expected https://host")
			require.NotContains(t, got.Err().Error(), password)
			require.NotContains(t, got.Err().Error(), wiretest.Secret)
			row.Got(tc.name, got)
		})
	}
	for _, base := range []string{"https://plaid.test", "https://plaid.test:8443/proxy/", "http://127.0.0.1:8080", "http://127.8.9.10", "http://[::1]:8080", "http://localhost:8080"} {
		wiretest.NewClient(t, base) // what is left is accepted
	}
}
