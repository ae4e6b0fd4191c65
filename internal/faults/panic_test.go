package faults_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// errBroken is the error of what a caller plugs in. Its text has what must not be shown.
var errBroken = errors.New("the caller's part is broken: PLAID-SECRET " + wiretest.Secret + ", link-sandbox-0, access-sandbox-1")

func TestFault33BrokenRoundTripperOrLoggerIsSurvived(t *testing.T) {
	row := faults.Begin(t, "a logger or custom RoundTripper that fails or panics")
	for name, test := range map[string]struct {
		reply    wiretest.RoundTripper
		text     string // of the error
		attempts int    // of a retryable call
		status   int
	}{
		"it fails":                  {func(*http.Request) (*http.Response, error) { return nil, errBroken }, "the caller's part is broken", 3, 0},
		"it returns nothing":        {func(*http.Request) (*http.Response, error) { return nil, nil }, "nil *Response", 3, 0},
		"it panics":                 {func(*http.Request) (*http.Response, error) { panic("oops") }, "the HTTP transport panicked: oops", 1, 0},
		"it panics an error":        {func(*http.Request) (*http.Response, error) { panic(errBroken) }, "panicked: the caller's part", 1, 0},
		"it panics nil":             {func(*http.Request) (*http.Response, error) { panic(nil) }, "panicked", 1, 0},
		"it dereferences nil":       {func(*http.Request) (*http.Response, error) { return nil, (*url.Error)(nil).Err }, "panicked: runtime error", 1, 0},
		"its body fails":            {withBody(func([]byte) (int, error) { return 0, errBroken }), "the caller's part is broken", 3, 200},
		"its body panics":           {withBody(func([]byte) (int, error) { panic("oops") }), "the HTTP transport panicked: oops", 1, 200},
		"its body reports too much": {withBody(func(p []byte) (int, error) { return len(p) + 1, nil }), "panicked", 1, 200},
	} {
		t.Run("RoundTripper: "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := wiretest.InMemory(test.reply)
				c := m.Client(t)
				got := faults.Get.Call(t.Context(), c)
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, test.status)
				require.ErrorContains(t, e, test.text)
				require.Equal(t, test.attempts, e.Attempts)
				require.Len(t, e.Earlier, test.attempts-1)
				require.Len(t, m.Requests(t), test.attempts)
				if strings.Contains(test.text, "is broken") {
					require.ErrorIs(t, e, errBroken)
				}

				m.Then(test.reply)
				exchanged := faults.Exchange.Call(t.Context(), c)
				e = wiretest.RequireFailed(t, exchanged.Err(), wiretest.OpExchange, test.status)
				require.Len(t, m.Requests(t), 1, "retried, though it was perhaps carried out")
				require.True(t, e.MaybeCarriedOut, "it cannot know what the round tripper did before it failed")

				synctest.Wait()
				stacks := make([]byte, 1<<20)
				require.NotContains(t, string(stacks[:runtime.Stack(stacks, true)]), "net/http.setRequestCancel", "a goroutine is left behind")

				m.Then(wiretest.Reply(200, wiretest.TokenBody))
				_, err := wiretest.GetToken(t, c)
				require.NoError(t, err, "the client goes on working")
				row.Got("RoundTripper, "+name, got, exchanged)
			})
		})
	}

	for name, handler := range map[string]*brokenHandler{
		"it fails":                {handle: func() error { return errBroken }},
		"it panics":               {handle: func() error { panic(errBroken) }},
		"it panics when asked":    {enabled: func() bool { panic(errBroken) }},
		"it panics with no level": {enabled: func() bool { panic(nil) }},
	} {
		t.Run("logger: "+name, func(t *testing.T) {
			m := wiretest.InMemory(wiretest.Reply(200, wiretest.TokenBody), wiretest.ReplyError(500, plaidlink.TypeAPIError, plaidlink.CodeInternalServerError), wiretest.Reply(200, wiretest.TokenBody),
				wiretest.ReplyError(400, plaidlink.TypeInvalidInput, plaidlink.CodeInvalidLinkToken))
			c := m.Client(t, plaidlink.WithLogger(slog.New(handler)), plaidlink.WithMaxRetryDelay(1))
			got := []faults.Outcome{succeeds(t, faults.Get, c), succeeds(t, faults.Get, c)} // a response, then one to the retry
			got = append(got, faults.Get.Call(t.Context(), c))
			require.ErrorIs(t, wiretest.RequireFailed(t, got[2].Err(), wiretest.OpGet, 400), plaidlink.CodeInvalidLinkToken)
			require.Len(t, m.Requests(t), 4)
			require.GreaterOrEqual(t, handler.asked, 4, "the logger was not asked for each attempt")
			row.Got("logger, "+name, got...)
		})
	}
}

// withBody replies with a 200 whose body is read by read.
func withBody(read func([]byte) (int, error)) wiretest.RoundTripper {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := wiretest.Reply(200, "")(req)
		resp.Body, resp.ContentLength = io.NopCloser(readFunc(read)), -1
		return resp, err
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// brokenHandler is a slog.Handler that does not do its work.
type brokenHandler struct {
	enabled func() bool
	handle  func() error
	asked   int
}

func (h *brokenHandler) Enabled(context.Context, slog.Level) bool {
	h.asked++
	return h.enabled == nil || h.enabled()
}

func (h *brokenHandler) Handle(context.Context, slog.Record) error { return h.handle() }
func (h *brokenHandler) WithAttrs([]slog.Attr) slog.Handler        { return h }
func (h *brokenHandler) WithGroup(string) slog.Handler             { return h }
