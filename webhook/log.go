package webhook

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// log writes one record for a webhook that did not get 200. Its fields are these and no others; none holds a body, a header
// or a token.
func (v *Verifier) log(ctx context.Context, status int, e Event, err error) {
	if v == nil || v.keys == nil {
		return
	}
	text := "plaid: webhook refused"
	if status >= http.StatusInternalServerError {
		text = "plaid: webhook failed"
	}
	attrs := []slog.Attr{slog.Int("status", status), slog.String("reason", reason(err))}
	if !e.IssuedAt.IsZero() { // it is verified
		attrs = append(attrs, e.attrs()...)
	}
	warn(ctx, v.keys.logger, text, attrs...)
}

// warn writes a record to a logger, if there is one. A logger that panics harms nothing.
func warn(ctx context.Context, logger *slog.Logger, text string, attrs ...slog.Attr) {
	if logger == nil {
		return
	}
	defer func() { _ = recover() }()
	logger.LogAttrs(ctx, slog.LevelWarn, text, attrs...)
}

const maxReason = 4 << 10

// reason is the text of an error, which may be the user's own: without tokens, and bounded.
func reason(err error) string {
	text := safe.Tokens(err.Error())
	return text[:min(len(text), maxReason)]
}
