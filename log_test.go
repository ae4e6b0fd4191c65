package plaidlink_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// records is a slog.Handler that keeps what it gets.
type records struct {
	level slog.Level
	panic any // what it panics with
	all   []record
}

type record struct {
	level   slog.Level
	message string
	attrs   []string // in order, as key=value
	attempt plaidlink.Attempt
}

func (r *records) Enabled(_ context.Context, level slog.Level) bool { return level >= r.level }
func (r *records) WithAttrs([]slog.Attr) slog.Handler               { panic("not used") }
func (r *records) WithGroup(string) slog.Handler                    { panic("not used") }

func (r *records) Handle(ctx context.Context, sr slog.Record) error {
	rec := record{level: sr.Level, message: sr.Message}
	rec.attempt, _ = plaidlink.AttemptFrom(ctx)
	sr.Attrs(func(a slog.Attr) bool {
		rec.attrs = append(rec.attrs, a.String())
		return true
	})
	r.all = append(r.all, rec)
	if r.panic != nil {
		panic(r.panic)
	}
	return nil
}

// inOrder uses one round tripper after the other, and the last one for all further requests.
func inOrder(all ...wiretest.RoundTripper) wiretest.RoundTripper {
	n := 0
	return func(req *http.Request) (*http.Response, error) {
		n++
		return all[min(n, len(all))-1](req)
	}
}

func loggingClient(t *testing.T, handler slog.Handler, network wiretest.RoundTripper, opts ...plaidlink.Option) *plaidlink.Client {
	return wiretest.NewClient(t, "https://plaid.test", append(opts, plaidlink.WithLogger(slog.New(handler)),
		plaidlink.WithHTTPClient(&http.Client{Transport: network}), plaidlink.WithMaxRetryDelay(time.Nanosecond))...)
}

const loggedBody = `{"link_token":"link-sandbox-0","expiration":"2026-01-01T00:00:00Z","request_id":"req-1"}`

// Each attempt is one record, with these fields in this order and no others.
func TestEachAttemptIsOneRecord(t *testing.T) {
	const debug, warn = slog.LevelDebug, slog.LevelWarn
	limited := echoed(http.StatusTooManyRequests, `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"ADDITION_LIMIT","error_message":"slow down","request_id":"req-0"}`, "Retry-After", "1")
	for _, test := range []struct {
		why     string
		network wiretest.RoundTripper
		want    []record // without the attempt, which is its number
	}{
		{"a response is at Debug: a program that works is silent", echoed(200, loggedBody), []record{
			{level: debug, message: "plaid: responded", attrs: []string{"operation=linkTokenGet", "attempt=1", "status=200", "duration=250ms", "request_id=req-1"}},
		}},
		{"a failure is at Warn, though the next attempt succeeds: someone should know", inOrder(limited, echoed(200, loggedBody)), []record{
			{level: warn, message: "plaid: failed", attrs: []string{"operation=linkTokenGet", "attempt=1", "status=429", "duration=250ms", "request_id=req-0",
				"error_type=RATE_LIMIT_EXCEEDED", "error_code=ADDITION_LIMIT", "retry_delay=1s"}},
			{level: debug, message: "plaid: responded", attrs: []string{"operation=linkTokenGet", "attempt=2", "status=200", "duration=250ms", "request_id=req-1"}},
		}},
		{"the last attempt has no retry_delay", echoed(400, `{"error_type":"INVALID_INPUT","error_code":"INVALID_LINK_TOKEN","request_id":"req-2"}`), []record{
			{level: warn, message: "plaid: failed", attrs: []string{"operation=linkTokenGet", "attempt=1", "status=400", "duration=250ms", "request_id=req-2",
				"error_type=INVALID_INPUT", "error_code=INVALID_LINK_TOKEN"}},
		}},
		{"the field error is there if there is no code", failing(io.ErrUnexpectedEOF), []record{
			{level: warn, message: "plaid: failed", attrs: []string{"operation=linkTokenGet", "attempt=1", "status=0", "duration=250ms", "request_id=",
				"error_type=", "error_code=", `error=Post "https://plaid.test/link/token/get": unexpected EOF`}},
		}},
		{"a 200 that cannot be decoded is a failure", echoed(200, `{"link_token":7,"request_id":"req-3"}`), []record{
			{level: warn, message: "plaid: failed", attrs: []string{"operation=linkTokenGet", "attempt=1", "status=200", "duration=250ms", "request_id=req-3",
				"error_type=", "error_code=", "error=" + plaidlink.ErrDecode.Error() + `: at "/link_token": a JSON number does not fit string`}},
		}},
		{"a page of a proxy is named by its status", echoed(403, "<html>", "Content-Type", "text/html"), []record{
			{level: warn, message: "plaid: failed", attrs: []string{"operation=linkTokenGet", "attempt=1", "status=403", "duration=250ms", "request_id=",
				"error_type=", "error_code=", "error=Forbidden: the response is not from Plaid"}},
		}},
	} {
		t.Run(test.why, func(t *testing.T) {
			for i := range test.want {
				test.want[i].attempt = plaidlink.Attempt{Operation: "linkTokenGet", Number: i + 1}
			}
			synctest.Test(t, func(t *testing.T) { // where time is exact
				slow := wiretest.RoundTripper(func(req *http.Request) (*http.Response, error) {
					<-time.After(250 * time.Millisecond)
					return test.network(req)
				})
				handler := &records{level: debug}
				_, err := wiretest.GetToken(t, loggingClient(t, handler, slow), plaidlink.WithMaxAttempts(len(test.want)), plaidlink.WithMaxRetryDelay(time.Second))
				require.Equal(t, test.want, handler.all)
				require.Equal(t, test.want[len(test.want)-1].level == warn, err != nil)
			})
		})
	}
}

// No record shows a body, a header, a token or the secret, whatever a server or a round tripper echoes.
func TestLogsDoNotShowTheSecret(t *testing.T) {
	for name, network := range echoes {
		t.Run(name, func(t *testing.T) {
			var text, object bytes.Buffer
			level := &slog.HandlerOptions{Level: slog.LevelDebug}
			for _, handler := range []slog.Handler{slog.NewTextHandler(&text, level), slog.NewJSONHandler(&object, level)} {
				_, err := wiretest.GetToken(t, loggingClient(t, handler, network))
				require.Error(t, err)
			}
			for _, printed := range []string{text.String(), object.String()} {
				require.NotEmpty(t, printed)
				require.NoError(t, wiretest.Leak(printed))
				for _, private := range []string{"link-sandbox-0", "X-Echo", "Plaid-Secret", "<html>", wiretest.ClientID} {
					require.NotContains(t, printed, private)
				}
			}
		})
	}
}

// If the level is disabled, a call allocates no more than without a logger.
func TestDisabledLogIsFree(t *testing.T) {
	network := echoed(400, `{"error_code":"INVALID_FIELD"}`)
	allocations := func(client *plaidlink.Client) float64 {
		return testing.AllocsPerRun(200, func() {
			_, err := wiretest.GetToken(t, client)
			require.ErrorIs(t, err, plaidlink.CodeInvalidField)
		})
	}
	off, on := &records{level: slog.LevelError}, &records{level: slog.LevelWarn}
	without := allocations(wiretest.NewClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: network})))
	require.InDelta(t, without, allocations(loggingClient(t, off, network)), 1)
	require.Greater(t, allocations(loggingClient(t, on, network)), without+5, "the measurement notices a record")
	require.Empty(t, off.all)
	require.NotEmpty(t, on.all)
}

// A call succeeds although its logger panics.
func TestLoggerThatPanicsDoesNoHarm(t *testing.T) {
	handler := &records{panic: errors.New("disk full")}
	_, err := wiretest.GetToken(t, loggingClient(t, handler, inOrder(echoed(500, "{}"), echoed(200, loggedBody))))
	require.NoError(t, err)
	require.Len(t, handler.all, 1, "the response is at Debug, which this handler does not want")
}

// spans is a round tripper that counts requests as metrics do: by operation and number of the attempt.
type spans struct {
	next http.RoundTripper
	seen []string
}

func (s *spans) RoundTrip(req *http.Request) (*http.Response, error) {
	if attempt, ok := plaidlink.AttemptFrom(req.Context()); ok {
		s.seen = append(s.seen, fmt.Sprintf("%s attempt %d", attempt.Operation, attempt.Number))
	}
	return s.next.RoundTrip(req)
}

// A round tripper gets the operation and the attempt from the context of the request, for traces and metrics.
func TestRoundTripperGetsTheAttempt(t *testing.T) {
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"link_token":"link-sandbox-0","access_token":"access-sandbox-0"}`)
	}))
	defer server.Close()
	metrics := &spans{next: &http.Transport{}}
	client := wiretest.NewClient(t, server.URL, plaidlink.WithHTTPClient(&http.Client{Transport: metrics}), plaidlink.WithMaxRetryDelay(time.Nanosecond))

	_, err := wiretest.GetToken(t, client)
	require.NoError(t, err)
	_, err = wiretest.Exchange(t, client)
	require.NoError(t, err)
	require.Equal(t, []string{"linkTokenGet attempt 1", "linkTokenGet attempt 2", "itemPublicTokenExchange attempt 1"}, metrics.seen)

	_, ok := plaidlink.AttemptFrom(t.Context())
	require.False(t, ok, "another context has no attempt")
}
