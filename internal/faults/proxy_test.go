package faults_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// proxy responds to every CONNECT in one way, hangs up, or passes on to the server if there is nothing to respond.
type proxy struct {
	URL      *url.URL
	connects atomic.Int32
}

const hangUp = "hang up"

func newProxy(t *testing.T, config *tls.Config, response string) *proxy {
	l, scheme := faults.Loopback(t), "http"
	if config != nil {
		l, scheme = tls.NewListener(l, config), "https"
	}
	p := &proxy{URL: &url.URL{Scheme: scheme, Host: l.Addr().String()}}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer c.Close()
				r := bufio.NewReader(c)
				req, err := http.ReadRequest(r)
				if err != nil || req.Method != http.MethodConnect {
					return
				}
				p.connects.Add(1)
				if response == hangUp {
					return
				}
				if response != "" {
					_, _ = io.WriteString(c, response)
					return
				}
				server, err := net.Dial("tcp", req.Host)
				if err != nil {
					return
				}
				_, _ = io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
				open.Go(func() { _, _ = io.Copy(server, r); server.Close() })
				_, _ = io.Copy(c, server)
			})
		}
	})
	t.Cleanup(func() { l.Close(); open.Wait() })
	return p
}

// traced is a round tripper around another, as tracing is.
type traced struct{ next http.RoundTripper }

func (r traced) RoundTrip(req *http.Request) (*http.Response, error) { return r.next.RoundTrip(req) }

func (r traced) CloseIdleConnections() { r.next.(*http.Transport).CloseIdleConnections() }

func TestFault40ProxyThatRefusesIsNamed(t *testing.T) {
	row := faults.Begin(t, "a proxy responds to CONNECT with 407 or 403; with 502")
	faults.NoGoroutinesLeft(t)
	const words = "hunter2word " + wiretest.BodyMark
	cert, config := certificate(t, certificateOf{})
	server := faults.ServeTLS(t, config, faults.Always(faults.Good))
	ways := map[string]func(p *proxy) http.RoundTripper{
		"our transport": func(p *proxy) http.RoundTripper {
			own := faults.Trusting(cert).Transport.(*http.Transport)
			own.Proxy = http.ProxyURL(p.URL)
			return own
		},
		"a caller's transport": func(p *proxy) http.RoundTripper {
			return &http.Transport{Proxy: http.ProxyURL(p.URL), TLSClientConfig: faults.Trusting(cert).Transport.(*http.Transport).TLSClientConfig}
		},
	}
	ways["a round tripper around one"] = func(p *proxy) http.RoundTripper { return traced{ways["a caller's transport"](p)} }

	for name, test := range map[string]struct {
		response string
		final    bool
		named    bool   // whether the phrase is enough where net/http keeps nothing else
		status   string // in the text, where the status is known
	}{
		"407":                    {"407 Proxy Authentication Required", true, true, "407 Proxy Authentication Required"},
		"403":                    {"403 Forbidden", true, true, "403 Forbidden"},
		"400":                    {"400 Bad Request", true, true, "400 Bad Request"},
		"429":                    {"429 Too Many Requests", true, true, "429 Too Many Requests"},
		"502":                    {"502 Bad Gateway", false, true, "502 Bad Gateway"},
		"503":                    {"503 Service Unavailable", false, true, "503 Service Unavailable"},
		"504":                    {"504 Gateway Timeout", false, true, "504 Gateway Timeout"},
		"407, in another case":   {"407 proxy authentication required", true, true, "407 Proxy Authentication Required"},
		"407, and why":           {"407 Proxy Authentication Required ( " + words + " )", true, true, "407 Proxy Authentication Required"},
		"407, in words":          {"407 " + words, true, false, "407 Proxy Authentication Required"},
		"502, in words":          {"502 " + words, false, false, "502 Bad Gateway"},
		"a status of its own":    {"599 " + words, false, false, "599"},
		"without a phrase":       {"502", false, false, "502 Bad Gateway"},
		"an empty phrase":        {"407 ", true, false, "407 Proxy Authentication Required"},
		"a phrase with a quote":  {`502 Content-Length "` + words + `"`, false, false, "502 Bad Gateway"},
		"words like net/http's":  {"502 net/http: " + words, false, false, "502 Bad Gateway"},
		"words as of the secret": {"502 " + wiretest.Secret, false, false, "502 Bad Gateway"},
	} {
		for way, through := range ways {
			for kind, secure := range map[string]*tls.Config{"http": nil, "https": config} {
				t.Run(name+", "+way+", "+kind, func(t *testing.T) {
					t.Parallel()
					row.Got(name+", "+way, eachOperation(t, func(o faults.Operation) faults.Outcome {
						p := newProxy(t, secure, "HTTP/1.1 "+test.response+"\r\nContent-Length: "+fmt.Sprint(len(page))+"\r\n\r\n"+page)
						before := server.Requests.Load()
						got := fails(t, o, clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: through(p)})), 0)
						e := got.Failure()
						known := test.named || way == "our transport"
						final := test.final && known
						require.Equal(t, final, e.Attempts == 1, "%v", e)
						if !final {
							require.Equal(t, 3, e.Attempts, "nothing was sent: every operation is retried")
						}
						require.EqualValues(t, e.Attempts, p.connects.Load())
						require.Equal(t, !final, e.Temporary(), "%v", e)
						require.False(t, e.MaybeCarriedOut)
						require.Equal(t, before, server.Requests.Load())
						require.ErrorContains(t, e, "proxy")
						if known {
							require.ErrorContains(t, e, "the proxy refused to connect: "+test.status)
						}
						requireSafeChain(t, e, "hunter2", wiretest.BodyMark, wiretest.Secret)
						return got
					})...)
				})
			}
		}
	}

	for way, through := range ways {
		t.Run("a proxy that hangs up, "+way, func(t *testing.T) {
			p := newProxy(t, nil, hangUp)
			got := fails(t, faults.Exchange, clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: through(p)})), 0)
			require.Equal(t, 3, got.Attempts(), "it is as no connection")
			require.ErrorIs(t, got.Err(), io.ErrUnexpectedEOF)
			row.Got("a proxy that hangs up, "+way, got)
		})
		t.Run("not a proxy, "+way, func(t *testing.T) {
			p := newProxy(t, nil, wiretest.BodyMark+" hunter2\r\n\r\n")
			got := fails(t, faults.Exchange, clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: through(p)})), 0)
			require.Equal(t, 3, got.Attempts())
			requireSafeChain(t, got.Err(), "hunter2", wiretest.BodyMark)
			row.Got("not a proxy, "+way, got)
		})
		t.Run("no proxy there, "+way, func(t *testing.T) {
			p := &proxy{URL: &url.URL{Scheme: "http", Host: refusing(t)}}
			got := fails(t, faults.Exchange, clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: through(p)})), 0)
			require.Equal(t, 3, got.Attempts())
			require.ErrorAs(t, got.Err(), new(*net.OpError))
			row.Got("no proxy there, "+way, got)
		})
		t.Run("a proxy that connects, "+way, func(t *testing.T) {
			for kind, secure := range map[string]*tls.Config{"http": nil, "https": config} {
				p := newProxy(t, secure, "")
				row.Got("a proxy that connects, "+way+", "+kind, succeeds(t, faults.Exchange, clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: through(p)}))))
				require.EqualValues(t, 1, p.connects.Load())
			}
		})
		t.Run("a bad certificate behind it, "+way, func(t *testing.T) {
			_, other := certificate(t, certificateOf{})
			foreign := faults.ServeTLS(t, other, faults.Always(faults.Good))
			got := fails(t, faults.Get, clientOf(t, foreign.URL, plaidlink.WithHTTPClient(&http.Client{Transport: through(newProxy(t, nil, ""))})), 0)
			require.Equal(t, 1, got.Attempts())
			require.NotContains(t, got.Err().Error(), "proxy", "it is not the proxy's fault")
			row.Got("a bad certificate behind it, "+way, got)
		})
	}

	t.Run("an error of the caller's", func(t *testing.T) { // which is not the proxy's refusal, though it is but a text
		dialer := errors.New("the tunnel is down")
		own := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, dialer }}
		got := fails(t, faults.Get, clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: own})), 0)
		require.ErrorIs(t, got.Err(), dialer)
		require.ErrorContains(t, got.Err(), "the tunnel is down")
		row.Got("a dialer that fails, without a proxy", got)

		own.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: "proxy.test:1"})
		got = fails(t, faults.Get, clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: own})), 0)
		require.ErrorIs(t, got.Err(), dialer, "a text that is not shown can still be compared")
		row.Got("a dialer that fails, with a proxy", got)
	})
	t.Run("a response of the server", func(t *testing.T) { // is not the proxy's, whatever its status
		refusing := faults.ServeTLS(t, config, faults.Always(faults.Respond(faults.Response(407, "text/html", page))))
		got := fails(t, faults.Get, clientOf(t, refusing.URL, plaidlink.WithHTTPClient(&http.Client{Transport: ways["our transport"](newProxy(t, nil, ""))})), 407)
		require.NotContains(t, strings.ToLower(got.Err().Error()), "the proxy refused")
		row.Got("a 407 of the server", got)
	})
}
