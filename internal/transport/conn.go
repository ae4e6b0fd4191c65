package transport

import (
	"crypto/tls"
	"net"
	"sync/atomic"
)

// watchedConn counts what is read, so that a connection that has fallen silent can be told from a slow server.
type watchedConn struct {
	net.Conn
	reads atomic.Int64
}

// Read reads from the connection.
func (c *watchedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.reads.Add(1)
	}
	return n, err
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
