// Package otel traces the client with OpenTelemetry, which the client itself does not depend on: a round tripper reads the
// operation and the attempt of a request with [github.com/plaidlink/plaidlink-go.AttemptFrom], and records a span.
package otel
