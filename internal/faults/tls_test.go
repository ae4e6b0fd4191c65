package faults_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault21BadTLSIsFinal(t *testing.T) {
	row := faults.Begin(t, "bad certificate, TLS 1.1, plain server behind https")
	faults.NoGoroutinesLeft(t)
	good, config := certificate(t, certificateOf{})
	old := config.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	expired, expiredConfig := certificate(t, certificateOf{ended: time.Hour})
	other, otherConfig := certificate(t, certificateOf{host: "plaid.test"})
	cases := []struct {
		name   string // and why a retry does not help
		config *tls.Config
		plain  faults.Handler
		trusts *x509.Certificate
		text   string // of the error
	}{
		{name: "unknown authority: a proxy that reads along", config: config, text: "unknown authority"},
		{name: "expired", config: expiredConfig, trusts: expired, text: "expired"},
		{name: "of another host", config: otherConfig, trusts: other, text: "127.0.0.1"},
		{name: "TLS 1.1: too old to be safe", config: old, trusts: good, text: "protocol version"},
		{name: "plain HTTP server", plain: func(c *faults.Conn) {
			_ = c.Send("HTTP/1.0 400 Bad Request\r\n\r\n" + page)
			c.HangUp()
		}, text: "HTTP response to HTTPS client"},
		{name: "plain server", plain: func(c *faults.Conn) {
			_ = c.Send("220 " + wiretest.BodyMark + "\r\n")
			c.HangUp()
		}, text: "does not look like a TLS handshake"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := eachOperation(t, func(o faults.Operation) faults.Outcome {
				var s *faults.Server
				if tc.config != nil {
					s = faults.ServeTLS(t, tc.config, faults.Always(faults.Good))
				} else {
					s = faults.ServeOn(t, "https", faults.Loopback(t), faults.Always(tc.plain))
				}
				var opts []plaidlink.Option
				if tc.trusts != nil {
					opts = append(opts, plaidlink.WithHTTPClient(faults.Trusting(tc.trusts)))
				}
				got := fails(t, o, clientOf(t, s.URL, opts...), 0)
				e := got.Failure()
				require.Equal(t, 1, e.Attempts, "%v", e)
				require.EqualValues(t, 1, s.Connections.Load())
				if tc.config != nil {
					require.Zero(t, s.Requests.Load())
				}
				require.False(t, e.MaybeCarriedOut, "nothing was sent: %v", e)
				require.False(t, e.Temporary())
				require.ErrorContains(t, e, tc.text)
				return got
			})
			row.Got(tc.name, got...)
		})
	}
	t.Run("good", func(t *testing.T) { // what the cases differ from
		row.Got("a good certificate", eachOperation(t, func(o faults.Operation) faults.Outcome {
			return succeeds(t, o, clientOf(t, faults.ServeTLS(t, config, faults.Always(faults.Good)).URL, plaidlink.WithHTTPClient(faults.Trusting(good))))
		})...)
	})
}

// certificateOf is how a certificate differs from a good one.
type certificateOf struct {
	host  string        // in place of 127.0.0.1
	ended time.Duration // ago
}

func certificate(t *testing.T, of certificateOf) (*x509.Certificate, *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if of.ended > 0 {
		template.NotAfter = time.Now().Add(-of.ended)
	}
	if of.host != "" {
		template.DNSNames = []string{of.host}
	} else {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return cert, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}
