package sandbox

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// closeTimeout is how long Close waits for responses under way.
const closeTimeout = 100 * time.Millisecond

// maxHeader is the largest header of a request, in bytes.
const maxHeader = 64 << 10

// Server is a [Sandbox] that listens. Make one with [NewServer] or [Listen].
type Server struct {
	*Sandbox
	URL string // base URL without a slash at its end, such as http://127.0.0.1:38211

	err   error // why it does not listen
	close func()
}

// NewServer listens on a free port of 127.0.0.1 until [Server.Close]. In the rare case that it cannot, URL is empty and
// [Server.Client] returns the reason.
func NewServer(opts ...Option) *Server {
	server, err := Listen("127.0.0.1:0", opts...)
	if err != nil {
		s := New(opts...)
		return &Server{Sandbox: s, err: err, close: s.Close}
	}
	return server
}

// Listen is [NewServer] on an address of your choice, host:port; port 0 is any free one. The connection is plain HTTP: an
// address other than loopback opens the API and the hosted pages to the network, and, with [WithControlToken], the control
// paths. The error wraps that of [net.Listen], or names what is wrong with the options.
func Listen(address string, opts ...Option) (*Server, error) {
	s := New(opts...)
	if s.misconfigured != nil {
		return nil, fmt.Errorf("sandbox: %w", s.misconfigured)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	httpServer := &http.Server{
		Handler: s, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = httpServer.Serve(listener) // always http.ErrServerClosed: Close is what ends it
	}()
	return &Server{
		Sandbox: s,
		URL:     baseURL(listener.Addr()),
		close: sync.OnceFunc(func() {
			ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
			defer cancel()
			if err := httpServer.Shutdown(ctx); err != nil {
				_ = httpServer.Close() // closes what is left, which ends the contexts of slow responses
			}
			<-served
			s.Close()
		}),
	}, nil
}

// baseURL returns the URL of an address; one of all interfaces, which cannot be called, becomes loopback.
func baseURL(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return "http://" + address.String()
	}
	return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
}

// Client makes a client of this server, with its URL and credentials. The options follow these and can replace them.
func (s *Server) Client(opts ...plaidlink.Option) (*plaidlink.Client, error) {
	if s.err != nil {
		return nil, s.err
	}
	all := append([]plaidlink.Option{plaidlink.WithBaseURL(s.URL)}, opts...)
	client, err := plaidlink.New(plaidlink.Sandbox, s.Credentials(), all...)
	if err != nil {
		return nil, fmt.Errorf("sandbox: make a client: %w", err)
	}
	return client, nil
}

// Close stops listening and closes every connection. Responses under way get 100 ms to end, then they are cut off, slow
// ones included. It may be called again.
func (s *Server) Close() { s.close() }
