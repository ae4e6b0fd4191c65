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
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

const (
	limit   = 8 << 20   // of a body
	endless = 64 << 20  // what a server sends that shall not come to an end
	huge    = 512 << 20 // unpacked
)

func TestFault15SlowAnswer(t *testing.T) {
	got := fault(t, 15, "headers, then silence; a body byte by byte")
	wiretest.NoGoroutinesLeft(t)
	const timeout = 100 * time.Millisecond // ample for headers that must arrive in time, on a busy machine too
	dribble := func(text string) func(*wiretest.Conn) {
		return func(c *wiretest.Conn) {
			tick := time.NewTicker(timeout / 10) // no read is ever late, the whole is
			defer tick.Stop()
			end := time.After(wiretest.Patience)
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
		fault  wiretest.Handler
	}{
		{"silence", 0, wiretest.Say("").Then((*wiretest.Conn).Await)},
		{"silence in the headers", 0, wiretest.Say("HTTP/1.1 200 OK\r\nContent-Ty").Then((*wiretest.Conn).Await)},
		{"headers, then silence", 200, wiretest.Say(wiretest.Head(200, wiretest.JSONType, "Content-Length: 1000")).Then((*wiretest.Conn).Await)},
		{"headers byte by byte", 0, wiretest.Say("HTTP/1.1 200 OK\r\n").Then(dribble("X-Pad: 1\r\n"))},
		{"a body byte by byte", 200, wiretest.Say(wiretest.Head(200, wiretest.JSONType)).Then(dribble(" "))},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			start := time.Now()
			errs := ambiguous(t, tc.status, tc.fault, plaidlink.WithAttemptTimeout(timeout))
			require.GreaterOrEqual(t, time.Since(start), 4*timeout, "each attempt has its time")
			for _, e := range errs {
				require.ErrorIs(t, e, plaidlink.ErrAttemptTimeout)
			}
			mended(t, tc.fault, plaidlink.WithAttemptTimeout(2*timeout))
			got("%s", told(errs))
		})
	}
}

func TestFault16HeadersWithoutEnd(t *testing.T) {
	got := fault(t, 16, "headers without end")
	wiretest.NoGoroutinesLeft(t)
	line := "X-" + strings.Repeat("a", 1000) + ": b\r\n"
	cases := []struct {
		name string
		head string
		more string // again and again
	}{
		{"many headers", "HTTP/1.1 200 OK\r\n", line},
		{"one header", "HTTP/1.1 200 OK\r\nX-Pad: ", strings.Repeat("a", 1000)},
		{"a status line", "HTTP/1.1 200 ", strings.Repeat("a", 1000)},
		{"informational answers", "", "HTTP/1.1 103 Early Hints\r\n" + line + "\r\n"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			used := bounded(t, tc.head, strings.Repeat(tc.more, 64), func(fault wiretest.Handler) {
				errs := final(t, 0, true, fault) // it was sent, and perhaps carried out
				got("%s: %s", tc.name, told(errs))
			})
			require.Less(t, used, uint64(limit), "bytes that both calls allocated")
		})
	}
	for _, tc := range []struct {
		name  string
		final bool
		field func(i int) string
	}{
		{"HTTP/2", false, func(i int) string { return strings.Repeat(string(rune('a'+i%26)), 1000) }}, // told as a connection's error
		{"HTTP/2, packed", true, func(int) string { return strings.Repeat("a", 1000) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			errs := eachOperation(t, func(o operation) *plaidlink.Error {
				var requests atomic.Int32
				s, trusted := wiretest.ServeHTTP2(t, func(w http.ResponseWriter, _ *http.Request) {
					requests.Add(1)
					for i := range 3000 {
						w.Header().Add("X-Pad", tc.field(i))
					}
				})
				e := o.fails(t, clientOf(t, s.URL, plaidlink.WithHTTPClient(trusted)), 0)
				require.Equal(t, tc.final || !o.repeatable, e.Attempts == 1, "%v", e)
				require.EqualValues(t, e.Attempts, requests.Load())
				require.True(t, e.MaybeCarriedOut)
				return e
			})
			got("%s: %s", tc.name, told(errs))
		})
	}
}

func TestFault17BodyTooLarge(t *testing.T) {
	got := fault(t, 17, "body over 8 MiB, announced or without end")
	wiretest.NoGoroutinesLeft(t)
	white := strings.Repeat(" ", 64<<10) // good JSON for as long as it lasts
	for _, tc := range []struct {
		name, head string
		memory     uint64
	}{
		{"announced", wiretest.Head(200, wiretest.JSONType, "Content-Length: 8388609"), limit / 4}, // it is not read at all
		{"announced, absurd", wiretest.Head(200, wiretest.JSONType, "Content-Length: 9223372036854775807"), limit / 4},
		{"until the connection ends", wiretest.Head(200, wiretest.JSONType, "Connection: close"), 2 * limit},
		{"in chunks", wiretest.Head(200, wiretest.JSONType, "Transfer-Encoding: chunked"), 2 * limit},
	} {
		t.Run(tc.name, func(t *testing.T) {
			more := white
			if strings.Contains(tc.head, "chunked") {
				more = "10000\r\n" + white + "\r\n"
			}
			for _, o := range operations {
				used := bounded(t, tc.head, more, func(fault wiretest.Handler) { tooLarge(t, o, fault) })
				require.Less(t, used, tc.memory, "bytes that the call allocated")
				got("%s, %s: too large, 1 attempt, %.1f MiB allocated", tc.name, o.id, float64(used)/(1<<20))
			}
		})
	}
	t.Run("at the limit", func(t *testing.T) {
		body := wiretest.GoodBody + strings.Repeat(" ", limit-len(wiretest.GoodBody))
		for _, o := range operations {
			o.succeeds(t, clientOf(t, wiretest.Serve(t, wiretest.Always(wiretest.Say(wiretest.Response(200, "application/json", body)))).URL))
		}
		got("at the limit: answered")
	})
	t.Run("of a failure", func(t *testing.T) {
		refusal := `{"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_TOKEN","error_message":"expired"}`
		used := bounded(t, wiretest.Head(400, wiretest.JSONType)+refusal, white, func(fault wiretest.Handler) {
			e := final(t, 400, false, fault)[0] // the status decides, whatever its text
			require.ErrorIs(t, e, plaidlink.CodeInvalidLinkToken)
			require.Len(t, e.Raw, 64<<10)
			got("of a failure: %s", told([]*plaidlink.Error{e, e}))
		})
		require.Less(t, used, uint64(limit))
	})
}

func TestFault18Bomb(t *testing.T) {
	got := fault(t, 18, "gzip of 0.5 MB that unpacks to 512 MiB")
	wiretest.NoGoroutinesLeft(t)
	const member = 2 * limit // a part that is over the limit alone
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(bytes.Repeat([]byte(" "), member))
	_ = w.Close()
	bomb := wiretest.Head(200, wiretest.JSONType, "Content-Encoding: gzip", "Connection: close") + strings.Repeat(packed.String(), huge/member)
	require.Less(t, len(bomb), 1<<21, "0.5 MB, or 1 MB as Go 1.27 packs it")

	for _, o := range operations {
		used := bounded(t, bomb, "", func(fault wiretest.Handler) { tooLarge(t, o, fault) })
		require.Less(t, used, uint64(2*limit), "bytes that the call allocated")
		got("%s: too large, 1 attempt, %.1f MiB allocated", o.id, float64(used)/(1<<20))
	}
}

// bounded runs calls against a server that sends head, and then more for as long as it may, which is not long. It gives what
// was allocated meanwhile, by this server too.
func bounded(t *testing.T, head, more string, calls func(wiretest.Handler)) (used uint64) {
	t.Helper()
	var sent atomic.Int64
	again := []byte(more)
	fault := wiretest.Say(head).Then(func(c *wiretest.Conn) {
		for n, err := 1, error(nil); n > 0 && err == nil && sent.Load() < endless; sent.Add(int64(n)) {
			n, err = c.Write(again)
		}
		c.HangUp()
	})
	used = allocated(func() { calls(fault) })
	require.Less(t, sent.Load(), int64(endless), "the client hangs up")
	return used
}

func tooLarge(t *testing.T, o operation, fault wiretest.Handler) {
	t.Helper()
	s := wiretest.Serve(t, wiretest.Always(fault))
	e := o.fails(t, clientOf(t, s.URL), 200)
	require.ErrorIs(t, e, plaidlink.ErrTooLarge)
	require.Equal(t, 1, e.Attempts)
	require.EqualValues(t, 1, s.Requests.Load())
	require.True(t, e.MaybeCarriedOut)
	require.Empty(t, e.Raw)
}
