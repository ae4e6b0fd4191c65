package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

func (a account) newPublicToken(t *testing.T) string {
	t.Helper()
	return a.run(t, "", "public-token", "create", "--institution", "ins_109508", "--products", "auth,identity").field(t, "public_token")
}

func TestPublicTokenCreate(t *testing.T) {
	a := newAccount(t)
	require.Regexp(t, "^public-sandbox-", a.newPublicToken(t))
	require.Equal(t, map[string]any{"institution_id": "ins_109508", "initial_products": []any{"auth", "identity"}}, a.body(t))

	got := a.run(t, `{"institution_id":"ins_109509","initial_products":["auth"],"options":{"webhook":"https://example.com"}}`,
		"public-token", "create", "--body", "-", "--institution", "ins_109510", "--json")
	require.Zero(t, got.code, got.stderr)
	require.True(t, json.Valid([]byte(got.stdout)))
	require.Equal(t, map[string]any{
		"institution_id": "ins_109510", "initial_products": []any{"auth"}, "options": map[string]any{"webhook": "https://example.com"},
	}, a.body(t))

	a.run(t, "", "public-token", "create").failed(t, 2, "expected --institution, or its property in --body")
	a.run(t, "", "public-token", "create", "--institution", "ins_1").failed(t, 2, "expected --products")
}

func TestEligibility(t *testing.T) {
	a := newAccount(t)
	a.AddProfile("+14155550123")
	token := a.newToken(t)
	require.NoError(t, failure(a.FinishLink(token, sandbox.Success())))
	session := a.State().LinkTokens[0].Sessions[0].LinkSessionID
	for phone, want := range map[string]string{"+14155550123": "true", "+14155550124": "false"} {
		got := a.run(t, "", "eligibility", "--phone", phone, "--session", session)
		require.Zero(t, got.code, got.stderr)
		require.Equal(t, want, got.field(t, "profile_matches"))
	}
	a.run(t, "", "eligibility", "--session", session).failed(t, 2, "expected --phone")
	a.run(t, "", "eligibility", "--phone", "+14155550123").failed(t, 2, "expected --session")
}

func TestOAuthExchange(t *testing.T) {
	a := newAccount(t)
	token := a.run(t, `{"payment_initiation":{"payment_id":"payment-id-sandbox-0"}}`, "token", "create", "--body", "-", "--client-name", "Example App",
		"--user", "user-1", "--country", "GB", "--products", "payment_initiation", "--redirect-uri", "https://example.com/r").field(t, "link_token")
	id, err := a.CorrelationID(token)
	require.NoError(t, err)
	got := a.run(t, "", "oauth", "exchange", id)
	require.Zero(t, got.code, got.stderr)
	require.Equal(t, token, got.field(t, "link_token"))
	a.run(t, "", "oauth", "exchange", id).failed(t, 3, "plaidlink oauth exchange: 400 INVALID_")
	a.run(t, "", "oauth", "exchange").failed(t, 2, "expected <correlation-id>")
}
