package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// Failure says what an error of Exchange means for a repeat. Where it cannot tell, the request was perhaps carried out.
func Failure(err error) retry.Failure {
	if err == nil {
		return retry.Responded
	}
	var dns *net.DNSError
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrForeignOrigin), errors.Is(err, ErrPanic), isTLS(err), isHeadTooLarge(err):
		return retry.Final
	case errors.As(err, &dns) && dns.IsNotFound && !dns.IsTemporary:
		return retry.Final
	case Unsent(err):
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

// isHeadTooLarge says whether the headers of an answer are, with HTTP/1 or 2. net/http has no type or variable for the
// errors; the test of row 16 would see another text.
func isHeadTooLarge(err error) bool {
	text := err.Error()
	return strings.Contains(text, "server response headers exceeded") || strings.Contains(text, "response header list larger")
}

// quoted finds what net/http quotes of an answer that it cannot read, such as a line in place of a status: it may be a
// piece of a body, even of another call's.
var quoted = regexp.MustCompile(`(malformed (?:HTTP|MIME)[^"]*|(?:Content-Length|transfer encodings?|[Tt]railer key|Location header|debug=)[^"]*)"(?:[^"\\]|\\.)*"`)

// SafeText is the text of an error, without what it quotes of an answer.
func SafeText(err error) string { return quoted.ReplaceAllString(err.Error(), `$1"…"`) }
