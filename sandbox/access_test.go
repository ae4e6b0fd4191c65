package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// arrive sends a request without a socket, from an address and with headers.
func arrive(s *sandbox.Sandbox, method, url, from string, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, strings.NewReader("{}"))
	r.RemoteAddr = from
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const here = "127.0.0.1:50000"

func TestForeignHostIsRefusedOnEveryPath(t *testing.T) {
	s := sandbox.New(sandbox.WithAllowedHosts("sandbox", "Team.example"))
	for host, status := range map[string]int{
		"127.0.0.1:8080":          200,
		"192.168.1.20":            200, // an address cannot be rebound
		"[::1]:8080":              200,
		"[::1]":                   200,
		"[fe80::1%25eth0]:8080":   200,
		"localhost":               200,
		"LOCALHOST:1":             200,
		"bank.localhost:8080":     200,
		"sandbox:8080":            200,
		"SANDBOX":                 200,
		"team.example:443":        200,
		"evil.example:8080":       421,
		"localhost.evil.example":  421,
		"127.0.0.1.evil.example":  421,
		"sub.sandbox":             421,
		"localhost.":              421,
		"sandbox.evil.example:80": 421,
	} {
		got := arrive(s, "GET", "http://"+host+"/_sandbox/state", here, nil)
		require.Equal(t, status, got.Code, "%s: %s", host, got.Body)
	}
	for _, path := range []string{"/", "/link/token/create", "/hosted/1", "/_sandbox/", "/_sandbox/link.css", "/_sandbox/advance", "/elsewhere"} {
		got := arrive(s, "POST", "http://evil.example"+path, here, nil)
		require.Equal(t, http.StatusMisdirectedRequest, got.Code, path)
		require.Contains(t, got.Body.String(), `"error_code":"INVALID_HEADERS"`)
		require.NotContains(t, got.Body.String(), "evil.example")
	}
	require.Empty(t, s.Requests())
}

func TestControlPathsAreNotForOtherSites(t *testing.T) {
	s := sandbox.New()
	for name, test := range map[string]struct {
		method string
		header map[string]string
		status int
	}{
		"no browser":              {"POST", nil, 200},
		"its own page":            {"POST", map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"}, 200},
		"typed by the user":       {"GET", map[string]string{"Sec-Fetch-Site": "none"}, 200},
		"its own, an old browser": {"POST", map[string]string{"Origin": "http://localhost:8080"}, 200},
		"a link to the page": {"GET", map[string]string{
			"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
		}, 200},
		"another site":                 {"POST", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"another port":                 {"POST", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		"a form that is sent here":     {"POST", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 403},
		"another site reads":           {"GET", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, 403},
		"another site frames":          {"GET", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403},
		"another origin, old browser":  {"POST", map[string]string{"Origin": "http://evil.example"}, 403},
		"another port, old browser":    {"POST", map[string]string{"Origin": "http://localhost:9090"}, 403},
		"an origin that is kept quiet": {"POST", map[string]string{"Origin": "null"}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			path := "/_sandbox/webhook/rotate_key"
			if test.method == "GET" {
				path = "/_sandbox/"
			}
			key := s.WebhookKeyID()
			got := arrive(s, test.method, "http://localhost:8080"+path, here, test.header)
			require.Equal(t, test.status, got.Code, got.Body)
			if test.status == 403 {
				require.Equal(t, key, s.WebhookKeyID(), "nothing was done")
				require.Contains(t, got.Body.String(), "UNAUTHORIZED_ROUTE_ACCESS")
			}
		})
	}
}

func TestControlPathsServeThisMachine(t *testing.T) {
	s := sandbox.New()
	const control = "http://192.168.1.20:8080/_sandbox/state"
	for from, status := range map[string]int{here: 200, "[::1]:1": 200, "192.168.1.9:50000": 403, "172.17.0.1:1": 403, "": 403, "@": 403} {
		got := arrive(s, "GET", control, from, nil)
		require.Equal(t, status, got.Code, from)
		if status == 403 {
			require.Contains(t, got.Body.String(), "--control-token")
		}
	}
	require.Equal(t, 403, arrive(s, "GET", control, here, map[string]string{"X-Forwarded-For": "203.0.113.9"}).Code, "by a tunnel")
	require.Equal(t, 403, arrive(s, "GET", control, here, map[string]string{"Forwarded": "for=203.0.113.9"}).Code, "by a proxy")
	require.Equal(t, 404, arrive(s, "GET", "http://192.168.1.20/hosted/1", "192.168.1.9:1", nil).Code, "the pages are for everybody")
	require.Equal(t, 200, arrive(s, "GET", "http://192.168.1.20/_sandbox/health", "192.168.1.9:1", nil).Code, "anybody may ask whether it serves")
	require.Equal(t, 200, arrive(s, "GET", "http://192.168.1.20/_sandbox/link.css", "192.168.1.9:1", nil).Code, "and so is what they look like")
}

func TestControlToken(t *testing.T) {
	s := sandbox.New(sandbox.WithControlToken("open-sesame"))
	const control = "http://192.168.1.20:8080/_sandbox/state"
	for _, from := range []string{here, "192.168.1.9:50000"} {
		require.Equal(t, 200, arrive(s, "GET", control, from, map[string]string{"Authorization": "Bearer open-sesame"}).Code)
		require.Equal(t, 200, arrive(s, "GET", control, from, map[string]string{"Authorization": "Basic dXNlcjpvcGVuLXNlc2FtZQ=="}).Code, "user:open-sesame")
		for _, wrong := range []string{"", "Bearer ", "Bearer open-sesame2", "Bearer open-sesam", "Basic dXNlcjpvcGVu", "open"} {
			got := arrive(s, "GET", control, from, map[string]string{"Authorization": wrong})
			require.Equal(t, 401, got.Code, wrong)
			require.Contains(t, got.Header().Get("WWW-Authenticate"), "Basic ")
			require.NotContains(t, got.Body.String(), "open-sesame")
		}
		require.Equal(t, 403, arrive(s, "GET", control, from, map[string]string{"Authorization": "Bearer open-sesame", "Sec-Fetch-Site": "cross-site"}).Code)
	}
}

func TestWrongOptionsAreNamed(t *testing.T) {
	for name, test := range map[string]struct {
		opt  sandbox.Option
		want string
	}{
		"a host with a port": {sandbox.WithAllowedHosts("app", "sandbox:8080"), `WithAllowedHosts: "sandbox:8080": expected a host name without a port, such as sandbox`},
		"an address":         {sandbox.WithAllowedHosts("10.0.0.1"), `"10.0.0.1": expected a host name`},
		"a URL":              {sandbox.WithAllowedHosts("http://app"), `"http://app": expected a host name`},
		"a wildcard":         {sandbox.WithAllowedHosts("*"), `"*": expected a host name`},
		"an empty name":      {sandbox.WithAllowedHosts(""), `"": expected a host name`},
		"a public path":      {sandbox.WithPublicURL("http://localhost:8080/"), "WithPublicURL: expected http:// or https:// and a host"},
		"no public URL":      {sandbox.WithPublicURL("localhost:8080"), "WithPublicURL: expected"},
		"a short token":      {sandbox.WithControlToken("1234567"), "WithControlToken: expected at least 8 printable ASCII characters without spaces"},
		"a token with space": {sandbox.WithControlToken("open sesame"), "without spaces"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sandbox.Listen("127.0.0.1:0", test.opt)
			require.ErrorContains(t, err, "sandbox: ")
			require.ErrorContains(t, err, test.want)
			_, err = sandbox.NewServer(test.opt).Client()
			require.ErrorContains(t, err, test.want)
			got := arrive(sandbox.New(test.opt), "POST", "http://localhost/link/token/get", here, nil)
			require.Equal(t, 500, got.Code)
		})
	}
}

func TestPublicURLBeginsHostedLinks(t *testing.T) {
	server := newServer(t, sandbox.WithPublicURL("http://plaid.example:8080"))
	created := create(t, newClient(t, server), pageRequest())
	require.Contains(t, created.HostedLinkURL, "http://plaid.example:8080/hosted/")
	require.Equal(t, 200, arrive(server.Sandbox, "GET", created.HostedLinkURL, here, nil).Code)
}

func TestWebhookOfALinkTokenGoesToAnAllowedHost(t *testing.T) {
	server := newServer(t, sandbox.WithAllowedHosts("app.invalid"))
	require.Equal(t, sandbox.DeliveryPending, exited(t, server, "http://app.invalid/hook").State, "it was tried")
	require.Equal(t, sandbox.DeliveryNotSent, exited(t, server, "http://other.invalid/hook").State)
}
