package faults_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
)

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func TestFault01FailedConnectionIsRetried(t *testing.T) {
	row := faults.Begin(t, "no connection: refused, dial or handshake too slow")
	faults.NoGoroutinesLeft(t)
	closed := refusing(t)
	var d net.Dialer
	refused := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return d.DialContext(ctx, network, closed)
	}

	cases := []struct {
		name  string // and why nothing was sent
		url   string
		rt    func(dialer) *http.Transport
		dial  dialer
		opts  []plaidlink.Option
		cause error // of errors.Is, where the caller can see it
	}{
		{name: "refused: nobody listens", url: "http://" + closed, dial: refused, cause: syscall.ECONNREFUSED},
		{name: "dial timeout: no route", url: "http://" + closed, dial: (&net.Dialer{Timeout: 1}).DialContext},
		{
			name: "attempt timeout while dialing", url: "https://127.0.0.1",
			dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			},
			opts:  []plaidlink.Option{plaidlink.WithAttemptTimeout(20 * time.Millisecond)},
			cause: plaidlink.ErrAttemptTimeout,
		},
		{
			name: "handshake timeout: TLS comes before the request", url: faults.ServeOn(t, "https", faults.Loopback(t), faults.Always((*faults.Conn).Await)).URL,
			dial: d.DialContext,
			rt: func(d dialer) *http.Transport {
				return &http.Transport{DialContext: d, TLSHandshakeTimeout: 20 * time.Millisecond}
			},
		},
		{name: "handshake cut", url: faults.ServeOn(t, "https", faults.Loopback(t), faults.Always((*faults.Conn).HangUp)).URL, dial: d.DialContext, cause: io.EOF},
		{
			name: "proxy refused", url: "https://127.0.0.1", dial: refused, cause: syscall.ECONNREFUSED,
			rt: func(d dialer) *http.Transport {
				return &http.Transport{DialContext: d, Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: closed})}
			},
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := eachOperation(t, func(o faults.Operation) faults.Outcome {
				var dials atomic.Int32
				counted := func(ctx context.Context, network, address string) (net.Conn, error) {
					dials.Add(1)
					return tc.dial(ctx, network, address)
				}
				rt := &http.Transport{DialContext: counted}
				if tc.rt != nil {
					rt = tc.rt(counted)
				}
				opts := append(tc.opts, plaidlink.WithHTTPClient(&http.Client{Transport: rt}))
				got := fails(t, o, clientOf(t, tc.url, opts...), 0)
				e := got.Failure()
				require.Equal(t, 3, e.Attempts, "%s: whatever the operation: %v", o.ID, e)
				require.EqualValues(t, 3, dials.Load())
				require.False(t, e.MaybeCarriedOut, "nothing was sent: %v", e)
				require.True(t, e.Temporary())
				if tc.cause != nil {
					require.ErrorIs(t, e, tc.cause)
				}
				return got
			})
			row.Got(tc.name, got...)
		})
	}
	t.Run("at first", func(t *testing.T) {
		row.Got("refused twice", eachOperation(t, func(o faults.Operation) faults.Outcome {
			s := faults.Serve(t, faults.Always(faults.Good))
			var dials atomic.Int32
			rt := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if dials.Add(1) < 3 {
					return refused(ctx, network, address)
				}
				return d.DialContext(ctx, network, address)
			}}
			got := succeeds(t, o, clientOf(t, s.URL, plaidlink.WithHTTPClient(&http.Client{Transport: rt})))
			require.EqualValues(t, 3, dials.Load())
			require.EqualValues(t, 1, s.Requests.Load())
			return got
		})...)
	})
}

func TestFault02UnknownHostIsFinal(t *testing.T) {
	row := faults.Begin(t, "host not found")
	faults.NoGoroutinesLeft(t)
	cases := []struct {
		name     string // and why
		err      net.DNSError
		attempts int
	}{
		{"no such host: the base URL is wrong", net.DNSError{Err: "no such host", IsNotFound: true}, 1},
		{"temporary: the resolver is overloaded", net.DNSError{Err: "server misbehaving", IsTemporary: true}, 3},
		{"timeout: the resolver does not respond", net.DNSError{Err: "i/o timeout", IsTimeout: true, IsTemporary: true}, 3},
		{"perhaps: one of two servers failed", net.DNSError{Err: "no such host", IsNotFound: true, IsTemporary: true}, 3},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := eachOperation(t, func(o faults.Operation) faults.Outcome {
				var dials atomic.Int32
				rt := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
					dials.Add(1)
					dns := tc.err
					dns.Name = "plaid.test"
					return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &dns} // as net.Dialer does
				}}
				got := fails(t, o, clientOf(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: rt})), 0)
				e := got.Failure()
				require.Equal(t, tc.attempts, e.Attempts, "%s: %v", o.ID, e)
				require.EqualValues(t, tc.attempts, dials.Load())
				require.False(t, e.MaybeCarriedOut, "nothing was sent")
				require.Equal(t, tc.attempts > 1, e.Temporary())
				var dns *net.DNSError
				require.ErrorAs(t, e, &dns)
				return got
			})
			row.Got(tc.name, got...)
		})
	}
}

func TestFault24ClosedIdleConnectionIsReplaced(t *testing.T) {
	row := faults.Begin(t, "idle connection closed between calls")
	faults.NoGoroutinesLeft(t)

	t.Run("seen or not before the next request", func(t *testing.T) {
		s := faults.Serve(t, faults.Always(faults.Good.Then((*faults.Conn).HangUp)))
		c := clientOf(t, s.URL)
		var all []faults.Outcome
		for range 50 {
			all = append(all, succeeds(t, faults.Get, c))
		}
		row.Got("closed after each response", all...)
	})
	for name, end := range map[string]func(*faults.Conn){"closed": (*faults.Conn).HangUp, "reset": (*faults.Conn).Reset} {
		t.Run(name+" under the next request", func(t *testing.T) {
			row.Got(name+" under the next request", eachOperation(t, func(o faults.Operation) faults.Outcome {
				s := faults.Serve(t, faults.InTurn(faults.Good, end, faults.Good))
				c := clientOf(t, s.URL)
				succeeds(t, o, c)
				if o.Retryable {
					got := succeeds(t, o, c)
					require.EqualValues(t, 3, s.Requests.Load())
					return got
				}
				got := fails(t, o, c, 0)
				e := got.Failure()
				require.Equal(t, 1, e.Attempts)
				require.True(t, e.MaybeCarriedOut)
				require.EqualValues(t, 2, s.Requests.Load(), "the transport itself does not send it again")
				return got
			})...)
		})
	}
	t.Run("HTTP/2", func(t *testing.T) {
		s, trusted := faults.ServeHTTP2(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, faults.GoodBody)
		})
		c := clientOf(t, s.URL, plaidlink.WithHTTPClient(trusted))
		var all []faults.Outcome
		for range 20 {
			all = append(all, succeeds(t, faults.Get, c))
			s.CloseClientConnections()
		}
		row.Got("closed after each response of HTTP/2", all...)
	})
}

// refusing is an address at which nobody listens.
func refusing(t *testing.T) string {
	l := faults.Loopback(t)
	defer l.Close()
	return l.Addr().String()
}
