package plaidlink

import (
	"context"
	"log/slog"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// log writes one record for the last attempt of a call. Its fields are these and no others; none holds a body, a header or a
// token. A logger that panics does not harm the call.
func (c *Client) log(ctx context.Context, call *call, failure *Error, next retry.Decision) {
	if c.logger == nil {
		return
	}
	defer func() { _ = recover() }()
	level, text := slog.LevelDebug, "plaid: responded"
	if len(call.departures) > 0 {
		level = slog.LevelWarn
	}
	if failure != nil {
		level, text = slog.LevelWarn, "plaid: failed"
	}
	if !c.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", call.operation.ID),
		slog.Int("attempt", call.attempts),
		slog.Int("status", call.response.Status),
		slog.Duration("duration", time.Since(call.started)),
		slog.String("request_id", cut(c.mask(requestID(call.response.Body)), maxNameBytes)),
	}
	if failure != nil {
		attrs = append(attrs, slog.String("error_type", cut(string(failure.Type), maxNameBytes)), slog.String("error_code", cut(string(failure.Code), maxNameBytes)))
		if failure.Code == "" {
			attrs = append(attrs, slog.String("error", cut(failure.reason(), maxReasonBytes)))
		}
		if next.Retry {
			attrs = append(attrs, slog.Duration("retry_delay", next.Delay))
		}
	}
	if len(call.departures) > 0 {
		attrs = append(attrs, slog.Any("departures", call.departures))
	}
	c.logger.LogAttrs(call.attemptContext(ctx), level, text, attrs...)
}
