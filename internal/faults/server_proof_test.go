package faults_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/faults"
)

// A server does with a connection what its handler does.
func TestServerRunsItsHandler(t *testing.T) {
	closed := faults.Respond("HTTP/1.1 2").Then((*faults.Conn).HangUp)
	for name, test := range map[string]struct {
		handler faults.Handler
		want    string // all that comes
		fails   bool   // to read it
	}{
		"a response":     {faults.Good.Then((*faults.Conn).HangUp), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 106\r\n\r\n" + faults.GoodBody, false},
		"half a line":    {closed, "HTTP/1.1 2", false},
		"nothing":        {(*faults.Conn).HangUp, "", false},
		"a reset":        {(*faults.Conn).Reset, "", true},
		"what was asked": {func(c *faults.Conn) { path, body := c.Receive(); _ = c.Send(path + string(body)); c.HangUp() }, "/pathbody", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := faults.Serve(t, faults.Always(test.handler))
			c, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
			require.NoError(t, err)
			defer c.Close()
			_, err = io.WriteString(c, "POST /path HTTP/1.1\r\nHost: plaid.test\r\nContent-Length: 4\r\n\r\nbody")
			require.NoError(t, err)
			got, err := io.ReadAll(c)
			if name == "nothing" { // unread bytes make it a reset on some systems
				require.Empty(t, got)
				return
			}
			require.Equal(t, test.fails, err != nil, "%v", err)
			require.Equal(t, test.want, string(got))
			require.EqualValues(t, 1, s.Requests.Load())
			require.EqualValues(t, 1, s.Connections.Load())
		})
	}
}

func TestServerTakesHandlersInTurn(t *testing.T) {
	s := faults.Serve(t, faults.InTurn(faults.Respond(faults.Response(500, "text/plain", "one")), faults.Good))
	c := &http.Client{Transport: &http.Transport{}}
	defer c.CloseIdleConnections()
	for _, want := range []int{500, 200, 200} {
		resp, err := c.Post(s.URL, "application/json", strings.NewReader("{}"))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, want, resp.StatusCode)
	}
	require.EqualValues(t, 3, s.Requests.Load())
	require.EqualValues(t, 1, s.Connections.Load(), "the connection is kept")
}

func TestHTTP2ServerIsTrusted(t *testing.T) {
	s, c := faults.ServeHTTP2(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })
	defer c.CloseIdleConnections()
	resp, err := c.Get(s.URL)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, "HTTP/2.0", string(body))
}
