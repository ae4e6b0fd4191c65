package faults

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
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

	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// GoodBody is the body of a good response to any operation.
const GoodBody = `{"link_token":"link-sandbox-1","access_token":"access-sandbox-1","item_id":"item","request_id":"req-good"}`

// Good responds with [GoodBody].
var Good = Respond(Response(200, "application/json", GoodBody))

// Server is a server on loopback, down to the bytes: it fails in ways that http.Server does not know.
type Server struct {
	URL         string
	Connections atomic.Int32
	Requests    atomic.Int32 // that were begun
	Hasten      func()       // called until every connection is closed, if not nil
}

// Conn is a connection on which a request has begun.
type Conn struct {
	net.Conn
	r      *bufio.Reader
	closed bool
}

// Handler is what a [Server] does with one request.
type Handler func(*Conn)

// Serve starts a server that handles request number n, counted from 1 over all connections, with handlers(n). When the test
// ends the server waits until the client has closed each connection, and fails the test if it does not.
func Serve(t testing.TB, handlers func(n int) Handler) *Server {
	return ServeOn(t, "http", Loopback(t), handlers)
}

// ServeTLS is [Serve] with TLS.
func ServeTLS(t testing.TB, config *tls.Config, handlers func(n int) Handler) *Server {
	return ServeOn(t, "https", tls.NewListener(Loopback(t), config), handlers)
}

// ServeOn is [Serve] with a listener and the scheme of its URL.
func ServeOn(t testing.TB, scheme string, l net.Listener, handlers func(n int) Handler) *Server {
	s := &Server{URL: scheme + "://" + l.Addr().String()}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.Connections.Add(1)
			open.Go(func() {
				defer c.Close()
				for c := (&Conn{Conn: c, r: bufio.NewReader(c)}); !c.closed; {
					if _, err := c.r.Peek(1); err != nil {
						return
					}
					handlers(int(s.Requests.Add(1)))(c)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		ended := make(chan struct{})
		go func() { open.Wait(); close(ended) }()
		every, deadline := time.NewTicker(10*time.Millisecond), time.After(Patience)
		defer every.Stop()
		for {
			select {
			case <-ended:
				return
			case <-every.C:
				if s.Hasten != nil {
					s.Hasten()
				}
			case <-deadline:
				t.Error("the client left a connection open")
				return
			}
		}
	})
	return s
}

// Loopback returns a listener on a free port of loopback.
func Loopback(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}

// ServeHTTP2 starts a server of HTTP/2, as Plaid's is, and returns it with a client that trusts it.
func ServeHTTP2(t testing.TB, handler http.HandlerFunc) (*httptest.Server, *http.Client) {
	s := httptest.NewUnstartedServer(handler)
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, Trusting(s.Certificate())
}

// Trusting returns an http.Client with the transport that a client has by default, which trusts one more certificate.
func Trusting(cert *x509.Certificate) *http.Client {
	rt := transport.Default()
	rt.TLSClientConfig.RootCAs = x509.NewCertPool()
	rt.TLSClientConfig.RootCAs.AddCert(cert)
	return &http.Client{Transport: rt}
}

// Always handles every request in one way.
func Always(h Handler) func(int) Handler { return func(int) Handler { return h } }

// InTurn handles each request in its own way, and the requests after the last in the last way.
func InTurn(all ...Handler) func(int) Handler {
	return func(n int) Handler { return all[min(n, len(all))-1] }
}

// Receive reads the whole request.
func (c *Conn) Receive() (path string, body []byte) {
	req, err := http.ReadRequest(c.r)
	if err != nil {
		return "", nil
	}
	body, _ = io.ReadAll(req.Body) // what is missing shows in the test
	return req.URL.Path, body
}

// Send writes to the client. It fails once the connection is closed.
func (c *Conn) Send(text string) error {
	_, err := io.WriteString(c, text)
	return err
}

// HangUp closes the connection in good order.
func (c *Conn) HangUp() {
	c.closed = true
	c.Close()
}

// Reset ends the connection as a crashed peer does.
func (c *Conn) Reset() {
	c.closed = true
	raw := c.Conn
	if over, ok := raw.(*tls.Conn); ok {
		raw = over.NetConn()
	}
	_ = raw.(*net.TCPConn).SetLinger(0)
	raw.Close()
}

// Await returns when the client closes the connection, or after [Patience].
func (c *Conn) Await() {
	_ = c.SetReadDeadline(time.Now().Add(Patience))
	_, _ = io.Copy(io.Discard, c.r)
	c.HangUp()
}

// Respond reads the request, writes a text and keeps the connection.
func Respond(text string) Handler {
	return func(c *Conn) {
		c.Receive()
		_ = c.Send(text)
	}
}

// Then returns a handler that does more after h.
func (h Handler) Then(more func(*Conn)) Handler {
	return func(c *Conn) {
		h(c)
		more(c)
	}
}

// Response returns a whole response of HTTP/1.1.
func Response(status int, contentType, body string) string {
	return Head(status, "Content-Type: "+contentType, fmt.Sprintf("Content-Length: %d", len(body))) + body
}

// Head returns the head of a response: a status, and fields such as [JSONType].
func Head(status int, fields ...string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\n%s\r\n\r\n", status, http.StatusText(status), strings.Join(fields, "\r\n"))
}

// JSONType is a field of [Head].
const JSONType = "Content-Type: application/json"

// Buffered returns what the client sends, from the first byte of the request.
func (c *Conn) Buffered() io.Reader { return c.r }
