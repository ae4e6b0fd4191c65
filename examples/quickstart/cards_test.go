package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// What a card shows when Plaid does not respond is what it showed before, and the page comes all the same.
func TestAccountsOnCards(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	v.connect()
	for _, part := range []string{"Plaid Checking", "••0000", "110.00 USD"} {
		require.Contains(t, v.page(), part)
	}
	reads := q.requests("accountsGet")
	v.page()
	require.Equal(t, reads, q.requests("accountsGet"), "not with every page")
	q.later()
	for _, operation := range []string{"itemGet", "accountsGet"} {
		require.NoError(t, q.plaid.Fail(operation, sandbox.PlaidError(400, "API_ERROR", "X", "for developers")))
		page := v.page()
		require.Contains(t, page, "110.00 USD")
		require.Contains(t, page, "Plaid cannot be asked at the moment")
		require.Contains(t, page, ">Connected<")
		require.NotContains(t, page, "for developers")
	}
	require.NotContains(t, v.page(), "Plaid cannot be asked")
}

// Without webhooks, as on a machine that Plaid cannot reach, the next page shows a lost login too.
func TestLostLoginWithoutWebhooks(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.RequireLogin(item))
	require.NotContains(t, v.page(), needsLogin)
	q.later()
	page := v.page()
	require.Contains(t, page, needsLogin)
	require.Contains(t, page, "110.00 USD", "as it was")
}

// An account that is taken back at the bank leaves the card, and the database.
func TestAccountRevoked(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	linkToken, back := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success(sandbox.Item{Institution: sandbox.Institution{ID: "ins_13"},
		Accounts: []sandbox.Account{{ID: "a", Name: "Mine"}, {ID: "b", Name: "Ours"}}}))))
	require.Contains(t, v.comeBack(back), "Ours")
	require.NoError(t, q.plaid.RevokeAccount(v.banks()[0], "b"))
	q.webhooks()
	page := v.page()
	require.Contains(t, page, "Mine")
	require.NotContains(t, page, "Ours")
}
