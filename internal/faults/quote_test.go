package faults_test

import (
	"errors"
	"net/http"
	"net/textproto"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// hunter is a part of a response that net/http quotes in its errors: a piece of a body, perhaps, even of another call's.
const hunter = "hunter2word"

func TestFault42QuotedResponseIsNotShown(t *testing.T) {
	row := faults.Begin(t, "an error of net/http quotes the response")
	faults.NoGoroutinesLeft(t)
	const ok, chunked = "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
	for name, response := range map[string]string{
		"a status line":                 hunter + "\r\n\r\n",
		"a status line with a quote":    `"` + hunter + `" x` + "\r\n\r\n",
		"a version":                     hunter + "/1.1 200 OK\r\n\r\n",
		"a status":                      "HTTP/1.1 " + hunter + "\r\n\r\n",
		"a status that is negative":     "HTTP/1.1 -" + hunter + " OK\r\n\r\n",
		"a length":                      ok + "Content-Length: " + hunter + "\r\n\r\n",
		"two lengths":                   ok + "Content-Length: 3\r\nContent-Length: " + hunter + "\r\n\r\nabc",
		"three lengths":                 ok + "Content-Length: 3\r\nContent-Length: \"" + hunter + "\r\nContent-Length: ] " + hunter + "\r\n\r\nabc",
		"lengths and escapes":           ok + "Content-Length: 3\r\nContent-Length: \\\"" + hunter + "\\\" " + hunter + "\r\n\r\nabc",
		"an encoding":                   ok + "Transfer-Encoding: " + hunter + "\r\n\r\n",
		"two encodings":                 ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: " + hunter + "\r\n\r\n",
		"a line that is not a header":   ok + hunter + "\r\n\r\n",
		"a line without a name":         ok + ": " + hunter + "\r\n\r\n",
		"a name with a blank":           ok + "a b " + hunter + ": c\r\n\r\n",
		"a first line that goes on":     ok + " " + hunter + ": c\r\n\r\n",
		"a NUL in a value":              ok + "X: " + hunter + "\x00\r\n\r\n",
		"a trailer that is forbidden":   chunked + "Trailer: Content-Length, " + hunter + "\r\n\r\n0\r\n\r\n",
		"a trailer of a bad name":       chunked + "Trailer: Transfer-Encoding\r\nX: " + hunter + "\r\n\r\n0\r\n\r\n",
		"a line that is not a trailer":  chunked + "\r\n0\r\n" + hunter + "\r\n\r\n",
		"a size that is not a number":   chunked + "\r\n" + hunter + "\r\n\r\n",
		"a size that is too long":       chunked + "\r\nffffffffffffffffff" + hunter + "\r\n\r\n",
		"a chunk that does not end":     chunked + "\r\n3\r\nabc" + hunter + "\r\n",
		"bytes that are not a header":   hunter + "\x00\x01\x02" + hunter,
		"informational, then a line":    "HTTP/1.1 103 Early Hints\r\n\r\n" + hunter + "\r\n\r\n",
		"gzip that is not":              ok + faults.JSONType + "\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + hunter,
		"a status with a phrase":        "HTTP/1.1 500 " + hunter + "\r\nContent-Length: 0\r\n\r\n",
		"a place to redirect to":        "HTTP/1.1 302 Found\r\nLocation: https://" + hunter + ".test/\r\nContent-Length: 0\r\n\r\n",
		"a place that cannot be parsed": "HTTP/1.1 302 Found\r\nLocation: %zz" + hunter + "\r\nContent-Length: 0\r\n\r\n",
		"switching to another protocol": "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + hunter + "\r\nConnection: Upgrade\r\n\r\n" + hunter,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row.Got(name, eachOperation(t, func(o faults.Operation) faults.Outcome {
				server := faults.Serve(t, faults.Always(faults.Respond(response).Then((*faults.Conn).HangUp)))
				got := o.Call(t.Context(), clientOf(t, server.URL))
				require.Error(t, got.Err())
				require.GreaterOrEqual(t, requireSafeChain(t, got.Err(), hunter, "hunter"), 2)
				var quoted textproto.ProtocolError
				if errors.As(got.Err(), &quoted) {
					require.NotContains(t, string(quoted), hunter)
				}
				return got
			})...)
		})
	}

	for name, do := range map[string]func(c http2Conn, stream uint32){
		"GOAWAY with a reason": func(c http2Conn, stream uint32) {
			_ = c.frame(frameHeaders, flagEndHeaders, stream, status200)
			_ = c.frame(frameGoAway, 0, 0, append([]byte{0, 0, 0, byte(stream), 0, 0, 0, 1}, hunter...))
		},
		"GOAWAY for all": func(c http2Conn, stream uint32) {
			_ = c.frame(frameGoAway, 0, 0, append([]byte{0, 0, 0, 0, 0, 0, 0, 2}, hunter...))
		},
		"a name in capitals":       headers(literal("X-"+hunter, "v")),
		"a name with a blank":      headers(literal("x "+hunter, "v")),
		"a value with a NUL":       headers(literal("x-"+hunter, hunter+"\x00")),
		"an unknown pseudo-header": headers(literal(":"+hunter, "v")),
		"a pseudo-header twice":    headers(literal(":status", "200")),
		"a length":                 headers(literal("content-length", hunter)),
		"two lengths":              headers(append(literal("content-length", "3"), literal("content-length", hunter)...)),
		"a status": func(c http2Conn, stream uint32) {
			_ = c.frame(frameHeaders, flagEndHeaders|flagEndStream, stream, literal(":status", hunter))
		},
		"a trailer": func(c http2Conn, stream uint32) {
			_ = c.frame(frameHeaders, flagEndHeaders, stream, status200)
			_ = c.frame(frameHeaders, flagEndHeaders|flagEndStream, stream, literal(":"+hunter, "v"))
		},
	} {
		t.Run("HTTP/2: "+name, func(t *testing.T) {
			t.Parallel()
			row.Got("HTTP/2, "+name, eachOperation(t, func(o faults.Operation) faults.Outcome {
				server, trusting := serveHTTP2(t, do)
				got := o.Call(t.Context(), clientOf(t, server.URL, plaidlink.WithHTTPClient(trusting), plaidlink.WithAttemptTimeout(300*time.Millisecond)))
				require.Error(t, got.Err())
				requireSafeChain(t, got.Err(), hunter, "hunter")
				return got
			})...)
		})
	}

	t.Run("what the caller quotes is kept", func(t *testing.T) {
		refused := errors.New(`lookup "tunnel-7": length "12" malformed`)
		client := wiretest.NewClient(t, "https://plaid.test", plaidlink.WithMaxRetryDelay(1),
			plaidlink.WithHTTPClient(&http.Client{Transport: wiretest.RoundTripper(func(*http.Request) (*http.Response, error) { return nil, refused })}))
		got := fails(t, faults.Get, client, 0)
		require.ErrorContains(t, got.Err(), refused.Error())
		row.Got("an error of the caller's", got)
	})
}

// headers responds with a 200, one more header and nothing else.
func headers(block []byte) func(http2Conn, uint32) {
	return func(c http2Conn, stream uint32) {
		_ = c.frame(frameHeaders, flagEndHeaders|flagEndStream, stream, append(append([]byte{}, status200...), block...))
	}
}

// literal encodes a header that is not to be indexed (RFC 7541, section 6.2.2).
func literal(name, value string) []byte {
	block := append([]byte{0, byte(len(name))}, name...)
	return append(append(block, byte(len(value))), value...)
}
