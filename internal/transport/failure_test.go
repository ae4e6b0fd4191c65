package transport_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

func TestFailure(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, test := range map[string]struct {
		err  error
		want retry.Failure
	}{
		"none": {nil, retry.Responded},

		// No connection was made, so nothing was sent.
		"connection refused":   {dial(syscall.ECONNREFUSED), retry.Unsent},
		"dial timeout":         {dial(context.DeadlineExceeded), retry.Unsent},
		"DNS server is silent": {dial(&net.DNSError{Err: "i/o timeout", IsTimeout: true, IsTemporary: true}), retry.Unsent},
		"DNS server fails":     {dial(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), retry.Unsent},
		"not found, for now":   {dial(&net.DNSError{Err: "no such host", IsNotFound: true, IsTemporary: true}), retry.Unsent},

		// No repeat mends these.
		"host not found":      {dial(&net.DNSError{Err: "no such host", IsNotFound: true}), retry.Final},
		"unknown authority":   {x509.UnknownAuthorityError{}, retry.Final},
		"bad certificate":     {&tls.CertificateVerificationError{Err: errors.New("expired")}, retry.Final},
		"plain server":        {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, retry.Final},
		"plain HTTP server":   {http.ErrSchemeMismatch, retry.Final},
		"TLS alert":           {tls.AlertError(70), retry.Final},
		"TLS versions differ": {errors.New("remote error: tls: protocol version not supported"), retry.Final},
		"foreign origin":      {transport.ErrForeignOrigin, retry.Final},
		"too large":           {transport.ErrTooLarge, retry.Final},
		"headers without end": {errors.New("net/http: server response headers exceeded 262144 bytes; aborted"), retry.Final},
		"panic":               {transport.ErrPanic, retry.Final},

		// The request was perhaps carried out.
		"reset":              {&net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}, retry.Ambiguous},
		"broken pipe":        {&net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}, retry.Ambiguous},
		"closed":             {io.EOF, retry.Ambiguous},
		"cut off":            {io.ErrUnexpectedEOF, retry.Ambiguous},
		"attempt timeout":    {transport.ErrTimeout, retry.Ambiguous},
		"deadline":           {context.DeadlineExceeded, retry.Ambiguous},
		"something else":     {errors.New("a round tripper of the caller's"), retry.Ambiguous},
		"dial, but in words": {errors.New("dial tcp: connection refused"), retry.Ambiguous}, // words prove nothing
	} {
		require.Equal(t, test.want, transport.Failure(test.err), name)
		if test.want == retry.Unsent {
			require.True(t, transport.Unsent(test.err), name)
		}
		if test.err != nil {
			wrapped := fmt.Errorf("layer: %w", &url.Error{Op: "Post", URL: "https://plaid.test/", Err: test.err})
			require.Equal(t, test.want, transport.Failure(wrapped), "%s, wrapped", name)
		}
	}
}

// How far a request came is known from net/http's own trace, not from the words of an error.
func TestExchangeTellsWhatWasNotSent(t *testing.T) {
	handshake := errors.New("net/http: TLS handshake timeout")
	for name, test := range map[string]struct {
		connected bool
		want      retry.Failure
	}{
		"no connection": {false, retry.Unsent},
		"a connection":  {true, retry.Ambiguous},
	} {
		guard := newGuard(t, http.Client{}, func(req *http.Request) (*http.Response, error) {
			trace := httptrace.ContextClientTrace(req.Context())
			trace.GetConn("plaid.test:443")
			if test.connected {
				trace.GotConn(httptrace.GotConnInfo{})
			}
			return nil, handshake
		})
		_, err := guard.Exchange(t.Context(), newRequest(t), within(time.Minute, 100))
		require.ErrorIs(t, err, handshake, name)
		require.Equal(t, test.want, transport.Failure(err), name)
		require.Equal(t, !test.connected, transport.Unsent(err), name)
	}
}
