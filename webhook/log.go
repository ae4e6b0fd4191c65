package webhook

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// log writes one record for a webhook that was not answered 200. Its fields are these and no others; none holds a body, a
// header or a token. A logger that panics does not harm the answer.
func (v *Verifier) log(ctx context.Context, status int, e Event, err error) {
	if v == nil || v.logger == nil {
		return
	}
	defer func() { _ = recover() }()
	text := "plaid: webhook refused"
	if status >= http.StatusInternalServerError {
		text = "plaid: webhook failed"
	}
	attrs := []slog.Attr{slog.Int("status", status), slog.String("reason", reason(err))}
	if e.ID != "" { // it is verified
		attrs = append(attrs, slog.String("id", e.ID), slog.String("webhook_type", e.Type), slog.String("webhook_code", e.Code))
	}
	v.logger.LogAttrs(ctx, slog.LevelWarn, text, attrs...)
}

const maxReason = 4 << 10

// reason is the text of an error, which may be the user's own: without tokens, and bounded.
func reason(err error) string {
	text := safe.Tokens(err.Error())
	return text[:min(len(text), maxReason)]
}
