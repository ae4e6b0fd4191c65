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

// Failure reports what an error of Exchange means for a retry. Where it cannot tell, the request was perhaps carried out.
func Failure(err error) retry.Failure {
	if err == nil {
		return retry.Responded
	}
	var (
		dns   *net.DNSError
		proxy proxyError
	)
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrForeignOrigin), errors.Is(err, ErrPanic), isTLS(err), isHeadTooLarge(err):
		return retry.Final
	case errors.As(err, &dns) && dns.IsNotFound && !dns.IsTemporary:
		return retry.Final
	case errors.As(err, &proxy) && proxy.status < 500 && proxy.status != 0:
		return retry.Final
	case Unsent(err):
		return retry.Unsent
	}
	return retry.Ambiguous
}

// isTLS reports whether the two sides cannot agree on a secure connection, which no retry mends.
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

// isHeadTooLarge reports whether a response has too many headers, too many informational responses before it, or frames that
// break HTTP/2, as a header without end does. net/http has no type or variable for the errors; a test sees when their text changes.
func isHeadTooLarge(err error) bool {
	text := err.Error()
	for _, known := range []string{"server response headers exceeded", "response header list larger", "header list too large", ": connection error: ", "too many 1xx informational responses"} {
		if strings.Contains(text, known) {
			return true
		}
	}
	return false
}

// quoted finds what net/http quotes of a response that it cannot read, such as a line in place of a status: it may be a
// piece of a body, even of another call's.
var quoted = regexp.MustCompile(`((?:malformed (?:HTTP|MIME)|Content-Length|transfer encodings?|[Tt]railer key|` +
	`short response|response code|multi-line response|; (?:invalid|duplicate) (?:pseudo-header|header field)|debug=)[^"]*?)` +
	`(\[?"(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*\]?)`)

// hideQuoted returns the text of an error of net/http without what it quotes of a response.
func hideQuoted(text string) string { return quoted.ReplaceAllString(text, `$1"…"`) }
