// Package otel shows how to trace the client with OpenTelemetry, which the client itself does not depend on: a round tripper
// learns from plaidlink.AttemptFrom which operation and attempt a request is, and makes a span of it.
package otel
