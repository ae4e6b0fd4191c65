package otel

import (
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/plaidlink/plaidlink-go"
)

// Transport records a span for each attempt. Pass it to the client with [plaidlink.WithHTTPClient].
type Transport struct {
	Tracer trace.Tracer
	Next   http.RoundTripper
}

// RoundTrip sends the request within a span named after the operation. The span ends when the headers of the response arrive.
func (t Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	attempt, ok := plaidlink.AttemptFrom(req.Context())
	if !ok {
		return t.Next.RoundTrip(req) // not a request of this SDK
	}
	ctx, span := t.Tracer.Start(req.Context(), "plaid."+attempt.Operation,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(
			attribute.Int("http.request.resend_count", attempt.Number-1),
			attribute.String("server.address", req.URL.Hostname()),
		))
	defer span.End()
	resp, err := t.Next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		span.SetStatus(codes.Error, "no response") // the text of the error may contain an address, so it stays with the caller
		return nil, err
	}
	span.SetAttributes(attribute.Int("http.response.status_code", resp.StatusCode))
	if resp.StatusCode != http.StatusOK {
		span.SetStatus(codes.Error, resp.Status)
	}
	return resp, nil
}
