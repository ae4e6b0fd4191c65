package plaidlink

import (
	"log/slog"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// log writes one record for an attempt. Its fields are these and no others; none holds a body, a header or a token. A logger
// that panics does not harm the call.
func (c *Client) log(call *call, attempt int, took time.Duration, failure *Error, next retry.Decision) {
	if c.logger == nil {
		return
	}
	defer func() { _ = recover() }()
	level, text := slog.LevelDebug, "plaid: answered"
	if failure != nil {
		level, text = slog.LevelWarn, "plaid: failed"
	}
	if !c.logger.Enabled(call, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", call.operation.ID),
		slog.Int("attempt", attempt),
		slog.Int("status", call.answer.Status),
		slog.Duration("duration", took),
		slog.String("request_id", c.mask(requestID(call.answer.Body))),
	}
	if failure != nil {
		attrs = append(attrs, slog.String("error_type", string(failure.Type)), slog.String("error_code", string(failure.Code)))
		if failure.Code == "" {
			attrs = append(attrs, slog.String("error", failure.reason()))
		}
		if next.Repeat {
			attrs = append(attrs, slog.Duration("retry_delay", next.Delay))
		}
	}
	c.logger.LogAttrs(call, level, text, attrs...)
}
