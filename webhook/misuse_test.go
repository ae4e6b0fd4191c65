package webhook_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// A verifier with options that cannot be right verifies nothing, reports why, and never panics.
func TestMisuse(t *testing.T) {
	p := newPlaid(t)
	for _, c := range []struct {
		name     string
		verifier *webhook.Verifier
		reason   string
	}{
		{"no keys", webhook.NewVerifier(nil), "webhook: NewVerifier: expected a key source, found nil"},
		{"nil option", webhook.NewVerifier(p, webhook.WithClock(p.now), nil), "webhook: NewVerifier: option 2 is nil"},
		{"the first mistake counts", webhook.NewVerifier(p, nil, webhook.WithLogger(nil)), "webhook: NewVerifier: option 1 is nil"},
		{"nil logger", webhook.NewVerifier(p, webhook.WithLogger(nil)), "webhook: NewVerifier: WithLogger: expected a logger, found nil"},
		{"nil clock", webhook.NewVerifier(p, webhook.WithClock(nil)), "webhook: NewVerifier: WithClock: expected a function, found nil"},
		{"nil seen", webhook.NewVerifier(p, webhook.WithSeen(nil)), "webhook: NewVerifier: WithSeen: expected a function, found nil"},
		{"no key age", webhook.NewVerifier(p, webhook.WithKeyMaxAge(0)), "webhook: NewVerifier: WithKeyMaxAge: expected more than 0 and at most 24h, found 0s"},
		{"key age of days", webhook.NewVerifier(p, webhook.WithKeyMaxAge(25*time.Hour)), "webhook: NewVerifier: WithKeyMaxAge: expected more than 0 and at most 24h, found 25h0m0s"},
		{"leeway backwards", webhook.NewVerifier(p, webhook.WithLeeway(-1)), "webhook: NewVerifier: WithLeeway: expected 0 to 5m, found -1ns"},
		{"leeway of 6 minutes", webhook.NewVerifier(p, webhook.WithLeeway(6*time.Minute)), "webhook: NewVerifier: WithLeeway: expected 0 to 5m, found 6m0s"},
		{"no quota", webhook.NewVerifier(p, webhook.WithKeyQuota(0)), "webhook: NewVerifier: WithKeyQuota: expected 20 to 360 an hour, found 0"},
		{"quota without effect", webhook.NewVerifier(p, webhook.WithKeyQuota(361)), "webhook: NewVerifier: WithKeyQuota: expected 20 to 360 an hour, found 361"},
		{"nil key store", webhook.NewVerifier(p, webhook.WithKeyStore(nil, plaidlink.Sandbox)), "webhook: NewVerifier: WithKeyStore: expected a store, found nil"},
		{"key store of no environment", webhook.NewVerifier(p, webhook.WithKeyStore(keyFile("keys"), "Sandbox")), `webhook: NewVerifier: WithKeyStore: expected the environment that sends the webhooks, found "Sandbox"`},
		{"zero verifier", &webhook.Verifier{}, "webhook: Verify: the verifier was not made by NewVerifier"},
		{"nil verifier", nil, "webhook: Verify: the verifier was not made by NewVerifier"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.verifier.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
			require.EqualError(t, err, c.reason)
			require.NotErrorIs(t, err, webhook.ErrInvalid)
			require.NotErrorIs(t, err, webhook.ErrKeyUnavailable)
			h := c.verifier.Handler(func(context.Context, webhook.Event) error { return nil })
			require.Equal(t, 500, post(t, h, http.MethodPost, p.deliver(t, body, nil), strings.NewReader(body)).Code)
			require.Zero(t, p.fetches())
		})
	}
	t.Run("nil context", func(t *testing.T) {
		_, v := start(t)
		var none context.Context
		_, err := v.Verify(none, nil, nil)
		require.EqualError(t, err, "webhook: Verify: expected a context, found nil")
	})
	t.Run("nil function", func(t *testing.T) {
		var log strings.Builder
		_, v := start(t, webhook.WithLogger(newLogger(&log)))
		require.Equal(t, 500, post(t, v.Handler(nil), http.MethodPost, p.deliver(t, body, nil), strings.NewReader(body)).Code)
		require.Contains(t, log.String(), "webhook: Handler: expected a function, found nil")
	})
	t.Run("nil body, as adapters make it", func(t *testing.T) {
		p, v := start(t)
		r := &http.Request{Method: http.MethodPost, Header: p.deliver(t, body, nil)}
		w := httptest.NewRecorder()
		v.Handler(func(context.Context, webhook.Event) error { return nil }).ServeHTTP(w, r)
		require.Equal(t, 401, w.Code)
	})
	t.Run("logger panics", func(t *testing.T) {
		_, v := start(t, webhook.WithLogger(slog.New(panics{})))
		h := v.Handler(func(context.Context, webhook.Event) error { return nil })
		require.Equal(t, 401, post(t, h, http.MethodPost, nil, strings.NewReader(body)).Code)
	})
}

type panics struct{ slog.Handler }

func (panics) Enabled(context.Context, slog.Level) bool { panic("logger") }
