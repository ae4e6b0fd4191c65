// Package transport sends one attempt of a call: with the credentials, to one origin, and with everything that comes
// back bounded.
package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// Errors of an attempt, beside those of net/http.
var (
	ErrTimeout       = errors.New("the attempt took too long")
	ErrTooLarge      = errors.New("the response is too large")
	ErrForeignOrigin = errors.New("the request does not go to the base URL")
	ErrPanic         = errors.New("the HTTP transport panicked")
)

const (
	// errorBodyLimit bounds what is read of an response other than 200. What Plaid says fits in a hundredth of it.
	errorBodyLimit = 64 << 10
	// maxHeaderBytes bounds the headers of an response where the transport is ours.
	maxHeaderBytes = 256 << 10
)

// Guard makes attempts, and bounds what comes back.
type Guard struct {
	wire    http.RoundTripper
	jar     http.CookieJar // nil for none
	auth    *Auth
	timeout time.Duration // of the caller's client, 0 or less for none
	limit   int64
}

// NewGuard makes a guard that sends as client does, with its Transport, Jar and Timeout, but not through it: it would follow
// redirects, with credentials and body, and copy the headers for that. Limit bounds the body of a 200, in bytes, after
// decompression.
func NewGuard(client *http.Client, auth *Auth, limit int64) *Guard {
	wire := client.Transport
	if wire == nil {
		wire = http.DefaultTransport
	}
	return &Guard{wire: wire, jar: client.Jar, auth: auth, timeout: client.Timeout, limit: limit}
}

// Response is a whole response. Body is cut at 64 KiB where the status is not 200.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	buffer *[pooledBytes]byte // of Body; see Release
}

// Exchange sends a copy of a request once, within timeout and that of the caller's client, and reads its whole response. On
// an error the response has what arrived before it, or is zero.
func (g *Guard) Exchange(ctx context.Context, req *http.Request, timeout time.Duration) (response Response, err error) {
	if g.timeout > 0 {
		timeout = min(timeout, g.timeout)
	}
	attempt, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	progress := new(progress)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrPanic, p)
		} else if err != nil && attempt.Err() != nil && ctx.Err() == nil && Failure(err) == retry.Ambiguous {
			err = fmt.Errorf("%w (%v)", ErrTimeout, timeout)
		}
		err = progress.mark(err)
	}()
	resp, err := g.send(req.WithContext(progress.watch(attempt)))
	if err != nil {
		return Response{}, err
	}
	defer resp.Body.Close()
	response = Response{Status: resp.StatusCode, Header: resp.Header}
	if resp.StatusCode != http.StatusOK {
		// A failure to read the text of a failure changes nothing: the status decides.
		response.Body, _ = io.ReadAll(io.LimitReader(resp.Body, errorBodyLimit))
		return response, nil
	}
	if resp.ContentLength > g.limit {
		return response, fmt.Errorf("%w: %d bytes announced, at most %d are read", ErrTooLarge, resp.ContentLength, g.limit)
	}
	response.Body, response.buffer, err = readBody(resp.Body, g.limit)
	return response, err
}

// send does what http.Client does for one request: cookies, and an error that names the server.
func (g *Guard) send(req *http.Request) (*http.Response, error) {
	if err := g.auth.sign(req); err != nil {
		req.Body.Close()
		return nil, err
	}
	if g.jar != nil {
		for _, cookie := range g.jar.Cookies(req.URL) {
			req.AddCookie(cookie)
		}
	}
	resp, err := g.wire.RoundTrip(req)
	switch {
	case err != nil:
		var record tls.RecordHeaderError
		if errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/" {
			err = http.ErrSchemeMismatch
		}
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: err}
	case resp == nil:
		return nil, fmt.Errorf("%T returned a nil *Response with a nil error", g.wire)
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	if g.jar != nil {
		if cookies := resp.Cookies(); len(cookies) > 0 {
			g.jar.SetCookies(req.URL, cookies)
		}
	}
	return resp, nil
}

// CloseIdleConnections closes the connections that no request uses.
func (g *Guard) CloseIdleConnections() {
	if c, ok := g.wire.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// ContextError returns why a context ended: its error, and its cause where that is another.
func ContextError(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}
