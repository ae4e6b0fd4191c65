package outbox_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

func TestDestination(t *testing.T) {
	const form = "the URL is not of the form http://host or https://host"
	away := func(host string) string {
		return `host "` + host + `" is neither on loopback nor allowed: allow it, or set a webhook target, which then gets every webhook`
	}
	for name, test := range map[string]struct{ url, reason string }{
		"127.0.0.1":                  {"http://127.0.0.1:8000/hook", ""},
		"all of 127/8":               {"http://127.255.0.9/hook", ""},
		"IPv6":                       {"https://[::1]:8443/hook?key=1", ""},
		"IPv4 in IPv6":               {"http://[::ffff:127.0.0.1]/", ""},
		"localhost":                  {"http://localhost:8000", ""},
		"localhost, upper case":      {"HTTP://LOCALHOST:8000", ""},
		"a host of the world":        {"https://example.com/hook", away("example.com")},
		"a private network":          {"http://10.0.0.1/", away("10.0.0.1")},
		"the address of all":         {"http://0.0.0.0:80/", away("0.0.0.0")},
		"the address of all, IPv6":   {"http://[::]/", away("::")},
		"a cloud's metadata":         {"http://169.254.169.254/", away("169.254.169.254")},
		"a name below localhost":     {"http://a.localhost/", away("a.localhost")},
		"a name that ends in a dot":  {"http://localhost./", away("localhost.")},
		"a name that resolves to it": {"http://localtest.me/", away("localtest.me")},
		"an address as a name":       {"http://127.0.0.1.nip.io/", away("127.0.0.1.nip.io")},
		"an address cut short":       {"http://127.1/", away("127.1")},
		"an address in hex":          {"http://0x7f000001/", away("0x7f000001")},
		"an address as a number":     {"http://2130706433/", away("2130706433")},
		"a user that looks like it":  {"http://127.0.0.1@example.com/", away("example.com")},
		"a path that looks like it":  {"http://example.com/@127.0.0.1", away("example.com")},
		"another scheme":             {"ftp://127.0.0.1/", form},
		"a file":                     {"file:///etc/passwd", form},
		"no scheme":                  {"127.0.0.1:8000/hook", form},
		"a path":                     {"/hook", form},
		"no host":                    {"http:///hook", form},
		"no URL":                     {"http://[::1", form},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOutbox(t, responding(200))
			o.Put(test.url, "LINK", "EVENTS", []byte("{}"))
			o.wait(t)
			got := o.only(t)
			require.Equal(t, test.url, got.URL)
			require.Equal(t, test.reason, got.Reason)
			if test.reason == "" {
				require.Equal(t, outbox.Delivered, got.State)
				return
			}
			require.Equal(t, outbox.NotSent, got.State)
			require.Empty(t, o.receiver.got(), "it must not be dialed")
			require.Empty(t, got.Attempts)
			require.Zero(t, got.Next)
		})
	}
}

func TestAllowedHost(t *testing.T) {
	o := newOutbox(t, responding(200), func(c *outbox.Config) { c.Allowed = map[string]bool{"app": true} })
	for url, want := range map[string]outbox.State{
		"http://app:3000/hook":     outbox.Delivered,
		"https://APP/hook":         outbox.Delivered,
		"http://app.example/hook":  outbox.NotSent,
		"http://example/app":       outbox.NotSent,
		"http://app@example/":      outbox.NotSent,
		"http://169.254.169.254/a": outbox.NotSent,
	} {
		o.Put(url, "LINK", "EVENTS", []byte("{}"))
		o.wait(t)
		all := o.Deliveries()
		require.Equal(t, want, all[len(all)-1].State, url)
	}
}

func TestTarget(t *testing.T) {
	const target = "https://hooks.example.com/plaid"
	o := newOutbox(t, responding(200), func(c *outbox.Config) { c.Target = target })
	for _, own := range []string{"", "http://127.0.0.1/own", "https://example.com/own", "nonsense"} {
		o.Put(own, "LINK", "EVENTS", []byte("{}"))
	}
	o.wait(t)
	require.Len(t, o.receiver.requests, 4)
	for i, d := range o.Deliveries() {
		require.Equal(t, target, o.receiver.requests[i].URL.String())
		require.Equal(t, target, d.URL)
		require.Equal(t, outbox.Delivered, d.State)
	}
}

func TestTargetThatIsNoURL(t *testing.T) {
	o := newOutbox(t, responding(200), func(c *outbox.Config) { c.Target = "hooks.example.com" })
	o.put("{}")
	o.wait(t)
	require.Equal(t, outbox.NotSent, o.only(t).State)
	require.Empty(t, o.receiver.got())
}

func TestNoURL(t *testing.T) {
	o := newOutbox(t, responding(200))
	o.Put("", "LINK", "EVENTS", []byte("{}"))
	o.wait(t)
	require.Empty(t, o.Deliveries())
}

// What follows uses the outbox's own client.

func listen(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func port(listener net.Listener) string {
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// The receiver is at 127.0.0.1 and, under another name, at the address that a proxy would be asked for.
func TestOwnClient(t *testing.T) {
	got := make(chan string, 10)
	server := listen(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- fmt.Sprint(r.Method, " ", r.URL.Path, " ", string(body), " ", r.Header.Get("Plaid-Verification"), " last=", r.Close)
	})
	for _, test := range []struct {
		why, host string
		target    bool
	}{
		{"as it is", "127.0.0.1", false},
		{"without a name server", "localhost", false},
		{"below localhost, too", "app.localhost", false},
		{"no proxy is asked", "0.0.0.0", true}, // net/http asks none for 127.0.0.1
	} {
		url := "http://" + net.JoinHostPort(test.host, port(server.Listener)) + "/hook"
		o := newOutbox(t, nil, overSockets, func(c *outbox.Config) {
			if test.target {
				c.Target = url
			}
		})
		o.Put(url, "LINK", "EVENTS", []byte("{}"))
		o.wait(t)
		require.Equal(t, outbox.Delivered, o.only(t).State, "%s: %v", test.why, o.only(t).Attempts)
		require.Equal(t, "POST /hook {} signature-1 last=true", <-got, "no connection is kept")
		require.Empty(t, got)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	var followed atomic.Bool
	elsewhere := listen(t, func(http.ResponseWriter, *http.Request) { followed.Store(true) })
	server := listen(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	o := newOutbox(t, nil, overSockets)
	o.Put(server.URL, "LINK", "EVENTS", []byte("{}"))
	o.wait(t)
	require.Equal(t, 307, o.only(t).Attempts[0].Status)
	require.Equal(t, outbox.Pending, o.only(t).State)
	require.False(t, followed.Load())
}

func TestClientOfTheCallerIsNotChanged(t *testing.T) {
	client := &http.Client{Transport: responding(200)}
	newOutbox(t, nil, func(c *outbox.Config) { c.Client = client })
	require.Nil(t, client.CheckRedirect)
}

func TestRefusedConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listener.Close()
	for _, host := range []string{"127.0.0.1", "localhost"} {
		o := newOutbox(t, nil, overSockets)
		o.Put("http://"+net.JoinHostPort(host, port(listener))+"/?key=secret-of-url", "LINK", "EVENTS", []byte("{}"))
		o.wait(t)
		got := o.only(t)
		require.Equal(t, outbox.Pending, got.State)
		require.Zero(t, got.Attempts[0].Status)
		require.Contains(t, got.Attempts[0].Error, "dial tcp 127.0.0.1")
		require.NotContains(t, got.Attempts[0].Error, "secret-of-url")
	}
}

func TestResponseHeadersWithoutEnd(t *testing.T) {
	server := listen(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 100<<10))
	})
	o := newOutbox(t, nil, overSockets)
	o.Put(server.URL, "LINK", "EVENTS", []byte("{}"))
	o.wait(t)
	require.Contains(t, o.only(t).Attempts[0].Error, "exceeded")
}
