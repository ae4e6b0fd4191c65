package faults_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault19Redirect(t *testing.T) {
	got := fault(t, 19, "redirect: other host, other port, http, same host")
	wiretest.NoGoroutinesLeft(t)
	target := wiretest.Serve(t, wiretest.Always(wiretest.Good)) // must see nothing of ours
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
		{name: "the same host: repeats what is perhaps carried out", location: "%s/"},
		{name: "the caller's client would follow", location: target.URL + "%s", follows: func(*http.Request, []*http.Request) error { return nil }},
		{name: "the Location is none: fails and forgets the status", location: "http://[" + wiretest.BodyMark + "%s"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			for _, status := range []int{301, 302, 303, 307, 308} {
				errs := eachOperation(t, func(o operation) *plaidlink.Error {
					answers := func(int) wiretest.Handler {
						return func(c *wiretest.Conn) {
							path, _ := c.Receive()
							location := "Location: " + fmt.Sprintf(tc.location, path) + "?" + wiretest.BodyMark
							_ = c.Send(wiretest.Head(status, location, fmt.Sprintf("Content-Length: %d", len(page))) + page)
						}
					}
					own := wiretest.Trusting(cert)
					own.CheckRedirect = tc.follows
					s := wiretest.Serve(t, answers)
					if tc.tls {
						s = wiretest.ServeTLS(t, config, answers)
					}
					e := o.fails(t, clientOf(t, s.URL, plaidlink.WithHTTPClient(own)), status)
					require.ErrorIs(t, e, plaidlink.ErrRedirect)
					require.Equal(t, 1, e.Attempts)
					require.EqualValues(t, 1, s.Requests.Load())
					require.False(t, e.MaybeCarriedOut, "a redirect is a refusal")
					require.False(t, e.Temporary())
					return e
				})
				if status == 307 {
					name, _, _ := strings.Cut(tc.name, ":")
					got("%s: %s", name, told(errs))
				}
			}
		})
	}
	require.Zero(t, target.Connections.Load(), "the target sees no request")
}

func TestFault20BaseURL(t *testing.T) {
	got := fault(t, 20, "base URL without TLS, with user info, query, fragment")
	wiretest.NoGoroutinesLeft(t)
	const password = "test-password-5b1e"
	cases := []struct{ name, base string }{ // the name says why
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
			c, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: wiretest.Secret}, plaidlink.WithBaseURL(tc.base))
			require.Nil(t, c)
			require.ErrorContains(t, err, "plaidlink: New: ")
			require.ErrorContains(t, err, "expected https://host")
			require.NotContains(t, err.Error(), password)
			require.NotContains(t, err.Error(), wiretest.Secret)
			before, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "plaidlink: New: "), ": expected")
			got("%s: %.60s", tc.name, before)
		})
	}
	for _, base := range []string{"https://plaid.test", "https://plaid.test:8443/proxy/", "http://127.0.0.1:8080", "http://127.8.9.10", "http://[::1]:8080", "http://localhost:8080"} {
		wiretest.NewClient(t, base) // what is left is accepted
	}
}
