package faults_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
)

const (
	limit   = 8 << 20   // of a body
	endless = 64 << 20  // what a server sends that does not stop
	huge    = 512 << 20 // unpacked
)

func TestFault15SlowResponseEndsInTime(t *testing.T) {
	row := faults.Begin(t, "headers, then silence; a body byte by byte")
	faults.NoGoroutinesLeft(t)
	const timeout = 300 * time.Millisecond // ample for headers that must arrive in time, on a busy machine too
	dribble := func(text string) func(*faults.Conn) {
		return func(c *faults.Conn) {
			tick := time.NewTicker(timeout / 10) // no read is ever late, the whole is
			defer tick.Stop()
			end := time.After(faults.Patience)
			for i := 0; c.Send(text[i%len(text):][:1]) == nil; i++ {
				select {
				case <-tick.C:
				case <-end:
					c.HangUp()
				}
			}
			c.HangUp()
		}
	}
	cases := []struct {
		name   string
		status int
		fault  faults.Handler
	}{
		{"silence", 0, faults.Respond("").Then((*faults.Conn).Await)},
		{"silence in the headers", 0, faults.Respond("HTTP/1.1 200 OK\r\nContent-Ty").Then((*faults.Conn).Await)},
		{"headers, then silence", 200, faults.Respond(faults.Head(200, faults.JSONType, "Content-Length: 1000")).Then((*faults.Conn).Await)},
		{"headers byte by byte", 0, faults.Respond("HTTP/1.1 200 OK\r\n").Then(dribble("X-Pad: 1\r\n"))},
		{"a body byte by byte", 200, faults.Respond(faults.Head(200, faults.JSONType)).Then(dribble(" "))},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel() // it waits, mostly
			start := time.Now()
			got := ambiguous(t, tc.status, tc.fault, plaidlink.WithAttemptTimeout(timeout))
			require.GreaterOrEqual(t, time.Since(start), 4*timeout, "each attempt has its time")
			for _, o := range got {
				require.ErrorIs(t, o.Err(), plaidlink.ErrAttemptTimeout)
			}
			mended(t, tc.fault, plaidlink.WithAttemptTimeout(4*timeout))
			row.Got(tc.name, got...)
		})
	}
}

func TestFault16HeadersAreBounded(t *testing.T) {
	row := faults.Begin(t, "headers without end")
	faults.NoGoroutinesLeft(t)
	line := "X-" + strings.Repeat("a", 1000) + ": b\r\n"
	cases := []struct {
		name string
		head string
		more string // again and again
	}{
		{"many headers", "HTTP/1.1 200 OK\r\n", line},
		{"one header", "HTTP/1.1 200 OK\r\nX-Pad: ", strings.Repeat("a", 1000)},
		{"a status line", "HTTP/1.1 200 ", strings.Repeat("a", 1000)},
		{"informational responses", "", "HTTP/1.1 103 Early Hints\r\n" + line + "\r\n"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			used := uint64(0)
			got := eachOperation(t, func(o faults.Operation) faults.Outcome {
				got := flooded(t, o, 0, true, tc.head, strings.Repeat(tc.more, 64)) // it was sent, and perhaps carried out
				used += got.Allocated()
				return got
			})
			require.Less(t, used, uint64(limit), "bytes that both calls allocated")
			row.Got(tc.name, got...)
		})
	}
	for _, tc := range []struct {
		name  string
		final bool
		field func(i int) string
	}{
		{"HTTP/2", true, func(i int) string { return strings.Repeat(string(rune('a'+i%26)), 1000) }}, // an error of the connection
		{"HTTP/2, packed", true, func(int) string { return strings.Repeat("a", 1000) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := eachOperation(t, func(o faults.Operation) faults.Outcome {
				var requests atomic.Int32
				s, trusted := faults.ServeHTTP2(t, func(w http.ResponseWriter, _ *http.Request) {
					requests.Add(1)
					for i := range 3000 {
						w.Header().Add("X-Pad", tc.field(i))
					}
				})
				got := fails(t, o, clientOf(t, s.URL, plaidlink.WithHTTPClient(trusted)), 0)
				e := got.Failure()
				require.Equal(t, tc.final || !o.Retryable, e.Attempts == 1, "%v", e)
				require.EqualValues(t, e.Attempts, requests.Load())
				require.True(t, e.MaybeCarriedOut)
				return got
			})
			row.Got(tc.name, got...)
		})
	}
}

func TestFault17BodyIsBounded(t *testing.T) {
	row := faults.Begin(t, "body over 8 MiB, announced or without end")
	faults.NoGoroutinesLeft(t)
	white := strings.Repeat(" ", 64<<10) // good JSON for as long as it lasts
	for _, tc := range []struct {
		name, head string
		memory     uint64
	}{
		{"announced", faults.Head(200, faults.JSONType, "Content-Length: 8388609"), limit / 4}, // it is not read at all
		{"announced, absurd", faults.Head(200, faults.JSONType, "Content-Length: 9223372036854775807"), limit / 4},
		{"until the connection ends", faults.Head(200, faults.JSONType, "Connection: close"), 2 * limit},
		{"in chunks", faults.Head(200, faults.JSONType, "Transfer-Encoding: chunked"), 2 * limit},
	} {
		t.Run(tc.name, func(t *testing.T) {
			more := white
			if strings.Contains(tc.head, "chunked") {
				more = "10000\r\n" + white + "\r\n"
			}
			row.Got(tc.name, eachOperation(t, func(o faults.Operation) faults.Outcome {
				got := tooLarge(t, o, tc.head, more)
				require.Less(t, got.Allocated(), tc.memory, "bytes that the call allocated")
				return got
			})...)
		})
	}
	t.Run("at the limit", func(t *testing.T) {
		body := faults.GoodBody + strings.Repeat(" ", limit-len(faults.GoodBody))
		row.Got("at the limit", eachOperation(t, func(o faults.Operation) faults.Outcome {
			return succeeds(t, o, clientOf(t, faults.Serve(t, faults.Always(faults.Respond(faults.Response(200, "application/json", body)))).URL))
		})...)
	})
	t.Run("of a failure", func(t *testing.T) {
		refusal := `{"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_TOKEN","error_message":"expired"}`
		used := uint64(0)
		got := eachOperation(t, func(o faults.Operation) faults.Outcome {
			got := flooded(t, o, 400, false, faults.Head(400, faults.JSONType)+refusal, white) // the status decides, whatever its text
			require.ErrorIs(t, got.Err(), plaidlink.CodeInvalidLinkToken)
			require.Len(t, got.Failure().Raw, 64<<10)
			used += got.Allocated()
			return got
		})
		require.Less(t, used, uint64(limit))
		row.Got("of a failure", got...)
	})
}

func TestFault18UnpackedBodyIsBounded(t *testing.T) {
	row := faults.Begin(t, "gzip of 0.5 MB that unpacks to 512 MiB")
	faults.NoGoroutinesLeft(t)
	const member = 2 * limit // a part that is over the limit alone
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(bytes.Repeat([]byte(" "), member))
	_ = w.Close()
	bomb := faults.Head(200, faults.JSONType, "Content-Encoding: gzip", "Connection: close") + strings.Repeat(packed.String(), huge/member)
	require.Less(t, len(bomb), 1<<21, "0.5 MB, or 1 MB as Go 1.27 packs it")

	row.Got("spaces", eachOperation(t, func(o faults.Operation) faults.Outcome {
		got := tooLarge(t, o, bomb, "")
		require.Less(t, got.Allocated(), uint64(2*limit), "bytes that the call allocated")
		return got
	})...)
}

// flooded makes a call to a server that sends head, and then more for as long as it may, which is not long, and asserts that it
// is not retried. It returns what the caller got, with what was allocated, by the server too.
func flooded(t *testing.T, o faults.Operation, status int, maybe bool, head, more string) faults.Outcome {
	t.Helper()
	var sent atomic.Int64
	again := []byte(more)
	s := faults.Serve(t, faults.Always(faults.Respond(head).Then(func(c *faults.Conn) {
		for n, err := 1, error(nil); n > 0 && err == nil && sent.Load() < endless; sent.Add(int64(n)) {
			n, err = c.Write(again)
		}
		c.HangUp()
	})))
	c := clientOf(t, s.URL)
	got := faults.Allocating(func() faults.Outcome { return fails(t, o, c, status) })
	require.Less(t, sent.Load(), int64(endless), "the client hangs up")
	require.Equal(t, 1, got.Attempts(), "%s: %v", o.ID, got.Err())
	require.EqualValues(t, 1, s.Requests.Load())
	require.Equal(t, maybe, got.Failure().MaybeCarriedOut, "%s: %v", o.ID, got.Err())
	return got
}

// tooLarge asserts that a body is refused.
func tooLarge(t *testing.T, o faults.Operation, head, more string) faults.Outcome {
	t.Helper()
	got := flooded(t, o, 200, true, head, more)
	require.ErrorIs(t, got.Err(), plaidlink.ErrTooLarge)
	require.Empty(t, got.Failure().Raw)
	return got
}
