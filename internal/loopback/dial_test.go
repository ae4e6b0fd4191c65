package loopback_test

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/loopback"
)

// The dialer is a fake, because a machine of the tests need not have IPv6.
func TestLocalhostIsDialledByBothAddresses(t *testing.T) {
	for name, test := range map[string]struct {
		address, listening string // where to, and what is there; empty for nothing
		want               []string
	}{
		"on IPv4":             {"localhost:80", "127.0.0.1:80", []string{"127.0.0.1:80"}},
		"on IPv6 only":        {"localhost:80", "[::1]:80", []string{"127.0.0.1:80", "[::1]:80"}},
		"on neither":          {"localhost:80", "", []string{"127.0.0.1:80", "[::1]:80"}},
		"below localhost":     {"app.localhost:80", "127.0.0.1:80", []string{"127.0.0.1:80"}},
		"in capitals":         {"LOCALHOST:80", "127.0.0.1:80", []string{"127.0.0.1:80"}},
		"another host, as is": {"hooks.example:80", "hooks.example:80", []string{"hooks.example:80"}},
	} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			defer near.Close()
			defer far.Close()
			var dialed []string
			conn, err := loopback.Dialer(func(_ context.Context, network, address string) (net.Conn, error) {
				require.Equal(t, "tcp", network)
				dialed = append(dialed, address)
				if address == test.listening {
					return near, nil
				}
				return nil, errors.New("refused by " + address)
			}).DialContext(t.Context(), "tcp", test.address)
			require.Equal(t, test.want, dialed)
			if test.listening == "" {
				require.EqualError(t, err, "refused by 127.0.0.1:80", "the first error counts")
				return
			}
			require.NoError(t, err)
			require.Equal(t, near, conn)
		})
	}
}
