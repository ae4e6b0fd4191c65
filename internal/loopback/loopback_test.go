package loopback_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

func TestIsHost(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost":             true,
		"LOCALHOST":             true,
		"127.0.0.1":             true,
		"127.255.255.254":       true, // all of 127.0.0.0/8
		"::1":                   true,
		"0:0:0:0:0:0:0:1":       true,
		"::ffff:127.0.0.1":      true, // IPv4 in IPv6
		"":                      false,
		"0.0.0.0":               false, // every interface
		"::":                    false,
		"128.0.0.1":             false,
		"10.0.0.1":              false,
		"127.0.0.1.example.com": false,
		"localhost.example.com": false,
		"app.localhost":         false, // a resolver may send it elsewhere
		"127.1":                 false, // not how an address is written
		"[::1]":                 false, // a URL's Hostname has no brackets
	} {
		require.Equal(t, want, loopback.IsHost(host), "%q", host)
	}
}

func TestIsName(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost":             true,
		"LocalHost":             true,
		"app.localhost":         true,
		"a.b.LOCALHOST":         true,
		"":                      false,
		".localhost":            false, // an empty label
		"localhost.":            false, // the same name for a resolver, but not how anybody writes it
		"notlocalhost":          false,
		"localhost.example.com": false,
		"127.0.0.1":             false, // an address
	} {
		require.Equal(t, want, loopback.IsName(host), "%q", host)
	}
}
