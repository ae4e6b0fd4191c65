package faults_test

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// relay passes bytes between clients and a server, until it falls silent.
type relay struct {
	URL         string
	connections atomic.Int32
	mu          sync.Mutex
	open        []net.Conn
	silent      atomic.Int32 // connections up to this number pass nothing any more
}

func newRelay(t *testing.T, server string) *relay {
	l := faults.Loopback(t)
	r := &relay{URL: "https://" + l.Addr().String()}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", server)
			if err != nil {
				client.Close()
				return
			}
			number := r.connections.Add(1)
			r.mu.Lock()
			r.open = append(r.open, client, upstream)
			r.mu.Unlock()
			pass := func(to, from net.Conn) {
				buffer := make([]byte, 32<<10)
				for {
					n, err := from.Read(buffer)
					if err != nil {
						break
					}
					if number > r.silent.Load() {
						to.Write(buffer[:n])
					}
				}
				to.Close()
				from.Close()
			}
			open.Go(func() { pass(upstream, client) })
			open.Go(func() { pass(client, upstream) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		r.mu.Lock()
		for _, c := range r.open {
			c.Close()
		}
		r.mu.Unlock()
		open.Wait()
	})
	return r
}

// silence makes every connection that is open now silent: bytes go in, and none comes out.
func (r *relay) silence() { r.silent.Store(r.connections.Load()) }

func TestFault36SilentConnectionIsReplaced(t *testing.T) {
	row := faults.Begin(t, "an HTTP/2 connection falls silent")
	faults.NoGoroutinesLeft(t)
	for _, tc := range []struct {
		name      string
		transport func(*http.Transport) http.RoundTripper
		ours      bool
	}{
		{"our transport", func(own *http.Transport) http.RoundTripper { return own }, true},
		{"a caller's transport", func(own *http.Transport) http.RoundTripper {
			return &http.Transport{TLSClientConfig: own.TLSClientConfig, ForceAttemptHTTP2: true}
		}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server, trusting := faults.ServeHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
				require.Equal(t, 2, r.ProtoMajor)
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, faults.GoodBody)
			})
			relay := newRelay(t, server.Listener.Addr().String())
			client := wiretest.NewClient(t, relay.URL, plaidlink.WithHTTPClient(&http.Client{Transport: tc.transport(trusting.Transport.(*http.Transport))}),
				plaidlink.WithAttemptTimeout(500*time.Millisecond), plaidlink.WithMaxRetryDelay(time.Nanosecond))
			_, err := wiretest.GetToken(t, client, plaidlink.WithAttemptTimeout(faults.Patience)) // a busy machine takes its time
			require.NoError(t, err)
			require.EqualValues(t, 1, relay.connections.Load())

			relay.silence()
			got := faults.Get.Call(t.Context(), client, plaidlink.WithAttemptTimeout(2*time.Second))
			require.NoError(t, got.Err())
			if tc.ours {
				require.Equal(t, 2, got.Attempts(), "the next attempt goes over another connection")
			}
			row.Got(tc.name+", a read", got)

			relay.silence()
			got = fails(t, faults.Exchange, client, 0)
			require.ErrorIs(t, got.Err(), plaidlink.ErrAttemptTimeout)
			row.Got(tc.name+", an exchange", got)
			after := faults.Exchange.Call(t.Context(), client, plaidlink.WithAttemptTimeout(faults.Patience))
			require.NoError(t, after.Err(), "the call after goes over another connection")
			row.Got(tc.name+", the exchange after it", after)
		})
	}
	t.Run("closed under the next request", func(t *testing.T) {
		server, trusting := faults.ServeHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, faults.GoodBody)
		})
		client := wiretest.NewClient(t, server.URL, plaidlink.WithHTTPClient(trusting), plaidlink.WithMaxRetryDelay(time.Millisecond))
		succeeds(t, faults.Get, client)
		var connections atomic.Int32
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
			if connections.Add(1) == 1 { // as another call does that timed out, before net/http notices
				require.True(t, info.Reused)
				info.Conn.(*tls.Conn).NetConn().Close()
			}
		}})
		got := faults.Exchange.Call(ctx, client)
		require.NoError(t, got.Err(), "nothing was written to the connection: it is safe to send the request again")
		require.GreaterOrEqual(t, connections.Load(), int32(2))
		row.Got("closed under the next request: an exchange", got)
	})
	t.Run("a slow response", func(t *testing.T) {
		var hung sync.WaitGroup
		hung.Add(1)
		server, trusting := faults.ServeHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/exchange") {
				hung.Done()
				<-r.Context().Done()
				return
			}
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, faults.GoodBody)
		})
		relay := newRelay(t, server.Listener.Addr().String())
		client := wiretest.NewClient(t, relay.URL, plaidlink.WithHTTPClient(trusting))
		ended := make(chan error)
		go func() {
			_, err := wiretest.Exchange(t, client, plaidlink.WithAttemptTimeout(500*time.Millisecond))
			ended <- err
		}()
		hung.Wait()
		_, err := wiretest.GetToken(t, client)
		require.NoError(t, err)
		require.ErrorIs(t, <-ended, plaidlink.ErrAttemptTimeout)
		row.Got("a slow response is not silence", succeeds(t, faults.Get, client))
		require.EqualValues(t, 1, relay.connections.Load(), "a connection on which other calls get responses is not silent")
	})
}
