package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// Failure says what an error of Exchange means for a repeat. Where it cannot tell, the request was perhaps carried out.
func Failure(err error) retry.Failure {
	var (
		dns *net.DNSError
		op  *net.OpError
	)
	switch {
	case err == nil:
		return retry.Answered
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrForeignOrigin), errors.Is(err, ErrPanic), isTLS(err), isMalformed(err):
		return retry.Final
	case errors.As(err, &dns):
		if dns.IsNotFound && !dns.IsTemporary {
			return retry.Final
		}
		return retry.Unsent
	case errors.As(err, &op) && op.Op == "dial", isHandshakeTimeout(err):
		return retry.Unsent
	}
	return retry.Ambiguous
}

// isTLS says whether the two sides cannot agree on a secure connection, which no repeat mends.
func isTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		authority    x509.UnknownAuthorityError
	)
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &authority) ||
		errors.Is(err, http.ErrSchemeMismatch) || strings.Contains(err.Error(), ": tls: ")
}

// net/http has no type or variable for these errors; their texts have stood since Go 1.3 and 1.7.

func isHandshakeTimeout(err error) bool {
	return strings.HasSuffix(err.Error(), "TLS handshake timeout")
}

func isMalformed(err error) bool {
	return strings.Contains(err.Error(), "server response headers exceeded")
}
