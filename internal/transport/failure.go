package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
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
	dns, isDNS := errors.AsType[*net.DNSError](err)
	proxy, isProxy := errors.AsType[proxyError](err)
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrForeignOrigin), errors.Is(err, ErrPanic), isTLS(err), isHeadTooLarge(err):
		return retry.Final
	case isDNS && dns.IsNotFound && !dns.IsTemporary:
		return retry.Final
	case isProxy && proxy.status < 500 && proxy.status != 0:
		return retry.Final
	case Unsent(err):
		return retry.Unsent
	}
	return retry.Ambiguous
}

// ContextError returns why a context ended: its error, and its cause where that is another.
func ContextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// isTLS reports whether the two sides cannot agree on a secure connection, which no retry mends.
func isTLS(err error) bool {
	return errors.As(err, new(*tls.CertificateVerificationError)) || errors.As(err, new(tls.RecordHeaderError)) ||
		errors.As(err, new(tls.AlertError)) || errors.As(err, new(x509.UnknownAuthorityError)) ||
		errors.Is(err, http.ErrSchemeMismatch) || strings.Contains(err.Error(), ": tls: ")
}

// isHeadTooLarge reports whether a response has too many headers, too many informational responses before it, or frames that
// break HTTP/2, as a header without end does. net/http has no type or variable for the errors; a test sees when their text changes.
func isHeadTooLarge(err error) bool { return headTooLarge.MatchString(err.Error()) }

var headTooLarge = regexp.MustCompile(`server response headers exceeded|response header list larger|header list too large|` +
	`: connection error: |too many 1xx informational responses`)

// quoted finds what net/http quotes of a response that it cannot read, such as a line in place of a status: it may be a
// piece of a body, even of another call's.
var quoted = regexp.MustCompile(`((?:malformed (?:HTTP|MIME)|Content-Length|transfer encodings?|[Tt]railer key|` +
	`short response|response code|multi-line response|; (?:invalid|duplicate) (?:pseudo-header|header field)|debug=)[^"]*?)` +
	`(\[?"(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*\]?)`)

// hideQuoted returns the text of an error of net/http without what it quotes of a response.
func hideQuoted(text string) string { return quoted.ReplaceAllString(text, `$1"…"`) }
