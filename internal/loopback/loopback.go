// Package loopback recognizes hosts that cannot be anywhere but on this machine. It imports the standard library only, so
// that the client can link it.
package loopback

import (
	"context"
	"net"
	"strings"
)

// IsHost reports whether host, a name or an address without a port and without brackets, is on loopback: localhost in any
// case, 127.0.0.0/8 or ::1. Every other name is not, whatever it resolves to: that is up to a name server.
func IsHost(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// IsName reports whether host is localhost or a name below it, such as app.localhost, in any case. A name server may send
// the latter elsewhere, so it is on loopback only for who dials with [Dialer.DialContext].
func IsName(host string) bool {
	const localhost = "localhost"
	name := strings.ToLower(host)
	return name == localhost || len(name) > len(localhost)+1 && strings.HasSuffix(name, "."+localhost)
}

// Dialer is the DialContext of a [net.Dialer].
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// DialContext dials the names of IsName by the two addresses of loopback, without a name server; the first error counts. It
// dials everything else as it is.
func (d Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !IsName(host) {
		return d(ctx, network, address)
	}
	conn, err := d(ctx, network, net.JoinHostPort("127.0.0.1", port))
	if err == nil {
		return conn, nil
	}
	if conn, err6 := d(ctx, network, net.JoinHostPort("::1", port)); err6 == nil {
		return conn, nil
	}
	return nil, err
}
