package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// listen runs the command until the test ends, and returns its URL and the lines it prints.
func listen(t *testing.T, args ...string) (url string, printed *bufio.Scanner) {
	t.Helper()
	stdout, stderr, stop := start(t, nil, append([]string{"webhook", "listen", "--listen", "127.0.0.1:0"}, args...)...)
	t.Cleanup(func() {
		require.Zero(t, stop(true), "Ctrl-C is how it ends")
		rest, err := io.ReadAll(stderr)
		require.NoError(t, err)
		require.NotContains(t, string(rest), "public-sandbox-")
	})
	line, err := stderr.ReadString('\n')
	require.NoError(t, err)
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Listening on ")
	require.True(t, ok, line)
	return url, bufio.NewScanner(stdout)
}

// finished makes a session end, which sends its webhooks to url.
func finished(t *testing.T, server *sandbox.Server, url string) {
	t.Helper()
	client, err := server.Client()
	require.NoError(t, err)
	created, err := client.LinkTokenCreate(t.Context(), gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
		HostedLink:   &gen.LinkTokenCreateHostedLink{},
		Webhook:      url + "/webhook",
	})
	require.NoError(t, err)
	require.NoError(t, failure(server.FinishLink(created.LinkToken, sandbox.Success())))
}

func TestWebhookListen(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"a summary": {nil, []string{
			`^LINK ITEM_ADD_RESULT session="[0-9a-f-]{36}" public_token="public-sandbox-[0-9a-f-]{36}"$`,
			`^LINK EVENTS session="[0-9a-f-]{36}" events=\["OPEN" "HANDOFF"\]$`,
			`^LINK SESSION_FINISHED SUCCESS session="[0-9a-f-]{36}" public_tokens=\["public-sandbox-[0-9a-f-]{36}"\]$`,
		}},
		"bodies": {[]string{"--json"}, []string{
			`^\{.*"webhook_code":"ITEM_ADD_RESULT".*\}$`,
			`^\{.*"webhook_code":"EVENTS".*\}$`,
			`^\{.*"webhook_code":"SESSION_FINISHED".*\}$`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			server := sandbox.NewServer()
			t.Cleanup(server.Close)
			url, printed := listen(t, append(test.args, "--sandbox", server.URL)...)

			forged, err := server.Signer().Request(url, []byte(`{"webhook_type":"LINK"}`))
			require.NoError(t, err)
			forged.Body, forged.ContentLength = io.NopCloser(strings.NewReader(`{"webhook_type":"FAKE"}`)), 23
			transport := &http.Transport{}
			t.Cleanup(transport.CloseIdleConnections)
			response, err := (&http.Client{Transport: transport}).Do(forged)
			require.NoError(t, err)
			response.Body.Close()
			require.Equal(t, http.StatusUnauthorized, response.StatusCode, "it is not printed")

			finished(t, server, url)
			for _, want := range test.want {
				require.True(t, printed.Scan())
				require.Regexp(t, want, printed.Text())
			}
		})
	}
}

func TestWebhookListenFailures(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	address := busy.Addr().String()
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no credentials":    {nil, 2, "expected PLAID_CLIENT_ID, PLAID_SECRET, PLAID_ENV to be set in the environment, or --sandbox"},
		"the port is used":  {[]string{"--sandbox", "http://127.0.0.1:1", "--listen", address}, 1, address + " is in use: stop the program"},
		"a bad sandbox URL": {[]string{"--sandbox", "http://plaid.example"}, 2, `--sandbox "http`},
		"an argument":       {[]string{"now"}, 2, `unexpected argument now (see plaidlink webhook listen --help)`},
	} {
		t.Run(name, func(t *testing.T) {
			invoke(t, nil, append([]string{"webhook", "listen"}, test.args...)...).failed(t, test.code, test.want)
		})
	}
}

// A sender that is slow or idle is cut off.
func TestListeningIsBoundedInTime(t *testing.T) {
	for name, test := range map[string]struct {
		sent string
		want time.Duration
	}{
		"no header":          {"POST / HTTP/1.1\r\nHost: a\r\n", 10 * time.Second},
		"half a body":        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{", 30 * time.Second},
		"an idle connection": {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := newServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body) }))
				client, served := net.Pipe()
				listener := &oneConnection{conn: served, ended: make(chan struct{})}
				go func() { _ = server.Serve(listener) }()
				go func() { _, _ = io.WriteString(client, test.sent) }()
				begun := time.Now()
				_, err := io.Copy(io.Discard, client) // until the server closes
				require.NoError(t, err)
				require.InDelta(t, test.want.Seconds(), time.Since(begun).Seconds(), 1)
				require.NoError(t, server.Close())
			})
		})
	}
}

// oneConnection is a listener of one connection.
type oneConnection struct {
	conn  net.Conn
	ended chan struct{}
}

func (l *oneConnection) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	<-l.ended
	return nil, net.ErrClosed
}

func (l *oneConnection) Close() error   { close(l.ended); return nil }
func (l *oneConnection) Addr() net.Addr { return &net.TCPAddr{} }

// Webhooks are sent on as they came, and the response of the receiver goes back to the sender.
func TestWebhookListenForwards(t *testing.T) {
	server := sandbox.NewServer()
	defer server.Close()
	var status atomic.Int32
	status.Store(http.StatusOK)
	verified := webhook.NewVerifier(server.Signer()).Handler(func(context.Context, webhook.Event) error { return nil })
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := int(status.Load()); status != http.StatusOK {
			http.Redirect(w, r, "/elsewhere", status)
			return
		}
		require.Equal(t, "/hook", r.URL.Path)
		verified.ServeHTTP(w, r)
	}))
	defer receiver.Close()
	url, printed := listen(t, "--sandbox", server.URL, "--forward-to", receiver.URL+"/hook")
	finished(t, server, url)
	for _, want := range []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"} {
		require.True(t, printed.Scan())
		require.Regexp(t, "^LINK "+want+` .* -> 200 OK$`, printed.Text())
	}
	require.NoError(t, server.WaitWebhooks(t.Context()))
	require.Equal(t, sandbox.DeliveryDelivered, server.Deliveries()[0].State)

	status.Store(http.StatusTemporaryRedirect)
	require.NoError(t, server.RepeatWebhook(server.Deliveries()[0].ID))
	require.True(t, printed.Scan())
	require.Contains(t, printed.Text(), " -> 307 Temporary Redirect")
	require.NoError(t, server.WaitWebhooks(t.Context()))
	require.Equal(t, 500, server.Deliveries()[3].Attempts[0].Status, "it will be sent again")

	receiver.Close()
	require.NoError(t, server.RepeatWebhook(server.Deliveries()[0].ID))
	require.True(t, printed.Scan())
	require.Regexp(t, " -> no response: .*connection refused$", printed.Text())
}

func TestWebhookListenForwardsToAURL(t *testing.T) {
	for _, wrong := range []string{"localhost:3000", "ftp://localhost", "/hook", "http://"} {
		invoke(t, nil, "webhook", "listen", "--forward-to", wrong).
			failed(t, 2, "--forward-to: expected a URL, such as http://localhost:3000/webhook")
	}
}
