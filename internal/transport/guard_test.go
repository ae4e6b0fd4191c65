package transport_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/transport"
)

func TestGuardBounds(t *testing.T) {
	const limit = 100
	for name, test := range map[string]struct {
		status    int
		body      int
		announced int64
		want      int // bytes of the answer
		err       error
	}{
		"at the limit":             {200, limit, limit, limit, nil},
		"one over, announced":      {200, limit + 1, limit + 1, 0, transport.ErrTooLarge},
		"one over, not announced":  {200, limit + 1, -1, 0, transport.ErrTooLarge},
		"an error body is cut":     {500, 1 << 20, -1, 64 << 10, nil}, // its status is worth more than its end
		"an error body under both": {400, 50, 50, 50, nil},
	} {
		t.Run(name, func(t *testing.T) {
			closed := &closeCounter{Reader: bytes.NewReader(make([]byte, test.body))}
			guard := newGuard(t, http.Client{}, func(req *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: test.status, Body: closed, ContentLength: test.announced, Request: req}, nil
			})
			answer, err := guard.Exchange(t.Context(), newRequest(t), within(time.Minute, limit))
			require.ErrorIs(t, err, test.err)
			require.Equal(t, test.status, answer.Status)
			require.Len(t, answer.Body, test.want)
			require.Equal(t, 1, closed.closed)
		})
	}
}

func TestGuardTime(t *testing.T) {
	for name, test := range map[string]struct{ client, timeout, want time.Duration }{
		"of the attempt":            {0, time.Second, time.Second},
		"the client's is longer":    {time.Minute, time.Second, time.Second},
		"the client's is shorter":   {time.Second, time.Minute, time.Second},
		"the client's is below 0":   {-1, time.Second, time.Second}, // net/http takes it for none
		"of the client, as it says": {2 * time.Second, 3 * time.Second, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				guard := newGuard(t, http.Client{Timeout: test.client}, func(req *http.Request) (*http.Response, error) {
					<-req.Context().Done()
					return nil, req.Context().Err()
				})
				_, err := guard.Exchange(t.Context(), newRequest(t), within(test.timeout, 100))
				require.ErrorIs(t, err, transport.ErrTimeout)
				require.ErrorContains(t, err, "("+test.want.String()+")")
				require.Equal(t, test.want, time.Since(start))
			})
		})
	}
	t.Run("the call's own end is not a timeout of the attempt", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			guard := newGuard(t, http.Client{}, func(req *http.Request) (*http.Response, error) {
				<-req.Context().Done()
				return nil, req.Context().Err()
			})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := guard.Exchange(ctx, newRequest(t), within(time.Minute, 100))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.NotErrorIs(t, err, transport.ErrTimeout)
		})
	})
}

func TestGuardKeepsPanics(t *testing.T) {
	for name, next := range map[string]roundTripper{
		"round tripper": func(*http.Request) (*http.Response, error) { panic("oops") },
		"body": func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(panicking{}), ContentLength: -1, Request: req}, nil
		},
	} {
		_, err := newGuard(t, http.Client{}, next).Exchange(t.Context(), newRequest(t), within(time.Minute, 100))
		require.ErrorIs(t, err, transport.ErrPanic, name)
		require.ErrorContains(t, err, "oops", name)
	}
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("oops") }

// newGuard makes a guard of https://plaid.test that sends through rt.
func newGuard(t *testing.T, client http.Client, rt roundTripper) *transport.Guard {
	t.Helper()
	client.Transport = rt
	return guardOf(t, client, "https://plaid.test")
}

// within returns limits of time and size for an operation that responds with a 200.
func within(timeout time.Duration, size int64) transport.Limits {
	return transport.Limits{Timeout: timeout, Bytes: size, Success: []int{http.StatusOK}}
}

func newRequest(t *testing.T) *http.Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, "https://plaid.test/", strings.NewReader("{}"))
	require.NoError(t, err)
	return req
}
