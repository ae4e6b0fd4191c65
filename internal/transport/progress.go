package transport

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// progress is what net/http's transport tells of how far a request came. Other round trippers may tell nothing.
type progress struct {
	began, connected atomic.Bool
	trace            httptrace.ClientTrace
}

func (p *progress) watch(ctx context.Context) context.Context {
	p.trace.GetConn = func(string) { p.began.Store(true) }
	p.trace.GotConn = func(httptrace.GotConnInfo) { p.connected.Store(true) }
	return httptrace.WithClientTrace(ctx, &p.trace)
}

// mark marks the error of a request that never had a connection.
func (p *progress) mark(err error) error {
	if err != nil && p.began.Load() && !p.connected.Load() {
		return unsent{err}
	}
	return err
}

type unsent struct{ error }

func (e unsent) Unwrap() error { return e.error }

// Unsent says whether an error of Exchange came before there was a connection, with TLS and through a proxy where those
// are used: the server has seen nothing of the request.
func Unsent(err error) bool {
	var (
		marked unsent
		dns    *net.DNSError
		op     *net.OpError
	)
	return errors.As(err, &marked) || errors.Is(err, ErrForeignOrigin) ||
		errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}
