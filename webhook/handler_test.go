package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// post delivers to a handler.
func post(t *testing.T, h http.Handler, method string, header http.Header, body io.Reader) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/", body)
	r.Header = header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlerStatus(t *testing.T) {
	large := strings.Repeat(" ", 1<<20-len(body)) + body
	for _, c := range []struct {
		name, method, body string
		edit               func(header, claims object)
		failure            error // of the key endpoint
		fn                 error
		called             bool
		status             int
		reason             string
	}{
		{name: "good", body: body, called: true, status: 200},
		{name: "body of 1 MiB", body: large, called: true, status: 200},
		{name: "body over 1 MiB", body: large + " ", status: 413, reason: "webhook: the body is over 1048576 bytes"},
		{name: "not Plaid's", body: body, edit: func(_, claims object) { delete(claims, "iat") }, status: 401, reason: "webhook: iat is missing"},
		{name: "unknown kid", body: body, edit: by("made-up"), status: 401, reason: `webhook: Plaid does not know key "made-up"`},
		{name: "key endpoint down", body: body, failure: errors.New("down"), status: 503, reason: `webhook: key "` + kid + `" cannot be fetched: down`},
		{name: "not decodable", body: `[]`, status: 500, reason: `webhook: the body cannot be decoded: at "": a JSON array does not fit webhook.eventKind`},
		{
			name: "fn fails", body: body, fn: errors.New("no exchange of public-sandbox-1"), called: true, status: 500,
			reason: "no exchange of public-sandbox-[redacted]",
		},
		{name: "fn fails with an error of Verify's", body: body, fn: webhook.ErrInvalid, called: true, status: 500, reason: "webhook: not valid"},
		{name: "GET", method: http.MethodGet, body: body, status: 405, reason: `webhook: the method is "GET", expected POST`},
		{name: "PUT", method: http.MethodPut, body: body, status: 405, reason: `webhook: the method is "PUT", expected POST`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			p, v := start(t, webhook.WithLogger(newLogger(&log)))
			p.failure = c.failure
			var got []webhook.Event
			h := v.Handler(func(ctx context.Context, e webhook.Event) error {
				require.Equal(t, t.Context().Done(), ctx.Done(), "the request's context")
				got = append(got, e)
				return c.fn
			})
			method := http.MethodPost
			if c.method != "" {
				method = c.method
			}
			w := post(t, h, method, p.deliver(t, c.body, c.edit), strings.NewReader(c.body))
			require.Equal(t, c.status, w.Code)
			require.Equal(t, c.called, len(got) == 1)
			require.Equal(t, c.status == 405, w.Header().Get("Allow") == "POST")
			if c.status == 200 {
				require.Empty(t, w.Body.String())
				require.Empty(t, log.String())
				require.Equal(t, c.body, string(got[0].Raw))
				return
			}
			require.Equal(t, http.StatusText(c.status)+"\n", w.Body.String(), "the sender learns no more")
			require.Equal(t, 1, strings.Count(log.String(), "\n"), "one record")
			require.Contains(t, strings.ReplaceAll(log.String(), `\"`, `"`), c.reason)
			require.NotContains(t, log.String(), "sandbox-1")
		})
	}
}

func newLogger(to io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// The record's fields are these, before an event is verified and after.
func TestHandlerLogs(t *testing.T) {
	var log bytes.Buffer
	p, v := start(t, webhook.WithLogger(newLogger(&log)))
	h := v.Handler(func(context.Context, webhook.Event) error { return errors.New("no database") })
	post(t, h, http.MethodPost, nil, strings.NewReader(body))
	require.JSONEq(t, `{"level":"WARN","msg":"plaid: webhook refused","status":401,
		"reason":"webhook: expected one Plaid-Verification header, found 0"}`, log.String())
	log.Reset()
	post(t, h, http.MethodPost, p.deliver(t, body, nil), strings.NewReader(body))
	require.JSONEq(t, `{"level":"WARN","msg":"plaid: webhook failed","status":500,"reason":"no database",
		"id":"`+idOf(`"LINK""SESSION_FINISHED""session-1"`)+`","webhook_type":"LINK","webhook_code":"SESSION_FINISHED"}`, log.String())
}

// The same delivery twice, and a redelivery, have their effect once, where the user keeps the IDs.
func TestHandlerDropsDuplicates(t *testing.T) {
	done := map[string]bool{}
	p, v := start(t, webhook.WithSeen(func(_ context.Context, e webhook.Event) (bool, error) { return done[e.ID], nil }))
	var tokens []string
	h := v.Handler(func(_ context.Context, e webhook.Event) error {
		done[e.ID] = true
		tokens = append(tokens, e.Payload.(*gen.LinkSessionFinishedWebhook).PublicTokens...)
		return nil
	})
	delivery := p.deliver(t, body, nil)
	require.Equal(t, 200, post(t, h, http.MethodPost, delivery, strings.NewReader(body)).Code)
	require.Equal(t, 200, post(t, h, http.MethodPost, delivery, strings.NewReader(body)).Code)
	p.advance(30 * time.Second)
	require.Equal(t, 200, post(t, h, http.MethodPost, p.deliver(t, body, nil), strings.NewReader(body)).Code)
	require.Equal(t, []string{"public-sandbox-1"}, tokens)
	require.Equal(t, 401, post(t, h, http.MethodPost, nil, strings.NewReader(body)).Code, "only what is verified is looked up")
}

// Where WithSeen fails nothing is done: Plaid delivers again.
func TestHandlerSeenFails(t *testing.T) {
	p, v := start(t, webhook.WithSeen(func(context.Context, webhook.Event) (bool, error) { return true, errors.New("no database") }))
	h := v.Handler(func(context.Context, webhook.Event) error { t.Error("called"); return nil })
	require.Equal(t, 500, post(t, h, http.MethodPost, p.deliver(t, body, nil), strings.NewReader(body)).Code)
}
