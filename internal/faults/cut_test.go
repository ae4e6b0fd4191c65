package faults_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/transport"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// half is the first part of a body, which must not be taken for a response.
const half = `{"link_token":"link-sandbox-1","access_token":"access-sandbox-1","request_id":"` + wiretest.BodyMark

func TestFault03LostConnectionIsRetriedIfSafe(t *testing.T) {
	row := faults.Begin(t, "connection reset or closed before a response")
	wiretest.NoGoroutinesLeft(t)
	cases := []struct {
		name  string // and what the server may have done
		fault wiretest.Handler
	}{
		{"closed unread: it may have been read all the same", (*wiretest.Conn).HangUp},
		{"reset unread: as above", (*wiretest.Conn).Reset},
		{"closed after the request: it may be carried out", wiretest.Respond("").Then((*wiretest.Conn).HangUp)},
		{"reset after the request: as above", wiretest.Respond("").Then((*wiretest.Conn).Reset)},
		{"closed in the status line", wiretest.Respond("HTTP/1.").Then((*wiretest.Conn).HangUp)},
		{"closed in the headers", wiretest.Respond("HTTP/1.1 200 OK\r\nContent-Type: app").Then((*wiretest.Conn).HangUp)},
		{"not HTTP: perhaps the rest of another response", wiretest.Respond(wiretest.BodyMark + "\r\n").Then((*wiretest.Conn).HangUp)},
		{"a line that is not a header", wiretest.Respond("HTTP/1.1 200 OK\r\n" + wiretest.BodyMark + "\r\n\r\n").Then((*wiretest.Conn).HangUp)},
		{"a status that is not a number", wiretest.Respond("HTTP/1.1 " + wiretest.BodyMark + "\r\n\r\n").Then((*wiretest.Conn).HangUp)},
		{"a length that is not a number", wiretest.Respond(wiretest.Head(200, wiretest.JSONType, "Content-Length: "+wiretest.BodyMark)).Then((*wiretest.Conn).HangUp)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := ambiguous(t, 0, tc.fault)
			mended(t, tc.fault)
			row.Got(tc.name, got...)
		})
	}
	t.Run("HTTP/2 stream reset", func(t *testing.T) {
		row.Got("HTTP/2 stream reset", aborted(t, 0, func(http.ResponseWriter) {})...)
	})
}

func TestFault04CutBodyIsRetriedIfSafe(t *testing.T) {
	row := faults.Begin(t, "reset or close in the middle of the body")
	wiretest.NoGoroutinesLeft(t)
	const long = "Content-Length: 1000"
	cases := []struct {
		name string // and why the client can see it
		text string
		end  func(*wiretest.Conn)
	}{
		{"closed: less than the announced length", wiretest.Head(200, wiretest.JSONType, long) + half, (*wiretest.Conn).HangUp},
		{"reset: an error of the network", wiretest.Head(200, wiretest.JSONType, long) + half, (*wiretest.Conn).Reset},
		{"no last chunk", wiretest.Head(200, wiretest.JSONType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\n", (*wiretest.Conn).HangUp},
		{"chunk without a size", wiretest.Head(200, wiretest.JSONType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\nzz\r\n", (*wiretest.Conn).HangUp},
		{"a line that is not a trailer", wiretest.Head(200, wiretest.JSONType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\n0\r\n" + wiretest.BodyMark + "\r\n\r\n", (*wiretest.Conn).HangUp},
		{"gzip without its end", wiretest.Head(200, wiretest.JSONType, "Content-Encoding: gzip", "Connection: close") + zipped(wiretest.GoodBody)[:30], (*wiretest.Conn).HangUp},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			heads := make(heads, 3)
			fault := wiretest.Respond(tc.text).Then(func(c *wiretest.Conn) {
				select { // a reset must not overtake the head
				case <-heads:
				case <-t.Context().Done():
				}
				tc.end(c)
			})
			through := plaidlink.WithHTTPClient(&http.Client{Transport: heads})
			got := ambiguous(t, 200, fault, through)
			mended(t, fault, through)
			row.Got(tc.name, got...)
		})
	}
	t.Run("HTTP/2 stream reset", func(t *testing.T) {
		row.Got("HTTP/2 stream reset", aborted(t, 200, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, half)
			w.(http.Flusher).Flush()
		})...)
	})
}

func TestFault05ShortBodyIsNotDecoded(t *testing.T) {
	row := faults.Begin(t, "body ends early, without Content-Length")
	wiretest.NoGoroutinesLeft(t)
	whole := strings.ReplaceAll(wiretest.GoodBody, "req-good", wiretest.BodyMark)
	for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
		var all []faults.Outcome
		for cut := 1; cut < len(whole); cut += 10 { // wherever it ends, net/http takes it for the end of the body
			fault := wiretest.Respond(proto + " 200 OK\r\n" + wiretest.JSONType + "\r\nConnection: close\r\n\r\n" + whole[:cut]).Then((*wiretest.Conn).HangUp)
			got := final(t, 200, true, fault)
			require.ErrorIs(t, got[0].Err(), plaidlink.ErrDecode)
			all = append(all, got...)
		}
		row.Got(proto, all...)
	}
}

// aborted calls a server of HTTP/2 that resets the stream after begin, and returns what the callers got.
func aborted(t *testing.T, status int, begin func(http.ResponseWriter)) []faults.Outcome {
	t.Helper()
	return eachOperation(t, func(o faults.Operation) faults.Outcome {
		var requests atomic.Int32
		s, trusted := wiretest.ServeHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			begin(w)
			panic(http.ErrAbortHandler)
		})
		got := fails(t, o, clientOf(t, s.URL, plaidlink.WithHTTPClient(trusted)), status)
		e := got.Failure()
		require.Equal(t, attempts(o), e.Attempts, "%s: %v", o.ID, e)
		require.EqualValues(t, e.Attempts, requests.Load())
		require.True(t, e.MaybeCarriedOut)
		return got
	})
}

// heads is a transport that notes when the head of a response has arrived.
type heads chan struct{}

var plain = transport.Default()

func (h heads) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := plain.RoundTrip(req)
	if err == nil {
		h <- struct{}{}
	}
	return resp, err
}

func (h heads) CloseIdleConnections() { plain.CloseIdleConnections() }

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}
