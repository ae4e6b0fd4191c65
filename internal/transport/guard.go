// Package transport sends one attempt of a call: with the credentials, to one origin, and with everything that comes
// back bounded.
package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// Errors of an attempt, beside those of net/http.
var (
	ErrTimeout       error = timeoutError{}
	ErrTooLarge            = errors.New("the response is too large")
	ErrForeignOrigin       = errors.New("the request does not go to the base URL")
	ErrPanic               = errors.New("the HTTP transport panicked")
	errRefused             = errors.New("the server refused the request")
)

// timeoutError is a [net.Error].
type timeoutError struct{}

func (timeoutError) Error() string   { return "the attempt took too long" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

const (
	// errorBodyLimit bounds what is read of a response that is not a success. What Plaid says fits in a hundredth of it.
	errorBodyLimit = 64 << 10
	// settle is how long net/http may take to see that nobody uses a connection of HTTP/2 any more, or that it was closed.
	settle = 50 * time.Millisecond
	// maxHeaderBytes bounds the headers of a response where the transport is ours.
	maxHeaderBytes = 256 << 10
)

// Guard makes attempts, and bounds what comes back.
type Guard struct {
	wire    http.RoundTripper
	jar     http.CookieJar // nil for none
	origin  *url.URL
	sign    func(http.Header) // in a closure, so that printing a guard, or a client that holds it, shows no credentials
	timeout time.Duration     // of the caller's client, 0 or less for none
	http2   atomic.Bool       // whether the server has spoken HTTP/2
}

// NewGuard returns a guard that sends as client does, with its Transport, Jar and Timeout, but not through it: it would follow
// redirects, with credentials and body, and copy the headers for that. Sign writes the credentials into the headers of a
// request, which goes to the origin or not at all.
func NewGuard(client *http.Client, origin *url.URL, sign func(http.Header)) *Guard {
	wire := client.Transport
	if wire == nil {
		wire = http.DefaultTransport
	}
	return &Guard{wire: wire, jar: client.Jar, origin: origin, sign: sign, timeout: client.Timeout}
}

// Limits bound an attempt.
type Limits struct {
	Timeout time.Duration // from dialing to the last byte of the response
	Bytes   int64         // of the body of a success, after decompression
	Success []int         // statuses that are a success
}

// Response is a whole response. Body is cut at 64 KiB where the status is not a success.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	buffer *[pooledBytes]byte // of Body; see Release
}

// Exchange sends a copy of a request once, within the limits and the timeout of the caller's client, and reads its whole
// response. On an error the response has what arrived before it, or is zero.
func (g *Guard) Exchange(ctx context.Context, req *http.Request, limits Limits) (response Response, err error) {
	timeout := limits.Timeout
	if g.timeout > 0 {
		timeout = min(timeout, g.timeout)
	}
	attempt, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	progress := new(progress)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrPanic, p)
		}
	}()
	defer func() {
		if progress.http2.Load() && !g.http2.Load() {
			g.http2.Store(true)
		}
		if err != nil {
			err = g.judge(req, err, progress, attempt.Err() != nil && ctx.Err() == nil, timeout)
		}
	}()
	sent := req.WithContext(progress.watch(attempt))
	if g.http2.Load() {
		sent.GetBody = nil
	} else {
		sent.GetBody = progress.getBody(req.GetBody)
	}
	resp, err := g.send(sent)
	if err != nil {
		return Response{}, err
	}
	defer resp.Body.Close()
	response = Response{Status: resp.StatusCode, Header: resp.Header}
	if !slices.Contains(limits.Success, resp.StatusCode) {
		response.Body, err = io.ReadAll(io.LimitReader(resp.Body, errorBodyLimit))
		return response, err
	}
	if resp.ContentLength > limits.Bytes {
		return response, fmt.Errorf("%w: %d bytes announced, at most %d are read", ErrTooLarge, resp.ContentLength, limits.Bytes)
	}
	response.Body, response.buffer, err = readBody(resp.Body, limits.Bytes)
	return response, err
}

// judge returns the error of an attempt with what is known of how it came about. Ended is whether the attempt was ended by
// this guard. A connection on which a request timed out does not serve another one if it has fallen silent.
func (g *Guard) judge(req *http.Request, err error, progress *progress, ended bool, timeout time.Duration) error {
	var sent *url.Error
	if progress.unconnected() && errors.As(err, &sent) {
		sent.Err = proxyRefusal(g.wire, req, sent.Err)
	}
	refused := false
	err = safe.Error(err, func(text string) string {
		text = hideQuoted(text)
		refused = refused || isRefusal(text)
		return cannotRetry.ReplaceAllString(text, "$1")
	})
	switch {
	case refused:
		return unsentError{err}
	case ended && Failure(err) == retry.Ambiguous:
		err = fmt.Errorf("%w (%v)", ErrTimeout, timeout)
		switch c := progress.conn.Load(); {
		case !progress.connected.Load():
		case c == nil: // it is of the caller's transport
			time.Sleep(settle)
			g.CloseIdleConnections()
		case c.reads.Load() == progress.reads.Load():
			c.Close()
			time.Sleep(settle)
		}
	}
	if progress.unsent() {
		err = unsentError{err}
	}
	return err
}

// send adds the credentials to a request and does what http.Client does: cookies, and an error that names the server.
func (g *Guard) send(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != g.origin.Scheme || !strings.EqualFold(req.URL.Host, g.origin.Host) {
		req.Body.Close()
		return nil, fmt.Errorf("%w: expected %s://%s", ErrForeignOrigin, g.origin.Scheme, g.origin.Host)
	}
	header := make(http.Header, len(req.Header)+4)
	maps.Copy(header, req.Header)
	g.sign(header)
	req.Header = header
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
