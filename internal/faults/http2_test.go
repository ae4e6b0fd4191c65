package faults_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// Types and flags of HTTP/2's frames (RFC 9113, section 6).
const (
	frameData         = 0
	frameHeaders      = 1
	frameReset        = 3
	frameSettings     = 4
	frameGoAway       = 7
	frameContinuation = 9
	flagAck           = 1
	flagEndStream     = 1
	flagEndHeaders    = 4
)

// Header blocks of a status (RFC 7541).
var (
	status103 = []byte{0x08, 3, '1', '0', '3'}
	status200 = []byte{0x88}
)

// http2Conn is the server's end of a connection of HTTP/2, frame by frame.
type http2Conn struct{ w io.Writer }

func (c http2Conn) frame(kind, flags byte, stream uint32, payload []byte) error {
	head := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	_, err := c.w.Write(append(binary.BigEndian.AppendUint32(head, stream), payload...))
	return err
}

// serveHTTP2 starts a server that does one thing with each request, and returns it with a client that trusts it.
func serveHTTP2(t *testing.T, do func(c http2Conn, stream uint32)) (*faults.Server, *http.Client) {
	cert, config := certificate(t, certificateOf{})
	config.NextProtos = []string{"h2"}
	server := faults.ServeTLS(t, config, faults.Always(func(c *faults.Conn) {
		defer c.HangUp()
		r := bufio.NewReader(c.Buffered())
		if _, err := io.CopyN(io.Discard, r, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
			return
		}
		conn := http2Conn{c}
		_ = conn.frame(frameSettings, 0, 0, nil)
		for {
			var head [9]byte
			if _, err := io.ReadFull(r, head[:]); err != nil {
				return
			}
			length := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
			if _, err := io.CopyN(io.Discard, r, length); err != nil {
				return
			}
			switch head[3] {
			case frameSettings:
				if head[4]&flagAck == 0 {
					_ = conn.frame(frameSettings, flagAck, 0, nil)
				}
			case frameHeaders:
				do(conn, binary.BigEndian.Uint32(head[5:]))
			}
		}
	}))
	trusting := faults.Trusting(cert)
	// net/http may call a connection busy for a moment after the caller has the response, and does not close it then.
	server.Hasten = trusting.CloseIdleConnections
	return server, trusting
}

func TestFault41HeadersOfHTTP2AreBounded(t *testing.T) {
	row := faults.Begin(t, "too many headers over HTTP/2")
	faults.NoGoroutinesLeft(t)
	field := append([]byte{0, 1, 'x', 100}, strings.Repeat("y", 100)...)
	for name, do := range map[string]func(c http2Conn, stream uint32){
		"a flood of 103": func(c http2Conn, stream uint32) {
			for range 10_000 {
				if c.frame(frameHeaders, flagEndHeaders, stream, status103) != nil {
					return
				}
			}
		},
		"400 kB in CONTINUATION": func(c http2Conn, stream uint32) {
			_ = c.frame(frameHeaders, 0, stream, status200)
			for range 400 {
				if c.frame(frameContinuation, 0, stream, bytes.Repeat(field, 10)) != nil {
					return
				}
			}
			_ = c.frame(frameContinuation, flagEndHeaders, stream, nil)
		},
		"300 kB in one field after another": func(c http2Conn, stream uint32) {
			_ = c.frame(frameHeaders, 0, stream, status200)
			for range 300 {
				_ = c.frame(frameContinuation, 0, stream, bytes.Repeat(field, 10))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, trusting := serveHTTP2(t, do)
			client := wiretest.NewClient(t, server.URL, plaidlink.WithHTTPClient(trusting), plaidlink.WithMaxRetryDelay(time.Nanosecond))
			got := fails(t, faults.Get, client, 0)
			require.Equal(t, 1, got.Attempts(), "a retry cannot mend it: %v", got.Err())
			require.False(t, got.Failure().Temporary())
			row.Got(name, got)
		})
	}
}

func TestFault47RefusedStreamIsNotCarriedOut(t *testing.T) {
	row := faults.Begin(t, "REFUSED_STREAM or GOAWAY on every try")
	faults.NoGoroutinesLeft(t)
	for name, test := range map[string]struct {
		do       func(c http2Conn, stream uint32)
		attempts int // of an operation that must not be sent twice
		maybe    bool
	}{
		"REFUSED_STREAM":                {reset(7), 3, false},
		"GOAWAY in good order":          {goAway(0), 3, false},
		"GOAWAY, be calm":               {goAway(11), 3, false},
		"INTERNAL_ERROR proves nothing": {reset(2), 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			server, trusting := serveHTTP2(t, test.do)
			client := wiretest.NewClient(t, server.URL, plaidlink.WithHTTPClient(trusting), plaidlink.WithMaxRetryDelay(time.Nanosecond))
			for range 2 { // the second time it is known that the server speaks HTTP/2
				before := server.Connections.Load()
				got := fails(t, faults.Exchange, client, 0)
				e := got.Failure()
				require.Equal(t, test.attempts, e.Attempts, "%v", e)
				require.Equal(t, test.maybe, e.MaybeCarriedOut, "%v", e)
				require.LessOrEqual(t, server.Connections.Load()-before, int32(10*e.Attempts))
				require.NotContains(t, e.Error(), "GetBody")
				row.Got(name, got)
			}
		})
	}
	t.Run("another stream", func(t *testing.T) {
		server, trusting := serveHTTP2(t, func(c http2Conn, stream uint32) {
			if stream == 1 {
				reset(7)(c, stream)
				return
			}
			_ = c.frame(frameHeaders, flagEndHeaders, stream, append(status200, append([]byte{0x0f, 0x10, 16}, "application/json"...)...))
			_ = c.frame(frameData, flagEndStream, stream, []byte(faults.GoodBody))
		})
		client := wiretest.NewClient(t, server.URL, plaidlink.WithHTTPClient(trusting), plaidlink.WithMaxRetryDelay(time.Nanosecond))
		got := succeeds(t, faults.Exchange, client)
		require.Equal(t, 2, got.Attempts())
		row.Got("refused once", got)
	})
}

func reset(code byte) func(http2Conn, uint32) {
	return func(c http2Conn, stream uint32) { _ = c.frame(frameReset, 0, stream, []byte{0, 0, 0, code}) }
}

// goAway says that the server has looked at no stream.
func goAway(code byte) func(http2Conn, uint32) {
	return func(c http2Conn, _ uint32) { _ = c.frame(frameGoAway, 0, 0, []byte{0, 0, 0, 0, 0, 0, 0, code}) }
}
