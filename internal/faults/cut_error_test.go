package faults_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// creditsBody is a refusal that must not be retried. What comes after the code is long enough to be cut.
const creditsBody = `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"CREDITS_EXHAUSTED","request_id":"req-1","error_message":"buy more of ` + wiretest.BodyMark + `"}`

// cutOff replies with a status, the first part of a body and then an error, or with nothing more until the request ends.
func cutOff(status int, part string, err error, headers ...string) wiretest.RoundTripper {
	return func(req *http.Request) (*http.Response, error) {
		resp, _ := wiretest.Reply(status, "", headers...)(req)
		var end io.Reader = untilDone{req.Context()}
		if err != nil {
			end = readFunc(func([]byte) (int, error) { return 0, err })
		}
		resp.ContentLength = int64(len(part) + 1)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(part), end))
		return resp, nil
	}
}

func TestFault38CutErrorKeepsItsCode(t *testing.T) {
	row := faults.Begin(t, "an error body cut off, or late")
	faults.NoGoroutinesLeft(t)

	t.Run("wherever it is cut", func(t *testing.T) {
		atType, atCode, atID := strings.Index(creditsBody, `,"error_code"`), strings.Index(creditsBody, `,"request_id"`), strings.Index(creditsBody, `,"error_message"`)
		var all []faults.Outcome
		for n := range len(creditsBody) + 1 { // one property after the other can be read
			synctest.Test(t, func(t *testing.T) {
				m := wiretest.InMemory(cutOff(429, creditsBody[:n], io.ErrUnexpectedEOF))
				got := faults.Exchange.Call(t.Context(), m.Client(t))
				e := got.Failure()
				require.Equal(t, 429, e.StatusCode)
				require.ErrorIs(t, e, io.ErrUnexpectedEOF)
				require.Equal(t, n >= atType, e.Type == plaidlink.TypeRateLimitExceeded, "%d: %v", n, e)
				require.Equal(t, n >= atCode, errors.Is(e, plaidlink.CodeCreditsExhausted), "%d: %v", n, e)
				require.Equal(t, n >= atID, e.RequestID == "req-1", "%d: %v", n, e)
				require.Equal(t, n >= atCode, e.Attempts == 1, "%d: a code that was read decides", n)
				require.Equal(t, n < atCode, e.Temporary())
				require.False(t, e.MaybeCarriedOut, "a 429 was not carried out")
				require.Equal(t, creditsBody[:n], string(e.Raw), "what came is kept")
				if n < len(creditsBody)-1 {
					require.NotContains(t, e.Error(), wiretest.BodyMark)
				}
				all = append(all, got)
			})
		}
		row.Got("wherever it is cut", all...)
	})

	t.Run("Content-Length 135, 100 bytes, close", func(t *testing.T) {
		body := creditsBody + strings.Repeat(" ", 200)
		for name, end := range map[string]struct {
			do   func(*faults.Conn)
			want error
		}{"close": {(*faults.Conn).HangUp, io.ErrUnexpectedEOF}, "reset": {(*faults.Conn).Reset, syscall.ECONNRESET}} {
			for status, attempts := range map[int]struct{ get, exchange int }{429: {1, 1}, 400: {1, 1}, 500: {3, 1}, 208: {1, 1}} {
				t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
					row.Got(fmt.Sprint(name, ", a ", status), eachOperation(t, func(o faults.Operation) faults.Outcome {
						heads := make(heads, 3)
						server := faults.Serve(t, faults.Always(faults.Respond(faults.Head(status, faults.JSONType, "Content-Length: 135")+body[:100]).Then(func(c *faults.Conn) {
							select { // a reset must not overtake the head
							case <-heads:
							case <-t.Context().Done():
							}
							end.do(c)
						})))
						got := o.Call(t.Context(), clientOf(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: heads})))
						e := wiretest.RequireFailed(t, got.Err(), o.ID, status)
						require.ErrorIs(t, e, end.want)
						if name == "close" { // a reset may take what came before it along
							require.ErrorIs(t, e, plaidlink.CodeCreditsExhausted)
							require.ErrorIs(t, e, plaidlink.TypeRateLimitExceeded)
							require.Equal(t, "req-1", e.RequestID)
							want := attempts.exchange
							if o.Retryable {
								want = attempts.get
							}
							require.Equal(t, want, e.Attempts, "%v", e)
						}
						require.Equal(t, status == 500 || status == 208, e.MaybeCarriedOut)
						return got
					})...)
				})
			}
		}
	})

	for name, test := range map[string]struct {
		body     string
		status   int
		attempts int // of an operation that may be retried
		code     plaidlink.ErrorCode
	}{
		"a 429 whose code was read":   {creditsBody[:100], 429, 1, plaidlink.CodeCreditsExhausted},
		"a 429 without its code":      {creditsBody[:20], 429, 3, ""},
		"a 429 without a body":        {"", 429, 3, ""},
		"a 500":                       {`{"error_type":"API_ERROR","error_code":"INTERNAL_SERVER_ERROR",`, 500, 3, plaidlink.CodeInternalServerError},
		"a 503, planned":              {`{"error_code":"PLANNED_MAINTENANCE","error_ty`, 503, 1, plaidlink.CodePlannedMaintenance},
		"a 400":                       {`{"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_TOKEN"`, 400, 1, plaidlink.CodeInvalidLinkToken},
		"a 400 with half of its code": {`{"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_`, 400, 1, ""},
		"a 502 with HTML":             {"<html>" + wiretest.BodyMark, 502, 3, ""},
	} {
		t.Run("late: "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := wiretest.InMemory(cutOff(test.status, test.body, nil))
				client := m.Client(t, plaidlink.WithAttemptTimeout(time.Second))
				got := faults.Get.Call(t.Context(), client)
				e := requireTyped(t, got, wiretest.OpGet, test.status)
				require.Equal(t, test.code, e.Code)
				require.ErrorIs(t, e, plaidlink.ErrAttemptTimeout)
				require.ErrorContains(t, e, plaidlink.ErrAttemptTimeout.Error())
				require.True(t, e.Timeout())
				require.Equal(t, test.attempts, e.Attempts)
				row.Got("late, "+name, got)

				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
				got = faults.Get.Call(ctx, client) // the context's end does not hide what came either
				e = requireTyped(t, got, wiretest.OpGet, test.status)
				require.Equal(t, test.code, e.Code)
				require.ErrorIs(t, e, context.DeadlineExceeded)
				require.Equal(t, 1, e.Attempts)
				row.Got("the context ends, "+name, got)
			})
		})
	}

	t.Run("Retry-After is respected", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			m := wiretest.InMemory(cutOff(429, `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"ITEM_LIMIT",`, io.ErrUnexpectedEOF, "Retry-After", "4"), wiretest.Reply(200, wiretest.ExchangeBody))
			got := succeeds(t, faults.Exchange, m.Client(t))
			require.Equal(t, 2, got.Attempts())
			require.GreaterOrEqual(t, time.Since(start), 4*time.Second)
			row.Got("Retry-After 4", got)

			m.Then(cutOff(429, creditsBody[:100], io.ErrUnexpectedEOF, "Retry-After", "3600"))
			got = faults.Exchange.Call(t.Context(), m.Client(t))
			require.Equal(t, time.Hour, got.Failure().RetryAfter)
			row.Got("Retry-After 3600", got)
		})
	})

	t.Run("HTTP/2", func(t *testing.T) {
		server, trusted := faults.ServeHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(429)
			_, _ = io.WriteString(w, creditsBody[:100])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		})
		got := fails(t, faults.Get, clientOf(t, server.URL, plaidlink.WithHTTPClient(trusted)), 429)
		require.ErrorIs(t, got.Err(), plaidlink.CodeCreditsExhausted)
		require.Equal(t, 1, got.Attempts())
		row.Got("a stream reset in the body", got)
	})

	t.Run("a redirect stays one", func(t *testing.T) {
		m := wiretest.InMemory(cutOff(302, creditsBody[:100], io.ErrUnexpectedEOF, "Location", "https://elsewhere.test/"))
		got := fails(t, faults.Get, m.Client(t), 302)
		require.ErrorIs(t, got.Err(), plaidlink.ErrRedirect)
		require.Empty(t, got.Failure().Code)
		row.Got("a redirect", got)
	})
}
