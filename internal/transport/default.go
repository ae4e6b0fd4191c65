package transport

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

// Default returns a transport of our own, for callers who bring none: proxies from the environment, TLS 1.2 or later, HTTP/2
// with pings, connections that are watched for silence, and bounded headers. It reaches localhost and the names below it on
// loopback, without a proxy and without a name server.
func Default() *http.Transport {
	dial := loopback.Dialer((&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext)
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			if loopback.IsName(r.URL.Hostname()) {
				return nil, nil
			}
			return http.ProxyFromEnvironment(r)
		},
		OnProxyConnectResponse: refusedByProxy,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dial.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &watchedConn{Conn: c}, nil
		},
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2:   true,
		// A connection on which nothing is read for 25 s is closed.
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
		MaxIdleConnsPerHost:    512,              // all calls go to one host: what a burst has opened serves the next one
		IdleConnTimeout:        50 * time.Second, // load balancers usually close after 60 s
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// watchedConn counts what is read and written, so that a connection that has fallen silent can be told from a slow server, and
// a request of which nothing was sent from one that may be carried out.
type watchedConn struct {
	net.Conn
	reads, writes atomic.Int64
	closed        atomic.Bool
}

// Read reads from the connection.
func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.reads.Add(1)
	}
	return n, err
}

// Write writes to the connection. It counts what it has begun, and takes back what has sent nothing.
func (c *watchedConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	n, err := c.Conn.Write(p)
	if n == 0 {
		c.writes.Add(-1)
	}
	return n, err
}

// Close closes the connection, on which nothing can be written once closed is set.
func (c *watchedConn) Close() error {
	err := c.Conn.Close()
	c.closed.Store(true)
	return err
}

// watched returns the connection of [Default] below a connection, or nil.
func watched(c net.Conn) *watchedConn {
	switch c := c.(type) {
	case *watchedConn:
		return c
	case *tls.Conn:
		return watched(c.NetConn())
	}
	return nil
}
