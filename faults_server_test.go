package plaidlink_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience ends what would hang where the client is wrong; no good run waits that long.
const patience = 5 * time.Second

// goodBody answers every operation.
const goodBody = `{"link_token":"link-sandbox-1","access_token":"access-sandbox-1","item_id":"item","request_id":"req-good"}`

var goodAnswer = say(response(200, "application/json", goodBody))

// rawServer is a server on loopback, down to the bytes: it fails in ways that http.Server does not know.
type rawServer struct {
	URL         string
	connections atomic.Int32
	requests    atomic.Int32 // that were begun
}

// conn is a connection on which a request has begun.
type conn struct {
	net.Conn
	r      *bufio.Reader
	closed bool
}

// answer is what a server does about one request.
type answer func(*conn)

// serve answers request number n, counted over all connections, with answers(n). When the test ends it waits until the client
// has closed each connection, and complains if it does not.
func serve(t *testing.T, answers func(n int) answer) *rawServer {
	return serveOn(t, "http", loopback(t), answers)
}

func serveTLS(t *testing.T, config *tls.Config, answers func(n int) answer) *rawServer {
	return serveOn(t, "https", tls.NewListener(loopback(t), config), answers)
}

func serveOn(t *testing.T, scheme string, l net.Listener, answers func(n int) answer) *rawServer {
	s := &rawServer{URL: scheme + "://" + l.Addr().String()}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			open.Go(func() {
				defer c.Close()
				for c := (&conn{Conn: c, r: bufio.NewReader(c)}); !c.closed; {
					if _, err := c.r.Peek(1); err != nil {
						return
					}
					answers(int(s.requests.Add(1)))(c)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		ended := make(chan struct{})
		go func() { open.Wait(); close(ended) }()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Error("the client left a connection open")
		}
	})
	return s
}

func loopback(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

// refusing is an address at which nobody listens.
func refusing(t *testing.T) string {
	l := loopback(t)
	defer l.Close()
	return l.Addr().String()
}

// serveHTTP2 is a server of HTTP/2, as Plaid's is, with a transport that is the client's own, but trusts it.
func serveHTTP2(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *http.Client) {
	s := httptest.NewUnstartedServer(handler)
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, trusting(s.Certificate())
}

// Which answer a request gets.

func always(a answer) func(int) answer { return func(int) answer { return a } }

// inTurn gives each request its own answer; the last one stays.
func inTurn(all ...answer) func(int) answer {
	return func(n int) answer { return all[min(n, len(all))-1] }
}

// Answers.

// read takes in the whole request.
func (c *conn) read() (path string, body []byte) {
	req, err := http.ReadRequest(c.r)
	if err != nil {
		return "", nil
	}
	body, _ = io.ReadAll(req.Body) // what is missing shows in the test
	return req.URL.Path, body
}

func (c *conn) write(text string) error {
	_, err := io.WriteString(c, text)
	return err
}

// hangUp ends the connection in good order.
func (c *conn) hangUp() {
	c.closed = true
	c.Close()
}

// reset ends the connection as a crashed peer does.
func (c *conn) reset() {
	c.closed = true
	raw := c.Conn
	if over, ok := raw.(*tls.Conn); ok {
		raw = over.NetConn()
	}
	_ = raw.(*net.TCPConn).SetLinger(0)
	raw.Close()
}

// await returns when the client closes the connection.
func (c *conn) await() {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	_, _ = io.Copy(io.Discard, c.r)
	c.hangUp()
}

// say reads the request, writes and keeps the connection.
func say(text string) answer {
	return func(c *conn) {
		c.read()
		_ = c.write(text)
	}
}

// then does more after an answer.
func (a answer) then(more func(*conn)) answer {
	return func(c *conn) {
		a(c)
		more(c)
	}
}

// response is a whole answer.
func response(status int, contentType, body string) string {
	return head(status, "Content-Type: "+contentType, fmt.Sprintf("Content-Length: %d", len(body))) + body
}

// head is the head of an answer.
func head(status int, fields ...string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\n%s\r\n\r\n", status, http.StatusText(status), strings.Join(fields, "\r\n"))
}

const jsonType = "Content-Type: application/json"
