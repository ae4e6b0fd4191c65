package faults_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// errCause is why a caller ended a context.
var errCause = errors.New("the user closed the tab")

func TestFault22EndedContextSendsNothing(t *testing.T) {
	row := faults.Begin(t, "context ended before the call, also with a cause")
	for name, test := range map[string]struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		want []error
		not  error
	}{
		"canceled": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}, []error{context.Canceled}, context.DeadlineExceeded},
		"canceled with a cause": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(errCause)
			return ctx, func() { cancel(nil) }
		}, []error{context.Canceled, errCause}, context.DeadlineExceeded}, // net/http would return the cause alone
		"deadline passed": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithDeadline(ctx, time.Now())
		}, []error{context.DeadlineExceeded}, context.Canceled},
		"deadline passed, with a cause": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithDeadlineCause(ctx, time.Now(), errCause)
		}, []error{context.DeadlineExceeded, errCause}, context.Canceled},
		"canceled because a deadline passed": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(context.DeadlineExceeded)
			return ctx, func() { cancel(nil) }
		}, []error{context.Canceled, context.DeadlineExceeded}, errCause},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := wiretest.InMemory(wiretest.Reply(200, wiretest.TokenBody))
				c := m.Client(t)
				capture := plaidlink.Response{StatusCode: 200, RequestID: "of the call before", Attempts: 1}
				ctx, cancel := test.end(t.Context())
				defer cancel()
				start := time.Now()
				got := faults.Get.Call(ctx, c, plaidlink.CaptureResponse(&capture))
				require.Nil(t, got.Response())
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 0)
				for _, want := range test.want {
					require.ErrorIs(t, e, want)
				}
				require.NotErrorIs(t, e, test.not)
				require.Empty(t, m.Requests(t), "a request was sent")
				require.Zero(t, e.Attempts)
				require.False(t, e.MaybeCarriedOut)
				require.Zero(t, capture, "it has what another call left")
				require.Zero(t, time.Since(start))
				row.Got(name, got)
			})
		})
	}
}

func TestFault23EndOfTheContextEndsTheCall(t *testing.T) {
	row := faults.Begin(t, "context ended during a wait, during the body")
	for name, test := range map[string]struct {
		reply    wiretest.RoundTripper
		status   int
		earlier  int  // the refusal whose retry was waited for stays reachable
		maybe    bool // whether the call was perhaps carried out
		attempts int
	}{
		"in a wait":          {replyLimited("5"), 429, 1, false, 1},
		"before the headers": {replyNever, 0, 0, true, 1},
		"in the body":        {replyHalf, 200, 0, true, 1},
	} {
		for kind, end := range map[string]func(context.Context) (context.Context, context.CancelFunc){
			"canceled": func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancelCause(ctx)
				time.AfterFunc(1500*time.Millisecond, func() { cancel(errCause) })
				return ctx, func() { cancel(nil) }
			},
			"deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeoutCause(ctx, 1500*time.Millisecond, errCause)
			},
		} {
			if name == "in a wait" && kind == "deadline" {
				continue // such a wait is not begun
			}
			t.Run(name+", "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					start := time.Now()
					m := wiretest.InMemory(test.reply, wiretest.Reply(200, wiretest.TokenBody))
					ctx, cancel := end(t.Context())
					defer cancel()
					c := m.Client(t)
					got := faults.Get.Call(ctx, c)
					require.Equal(t, 1500*time.Millisecond, time.Since(start), "it did not return when the context ended")
					require.Nil(t, got.Response())
					e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, test.status)
					require.ErrorIs(t, e, errCause)
					require.ErrorIs(t, e, ctx.Err())
					require.NotErrorIs(t, e, plaidlink.ErrAttemptTimeout)
					require.Len(t, m.Requests(t), 1)
					require.Equal(t, test.attempts, e.Attempts)
					require.Equal(t, test.maybe, e.MaybeCarriedOut)
					require.Len(t, e.Earlier, test.earlier)
					if test.earlier > 0 {
						require.ErrorIs(t, e.Earlier[0], plaidlink.TypeRateLimitExceeded)
						require.Equal(t, 5*time.Second, wiretest.RequireFailed(t, e.Earlier[0], wiretest.OpGet, 429).RetryAfter)
					}

					_, err := wiretest.GetToken(t, c)
					require.NoError(t, err, "the client goes on working")
					row.Got(name+", "+kind, got)
				})
			})
		}
	}
}

// replyHalf replies with half a body, and with no more of it until the request ends.
func replyHalf(req *http.Request) (*http.Response, error) {
	resp, err := wiretest.Reply(200, "")(req)
	resp.ContentLength = int64(len(wiretest.TokenBody))
	resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(wiretest.TokenBody[:len(wiretest.TokenBody)/2]), untilDone{req.Context()}))
	return resp, err
}

type untilDone struct{ context.Context }

func (r untilDone) Read([]byte) (int, error) {
	<-r.Done()
	return 0, context.Cause(r)
}

// replyNever does not respond: it waits until the request ends.
func replyNever(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}
