// Package loopback recognizes hosts that cannot be anywhere but on this machine. It imports the standard library only, so
// that the client can link it.
package loopback

import (
	"net"
	"strings"
)

// IsHost reports whether host, a name or an address without a port and without brackets, is on loopback: localhost in any
// case, 127.0.0.0/8 or ::1. Every other name is not, whatever it resolves to: that is up to a name server.
func IsHost(host string) bool {
	ip := net.ParseIP(host)
	return IsLocalhost(host) || ip != nil && ip.IsLoopback()
}

// IsLocalhost reports whether host is the name localhost, in any case.
func IsLocalhost(host string) bool { return strings.EqualFold(host, "localhost") }
