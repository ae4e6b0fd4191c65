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
	faults.NoGoroutinesLeft(t)
	cases := []struct {
		name  string // and what the server may have done
		fault faults.Handler
	}{
		{"closed unread: it may have been read all the same", (*faults.Conn).HangUp},
		{"reset unread: as above", (*faults.Conn).Reset},
		{"closed after the request: it may be carried out", faults.Respond("").Then((*faults.Conn).HangUp)},
		{"reset after the request: as above", faults.Respond("").Then((*faults.Conn).Reset)},
		{"closed in the status line", faults.Respond("HTTP/1.").Then((*faults.Conn).HangUp)},
		{"closed in the headers", faults.Respond("HTTP/1.1 200 OK\r\nContent-Type: app").Then((*faults.Conn).HangUp)},
		{"not HTTP: perhaps the rest of another response", faults.Respond(wiretest.BodyMark + "\r\n").Then((*faults.Conn).HangUp)},
		{"a line that is not a header", faults.Respond("HTTP/1.1 200 OK\r\n" + wiretest.BodyMark + "\r\n\r\n").Then((*faults.Conn).HangUp)},
		{"a status that is not a number", faults.Respond("HTTP/1.1 " + wiretest.BodyMark + "\r\n\r\n").Then((*faults.Conn).HangUp)},
		{"a length that is not a number", faults.Respond(faults.Head(200, faults.JSONType, "Content-Length: "+wiretest.BodyMark)).Then((*faults.Conn).HangUp)},
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
	faults.NoGoroutinesLeft(t)
	const long = "Content-Length: 1000"
	cases := []struct {
		name string // and why the client can see it
		text string
		end  func(*faults.Conn)
	}{
		{"closed: less than the announced length", faults.Head(200, faults.JSONType, long) + half, (*faults.Conn).HangUp},
		{"reset: an error of the network", faults.Head(200, faults.JSONType, long) + half, (*faults.Conn).Reset},
		{"no last chunk", faults.Head(200, faults.JSONType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\n", (*faults.Conn).HangUp},
		{"chunk without a size", faults.Head(200, faults.JSONType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\nzz\r\n", (*faults.Conn).HangUp},
		{"a line that is not a trailer", faults.Head(200, faults.JSONType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\n0\r\n" + wiretest.BodyMark + "\r\n\r\n", (*faults.Conn).HangUp},
		{"gzip without its end", faults.Head(200, faults.JSONType, "Content-Encoding: gzip", "Connection: close") + zipped(faults.GoodBody)[:30], (*faults.Conn).HangUp},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			heads := make(heads, 3)
			fault := faults.Respond(tc.text).Then(func(c *faults.Conn) {
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
	faults.NoGoroutinesLeft(t)
	whole := strings.ReplaceAll(faults.GoodBody, "req-good", wiretest.BodyMark)
	for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
		var all []faults.Outcome
		for cut := 1; cut < len(whole); cut += 10 { // wherever it ends, net/http takes it for the end of the body
			fault := faults.Respond(proto + " 200 OK\r\n" + faults.JSONType + "\r\nConnection: close\r\n\r\n" + whole[:cut]).Then((*faults.Conn).HangUp)
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
		s, trusted := faults.ServeHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
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
