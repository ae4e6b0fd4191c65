package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// page returns the visitor's list of banks.
func (v *visitor) page() string {
	v.q.t.Helper()
	status, _, page := v.do(http.MethodGet, "/", nil)
	require.Equal(v.q.t, http.StatusOK, status)
	return page
}

// later makes pages ask Plaid again.
func (q *quickstart) later() {
	q.app.store.now = func() time.Time { return time.Now().Add(2 * freshness) }
}

func (q *quickstart) token(itemID string) gen.AccessToken {
	q.t.Helper()
	i, err := q.app.store.item(q.t.Context(), "", itemID)
	require.NoError(q.t, err)
	token, err := q.app.store.open(i)
	require.NoError(q.t, err)
	return token
}

// Webhooks are hints: what Plaid reports when it is asked then is what the card shows, however often and late they come.
func TestItemWebhooks(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(*testing.T, *quickstart, string)
		shows   string
		not     string
	}{
		"the login is required": {func(t *testing.T, q *quickstart, item string) { require.NoError(t, q.plaid.RequireLogin(item)) },
			needsLogin, "Ended"},
		"the user repaired it elsewhere": {func(t *testing.T, q *quickstart, item string) {
			require.NoError(t, q.plaid.RequireLogin(item))
			q.webhooks()
			require.NoError(t, q.plaid.RepairElsewhere(item))
		}, ">Connected<", needsLogin},
		"the access ends soon": {func(t *testing.T, q *quickstart, item string) {
			require.NoError(t, q.plaid.SetConsentExpiration(item, time.Now().AddDate(0, 0, 8)))
			q.plaid.Advance(48 * time.Hour)
		}, "Ends soon", needsLogin},
		"there are new accounts": {func(t *testing.T, q *quickstart, item string) {
			_, err := q.app.client.SandboxItemFireWebhook(t.Context(), gen.SandboxItemFireWebhookRequest{
				AccessToken: q.token(item), WebhookCode: "NEW_ACCOUNTS_AVAILABLE", WebhookType: "ITEM"})
			require.NoError(t, err)
		}, "Choose accounts", needsLogin},
		"the access is taken back at the bank": {func(t *testing.T, q *quickstart, item string) { require.NoError(t, q.plaid.RevokeAtBank(item)) },
			needsLogin, "Ended"},
		"the access is taken back at Plaid": {func(t *testing.T, q *quickstart, item string) { require.NoError(t, q.plaid.RevokeAtPlaid(item)) },
			"Ended", "110.00"}, // its data is deleted
		"a code that nobody knows": {func(t *testing.T, q *quickstart, item string) {
			require.NoError(t, q.plaid.RequireLogin(item))
			require.Equal(t, http.StatusOK, q.deliver(q.sign(q.plaid.Signer(), itemEvent(item, "SOMETHING_NEW", ""), time.Now())))
		}, needsLogin, "Ended"},
		"an old loss comes late": {func(t *testing.T, q *quickstart, item string) {
			require.Equal(t, http.StatusOK, q.deliver(q.sign(q.plaid.Signer(), itemEvent(item, "ERROR", "ITEM_LOGIN_REQUIRED"), time.Now())))
		}, ">Connected<", needsLogin},
		"an old warning comes late": {func(t *testing.T, q *quickstart, item string) {
			require.NoError(t, q.plaid.SetConsentExpiration(item, time.Now().AddDate(0, 0, 90)))
			body := fmt.Sprintf(`{"webhook_type":"ITEM","webhook_code":"PENDING_EXPIRATION","item_id":%q,"environment":"sandbox","consent_expiration_time":%q}`,
				item, time.Now().AddDate(0, 0, 3).UTC().Format(time.RFC3339))
			require.Equal(t, http.StatusOK, q.deliver(q.sign(q.plaid.Signer(), body, time.Now())))
		}, ">Connected<", "Ends soon"},
		"a warning without a time": {func(t *testing.T, q *quickstart, item string) {
			body := fmt.Sprintf(`{"webhook_type":"ITEM","webhook_code":"PENDING_DISCONNECT","item_id":%q,"environment":"sandbox","reason":"INSTITUTION_MIGRATION"}`, item)
			require.Equal(t, http.StatusOK, q.deliver(q.sign(q.plaid.Signer(), body, time.Now())))
		}, time.Now().UTC().AddDate(0, 0, 7).Format("2 January 2006"), needsLogin},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			item := v.connect()
			require.Contains(t, v.page(), ">Connected<")
			c.happens(t, q, item)
			for range 2 { // the second time, everything again and out of order
				q.webhooks()
				require.Contains(t, v.page(), c.shows)
				require.NotContains(t, v.page(), c.not)
				q.restart()
			}
		})
	}
}

// A warning and an offer end with update mode; choosing accounts is part of it where there are new ones.
func TestUpdateModeEndsWhatIsAsked(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.app.store.warn(t.Context(), item, time.Now().AddDate(0, 0, 5)))
	require.NoError(t, q.app.store.offer(t.Context(), item))
	require.Contains(t, v.page(), "Ends soon")
	linkToken, back := v.begin("/items/" + item + "/update")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	require.NotContains(t, v.comeBack(back), "Ends soon")
	require.NotContains(t, v.page(), "New accounts")

	require.NoError(t, q.app.store.offer(t.Context(), item))
	v.begin("/items/" + item + "/update")
	all := q.plaid.Requests()
	last := all[len(all)-1]
	require.Equal(t, "linkTokenCreate", last.Operation)
	require.Contains(t, last.Body, `"account_selection_enabled":true`)
}

func (q *quickstart) requests(operation string) (count int) {
	for _, request := range q.plaid.Requests() {
		if request.Operation == operation {
			count++
		}
	}
	return count
}

// A webhook whose hint cannot be followed now fails, so that Plaid delivers it again.
func TestWebhookWhilePlaidDoesNotRespond(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.RequireLogin(item))
	require.NoError(t, q.plaid.Fail("itemGet", sandbox.PlaidError(400, "API_ERROR", "X", "")))
	hint := itemEvent(item, "ERROR", "ITEM_LOGIN_REQUIRED")
	require.Equal(t, http.StatusInternalServerError, q.deliver(q.sign(q.plaid.Signer(), hint, time.Now())))
	require.Equal(t, http.StatusOK, q.deliver(q.sign(q.plaid.Signer(), hint, time.Now())))
	require.Contains(t, v.page(), needsLogin)
}

// Update mode from the webhook to the new login, which changes no access token; and a late SESSION_FINISHED changes nothing.
func TestUpdateMode(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	for range 2 { // the second loss has the bytes of the first
		require.NoError(t, q.plaid.RequireLogin(item))
		q.webhooks()
		q.restart()
		require.Contains(t, v.page(), needsLogin)
		linkToken, back := v.begin("/items/" + item + "/update")
		require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Exited(sandbox.Exit{}))))
		q.webhooks()
		require.Contains(t, v.page(), needsLogin, "the webhook of an exit is not a success")
		page := v.comeBack(back)
		require.Contains(t, page, "so nothing changed")
		require.Contains(t, page, needsLogin)
		require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
		page = v.comeBack(back)
		require.Contains(t, page, "You are signed in again.")
		require.NotContains(t, page, needsLogin)
		require.Equal(t, []string{item}, v.banks())
		require.Equal(t, 1, q.exchanges(), "that of the first connection")
	}
	require.NoError(t, q.plaid.RequireLogin(item))
	q.webhooks()
	q.settle()
	require.Contains(t, v.page(), needsLogin, "the first updates are not news")
}

// What no source describes of Plaid makes no difference: a login is lost, repaired and lost, and the Item removed twice.
func TestWhateverPlaidDoes(t *testing.T) {
	for _, choices := range []sandbox.Choices{
		{RemovedIsInvalidToken: true}, {BrokenItemListsAccounts: true}, {ErrorIsSentAgain: true}, {FiringChangesItem: true},
		{RedeliveryKeepsSignature: true}, {RefusalsEndRetries: true},
	} {
		t.Run(fmt.Sprintf("%+v", choices), func(t *testing.T) {
			q := newQuickstart(t, sandbox.WithChoices(choices))
			v := q.visitor("Ada")
			item := v.connect()
			for range 2 {
				require.NoError(t, q.plaid.RequireLogin(item))
				require.NoError(t, q.plaid.RequireLogin(item))
				q.webhooks()
				require.Contains(t, v.page(), needsLogin)
				require.Contains(t, v.page(), "110.00 USD")
				linkToken, back := v.begin("/items/" + item + "/update")
				require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
				require.NotContains(t, v.comeBack(back), needsLogin)
			}
			_, err := q.app.client.ItemRemove(t.Context(), gen.ItemRemoveRequest{AccessToken: q.token(item)})
			require.NoError(t, err, "elsewhere")
			q.later()
			require.Contains(t, v.page(), "Ended")
			v.do(http.MethodPost, "/items/"+item+"/remove", nil)
			require.Contains(t, v.page(), "was removed, and the connection has ended at Plaid")
		})
	}
}

// Plaid refuses update mode where the access was taken back for good: then the Item is removed.
func TestUpdateModeRefused(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.Fail("linkTokenCreate", sandbox.PlaidError(400, "INVALID_INPUT", "USER_PERMISSION_REVOKED", "")))
	status, to, _ := v.do(http.MethodPost, "/items/"+item+"/update", nil)
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, "/", to)
	require.Contains(t, v.page(), "You took back the access to First Platypus Bank, so it was removed.")
	require.Empty(t, v.banks())
	require.Zero(t, q.plaid.State().Items)
}
