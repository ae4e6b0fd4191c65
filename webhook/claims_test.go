package webhook_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/webhook"
)

// What is wrong with the claims, or does not fit the body, is seen before any key is fetched.
func TestClaimsAreRefused(t *testing.T) {
	iat := func(value any) func(_, claims object) {
		return func(_, claims object) { claims["iat"] = value }
	}
	ago := func(d time.Duration) func(_, claims object) {
		return func(_, claims object) { claims["iat"] = claims["iat"].(int64) - int64(d/time.Second) }
	}
	hash := func(change func(string) any) func(_, claims object) {
		return func(_, claims object) {
			claims["request_body_sha256"] = change(claims["request_body_sha256"].(string))
		}
	}
	for _, c := range []struct {
		name   string
		edit   func(header, claims object)
		body   string
		reason string
	}{
		{"iat missing", func(_, claims object) { delete(claims, "iat") }, body, "webhook: iat is missing"},
		{"iat null", iat(nil), body, "webhook: iat is not an integer of Unix seconds"},
		{"iat 6 minutes old", ago(6 * time.Minute), body, "webhook: iat is 6m0s old, expected at most 5m0s"},
		{"iat 1 second too old", ago(301 * time.Second), body, "webhook: iat is 5m1s old, expected at most 5m0s"},
		{"iat 4 minutes ahead", ago(-4 * time.Minute), body, "webhook: iat is 4m0s ahead of this clock, expected at most 3m0s"},
		{"iat 1 second too far ahead", ago(-181 * time.Second), body, "webhook: iat is 3m1s ahead of this clock, expected at most 3m0s"},
		{"iat a float", iat(1772366400.5), body, "webhook: iat is not an integer of Unix seconds"},
		{"iat a text", iat("1772366400"), body, "webhook: iat is not an integer of Unix seconds"},
		{"iat 2^63-1, which overflows times", iat(int64(1<<63 - 1)), body, "webhook: iat is not an integer of Unix seconds"},
		{"iat negative", iat(-1), body, "webhook: iat is not an integer of Unix seconds"},

		{"body changed by one space", nil, body + " ", "webhook: request_body_sha256 is not the SHA-256 of the body: expected the body as it was sent"},
		{"body empty", nil, "", "webhook: request_body_sha256 is not the SHA-256 of the body: expected the body as it was sent"},
		{"hash missing", func(_, claims object) { delete(claims, "request_body_sha256") }, body, "webhook: request_body_sha256 is missing"},
		{"hash null", hash(func(string) any { return nil }), body, "webhook: request_body_sha256 is missing"},
		{"hash short", hash(func(s string) any { return s[:63] }), body, "webhook: request_body_sha256 has 63 bytes, expected 64 hex digits"},
		{"hash empty", hash(func(string) any { return "" }), body, "webhook: request_body_sha256 has 0 bytes, expected 64 hex digits"},
		{"hash upper case", hash(func(s string) any { return strings.ToUpper(s) }), body, "webhook: request_body_sha256 has other characters than lower-case hex digits"},
		{"hash a number", hash(func(string) any { return 1 }), body, `webhook: the claims part of the JWT cannot be decoded: at "/request_body_sha256": a JSON number does not fit string`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, v := start(t)
			_, err := v.Verify(t.Context(), p.deliver(t, body, c.edit), []byte(c.body))
			require.ErrorIs(t, err, webhook.ErrInvalid)
			require.EqualError(t, err, c.reason)
			require.Zero(t, p.fetches(), "no key is fetched")
		})
	}
	t.Run("iat twice", func(t *testing.T) {
		p, v := start(t)
		claims := text(t, p.claims(body))
		_, err := v.Verify(t.Context(), carry(p.sign(t, `{"alg":"ES256","kid":"`+kid+`"}`, claims[:len(claims)-1]+`,"iat":1}`)), []byte(body))
		require.EqualError(t, err, `webhook: the claims part of the JWT cannot be decoded: at "/iat", byte 107: a name appears twice`)
	})
}

func TestClaimsAreAccepted(t *testing.T) {
	for name, edit := range map[string]func(header, claims object){
		"iat 5 minutes old":  func(_, claims object) { claims["iat"] = claims["iat"].(int64) - 300 },
		"iat 3 min ahead":    func(_, claims object) { claims["iat"] = claims["iat"].(int64) + 180 },
		"unknown properties": func(header, claims object) { header["new"], claims["new"] = 1, object{} },
		"typ missing":        func(header, _ object) { delete(header, "typ") },
	} {
		t.Run(name, func(t *testing.T) {
			p, v := start(t)
			_, err := v.Verify(t.Context(), p.deliver(t, body, edit), []byte(body))
			require.NoError(t, err)
		})
	}
}

// This host's clock may be behind, as far as the option allows.
func TestLeeway(t *testing.T) {
	for _, c := range []struct {
		leeway, behind time.Duration
		accepted       bool
	}{
		{leeway: 0, behind: time.Second},
		{leeway: 0, behind: 0, accepted: true},
		{leeway: time.Minute, behind: 61 * time.Second},
		{leeway: time.Minute, behind: time.Minute, accepted: true},
		{leeway: 5 * time.Minute, behind: 5 * time.Minute, accepted: true},
		{leeway: 5 * time.Minute, behind: 301 * time.Second},
	} {
		p, v := start(t, webhook.WithLeeway(c.leeway))
		delivery := p.deliver(t, body, nil)
		p.advance(-c.behind)
		_, err := v.Verify(t.Context(), delivery, []byte(body))
		require.Equal(t, c.accepted, err == nil, "leeway %v, clock %v behind", c.leeway, c.behind)
		t.Attr("got", fmt.Sprintf("leeway %s, clock %s behind: error=%v", c.leeway, c.behind, err))
	}
	for behind, accepted := range map[time.Duration]bool{2 * time.Minute: true, 4 * time.Minute: false} {
		p, v := start(t)
		delivery := p.deliver(t, body, nil)
		p.advance(-behind)
		_, err := v.Verify(t.Context(), delivery, []byte(body))
		require.Equal(t, accepted, err == nil, "leeway by default, clock %v behind", behind)
		t.Attr("got", fmt.Sprintf("leeway by default, clock %s behind: error=%v", behind, err))
	}
	p, v := start(t, webhook.WithLeeway(5*time.Minute))
	delivery := p.deliver(t, body, nil)
	p.advance(301 * time.Second)
	_, err := v.Verify(t.Context(), delivery, []byte(body))
	require.EqualError(t, err, "webhook: iat is 5m1s old, expected at most 5m0s", "it does not make a webhook last longer")
}

// A replay verifies while it is young: it has the ID by which it is dropped.
func TestReplay(t *testing.T) {
	p, v := start(t)
	delivery := p.deliver(t, body, nil)
	first, err := v.Verify(t.Context(), delivery, []byte(body))
	require.NoError(t, err)
	p.advance(5 * time.Minute)
	second, err := v.Verify(t.Context(), delivery, []byte(body))
	require.NoError(t, err)
	require.Equal(t, first, second)
	p.advance(time.Second)
	_, err = v.Verify(t.Context(), delivery, []byte(body))
	require.ErrorIs(t, err, webhook.ErrInvalid)
}
