package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/safe"
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

// proxyError is a proxy's refusal to connect to the server. It has the status alone: the proxy chooses the words.
type proxyError struct {
	status int   // 0 where it is not known
	cause  error // of net/http, with this text; nil for none
}

// Error names the proxy, so that nobody looks for the fault at Plaid.
func (e proxyError) Error() string {
	if e.status == 0 {
		return "the proxy refused to connect"
	}
	return strings.TrimSpace(fmt.Sprintf("the proxy refused to connect: %d %s", e.status, http.StatusText(e.status)))
}

func (e proxyError) Unwrap() error { return e.cause }

// refusedByProxy is the OnProxyConnectResponse of [Default].
func refusedByProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return proxyError{status: resp.StatusCode}
}

// proxyRefusal returns the error of a request that never had a connection without words that a proxy may have chosen: those
// are all that net/http keeps of a refusal. It is a [proxyError] where it can be no other.
func proxyRefusal(wire http.RoundTripper, req *http.Request, err error) error {
	if req.URL.Scheme != "https" || !isText(err) {
		return err
	}
	refusal := proxyError{}
	for status := 400; status < 600; status++ {
		if text := http.StatusText(status); text != "" && len(err.Error()) >= len(text) && strings.EqualFold(text, err.Error()[:len(text)]) {
			refusal.status = status
		}
	}
	shown := refusal.Error()
	if t, ok := wire.(*http.Transport); !ok && refusal.status == 0 { // it may be of a dialer, too
		return safe.Error(err, func(string) string { return "no connection, and why is not shown: a proxy may have chosen the words" })
	} else if ok {
		if t.Proxy == nil {
			return err
		}
		if proxy, failed := t.Proxy(req); proxy == nil || failed != nil {
			return err
		}
	}
	refusal.cause = safe.Error(err, func(string) string { return shown })
	return refusal
}

// isText reports whether an error is nothing but a text, as a proxy's refusal is, and not a known one.
func isText(err error) bool {
	switch err {
	case context.Canceled, io.EOF, io.ErrUnexpectedEOF, http.ErrSchemeMismatch:
		return false
	}
	return reflect.TypeOf(err) == reflect.TypeOf(errors.New("")) && !strings.HasPrefix(err.Error(), "tls: ")
}
