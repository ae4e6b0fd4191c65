package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"regexp"
	"strings"
	"sync/atomic"
)

// maxConnections bounds the connections of one attempt: net/http retries without end what a server refuses by the protocol.
const maxConnections = 10

// progress is what net/http's transport reports of how far a request came. Other round trippers may report nothing.
type progress struct {
	tried     atomic.Int32                // connections, new or idle
	connected atomic.Bool                 // one was found
	conn      atomic.Pointer[watchedConn] // the last one, if it is of [Default]
	reads     atomic.Int64                // of conn, before the request
	writes    atomic.Int64                // of conn, before the request
	http2     atomic.Bool                 // whether the connection speaks HTTP/2
	trace     httptrace.ClientTrace
}

// watch returns the context of an attempt.
func (p *progress) watch(ctx context.Context) context.Context {
	p.trace.GetConn = func(string) { p.tried.Add(1) }
	p.trace.GotConn = p.gotConn
	return httptrace.WithClientTrace(ctx, &p.trace)
}

func (p *progress) gotConn(info httptrace.GotConnInfo) {
	if c := watched(info.Conn); c != nil {
		p.reads.Store(c.reads.Load())
		p.writes.Store(c.writes.Load())
		p.conn.Store(c)
	}
	if c, ok := info.Conn.(*tls.Conn); ok && c.ConnectionState().NegotiatedProtocol == "h2" {
		p.http2.Store(true)
	}
	p.connected.Store(true)
}

// getBody returns what net/http calls before it sends a request again on its own judgement. That is right where nothing was
// written, as with HTTP/1. With HTTP/2 it hides why, insists for a minute, and takes a PROTOCOL_ERROR for a refusal too:
// whether to send again is decided here then.
func (p *progress) getBody(get func() (io.ReadCloser, error)) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		if p.http2.Load() || p.tried.Load() > maxConnections {
			return nil, errRefused
		}
		return get()
	}
}

// unsent reports whether the request never had a connection, or only one, which was closed before anything was written to it.
func (p *progress) unsent() bool {
	c := p.conn.Load()
	return p.unconnected() || p.tried.Load() == 1 && c != nil && c.closed.Load() && c.writes.Load() == p.writes.Load()
}

func (p *progress) unconnected() bool { return p.tried.Load() > 0 && !p.connected.Load() }

// unsentError is an error of a request of which the server has seen nothing, or which it has refused to look at.
type unsentError struct{ error }

func (e unsentError) Unwrap() error { return e.error }

// streamError has the form of net/http's own error of an HTTP/2 stream, which errors.As converts.
type streamError struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (streamError) Error() string { return "stream error" }

const refusedStream = 7 // RFC 9113, section 7

// Unsent reports whether an error of Exchange proves that the server has not carried out the request: there was no
// connection, with TLS and through a proxy where those are used, it was closed before anything was written to it, or the server
// refused the HTTP/2 stream.
func Unsent(err error) bool {
	var op *net.OpError
	var stream streamError
	return errors.As(err, new(unsentError)) || errors.Is(err, ErrForeignOrigin) ||
		errors.As(err, new(*net.DNSError)) || errors.As(err, &op) && op.Op == "dial" ||
		errors.Is(err, errRefused) || errors.As(err, &stream) && stream.Code == refusedStream
}

// cannotRetry is how net/http words an error after which it would have sent a request of HTTP/2 again, had it been allowed to.
var cannotRetry = regexp.MustCompile(`http2: Transport: cannot retry err \[(.*)\] after Request\.Body was written; define Request\.GetBody to avoid this error`)

// isRefusal reports whether an error with this text means that the server has refused the request, or not looked at it, by the
// rules of HTTP/2. net/http has neither a type nor a variable for it.
func isRefusal(text string) bool {
	reason := cannotRetry.FindString(text)
	return strings.Contains(reason, "REFUSED_STREAM") || strings.Contains(reason, "GOAWAY") ||
		strings.Contains(text, "http2: Transport received GOAWAY from server") // with a number below that of the request
}
