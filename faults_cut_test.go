package plaidlink_test

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
	"github.com/plaidlink/plaidlink-go/internal/transport"
)

// half is the first part of a body, which must not be taken for an answer.
const half = `{"link_token":"link-sandbox-1","access_token":"access-sandbox-1","request_id":"` + bodyMark

func TestFault03ConnectionReset(t *testing.T) {
	got := fault(t, 3, "connection reset or closed before an answer")
	noGoroutinesLeft(t)
	cases := []struct {
		name  string // and what the server may have done
		fault answer
	}{
		{"closed unread: it may have been read all the same", (*conn).hangUp},
		{"reset unread: as above", (*conn).reset},
		{"closed after the request: it may be carried out", say("").then((*conn).hangUp)},
		{"reset after the request: as above", say("").then((*conn).reset)},
		{"closed in the status line", say("HTTP/1.").then((*conn).hangUp)},
		{"closed in the headers", say("HTTP/1.1 200 OK\r\nContent-Type: app").then((*conn).hangUp)},
		{"not HTTP: perhaps the rest of another's answer", say(bodyMark + "\r\n").then((*conn).hangUp)},
		{"a header that is none", say("HTTP/1.1 200 OK\r\n" + bodyMark + "\r\n\r\n").then((*conn).hangUp)},
		{"a status that is none", say("HTTP/1.1 " + bodyMark + "\r\n\r\n").then((*conn).hangUp)},
		{"a length that is none", say(head(200, jsonType, "Content-Length: "+bodyMark)).then((*conn).hangUp)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			errs := ambiguous(t, 0, tc.fault)
			mended(t, tc.fault)
			got("%s", told(errs))
		})
	}
	t.Run("HTTP/2 stream reset", func(t *testing.T) {
		errs := aborted(t, 0, func(http.ResponseWriter) {})
		got("%s", told(errs))
	})
}

func TestFault04CutBody(t *testing.T) {
	got := fault(t, 4, "reset or close in the middle of the body")
	noGoroutinesLeft(t)
	const long = "Content-Length: 1000"
	cases := []struct {
		name string // and why the client can tell
		text string
		end  func(*conn)
	}{
		{"closed: less than the announced length", head(200, jsonType, long) + half, (*conn).hangUp},
		{"reset: an error of the network", head(200, jsonType, long) + half, (*conn).reset},
		{"no last chunk", head(200, jsonType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\n", (*conn).hangUp},
		{"chunk without a size", head(200, jsonType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\nzz\r\n", (*conn).hangUp},
		{"a trailer that is none", head(200, jsonType, "Transfer-Encoding: chunked") + "10\r\n" + half[:16] + "\r\n0\r\n" + bodyMark + "\r\n\r\n", (*conn).hangUp},
		{"gzip without its end", head(200, jsonType, "Content-Encoding: gzip", "Connection: close") + zipped(goodBody)[:30], (*conn).hangUp},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			heads := make(heads, 3)
			fault := say(tc.text).then(func(c *conn) {
				select { // a reset must not overtake the head
				case <-heads:
				case <-t.Context().Done():
				}
				tc.end(c)
			})
			through := plaidlink.WithHTTPClient(&http.Client{Transport: heads})
			errs := ambiguous(t, 200, fault, through)
			mended(t, fault, through)
			got("%s", told(errs))
		})
	}
	t.Run("HTTP/2 stream reset", func(t *testing.T) {
		errs := aborted(t, 200, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, half)
			w.(http.Flusher).Flush()
		})
		got("%s", told(errs))
	})
}

func TestFault05BodyEndsEarly(t *testing.T) {
	got := fault(t, 5, "body ends early, without Content-Length")
	noGoroutinesLeft(t)
	whole := strings.ReplaceAll(goodBody, "req-good", bodyMark)
	for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
		for cut := 1; cut < len(whole); cut += 10 { // wherever it ends, net/http takes it for the end of the body
			fault := say(proto + " 200 OK\r\n" + jsonType + "\r\nConnection: close\r\n\r\n" + whole[:cut]).then((*conn).hangUp)
			errs := final(t, 200, true, fault)
			require.ErrorIs(t, errs[0], plaidlink.ErrDecode)
			if cut == 51 {
				got("%s: %s", proto, told(errs))
			}
		}
	}
}

// aborted calls a server of HTTP/2 that resets the stream after begin.
func aborted(t *testing.T, status int, begin func(http.ResponseWriter)) []*plaidlink.Error {
	t.Helper()
	return eachOperation(t, func(o operation) *plaidlink.Error {
		var requests atomic.Int32
		s, trusted := serveHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			begin(w)
			panic(http.ErrAbortHandler)
		})
		e := o.fails(t, clientOf(t, s.URL, plaidlink.WithHTTPClient(trusted)), status)
		require.Equal(t, o.attempts(), e.Attempts, "%s: %v", o.id, e)
		require.EqualValues(t, e.Attempts, requests.Load())
		require.True(t, e.MaybeCarriedOut)
		return e
	})
}

// heads is a transport that tells when the head of an answer has arrived.
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
