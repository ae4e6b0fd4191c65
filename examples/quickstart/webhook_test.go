package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// sign returns a webhook of Plaid's, signed at a time.
func (q *quickstart) sign(signer *sandbox.Signer, body string, at time.Time) letter {
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("Plaid-Verification", signer.Sign([]byte(body), at))
	return letter{header, []byte(body)}
}

func itemEvent(itemID, code, errorCode string) string {
	return fmt.Sprintf(`{"webhook_type":"ITEM","webhook_code":%q,"item_id":%q,"error":{"error_code":%q}}`,
		code, itemID, errorCode)
}

const needsLogin = "Needs a new login"

func TestForgedWebhook(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	body := itemEvent(item, "ERROR", "ITEM_LOGIN_REQUIRED")
	good := q.sign(q.plaid.Signer(), body, time.Now())
	changed := q.sign(q.plaid.Signer(), body, time.Now())
	others := itemEvent("other", "ERROR", "ITEM_LOGIN_REQUIRED")
	changed.body = append(changed.body, ' ')
	for name, c := range map[string]struct {
		letter letter
		status int
	}{
		"another's key":      {q.sign(sandbox.NewSigner(), body, time.Now()), http.StatusUnauthorized},
		"no signature":       {letter{http.Header{}, []byte(body)}, http.StatusUnauthorized},
		"another body":       {changed, http.StatusUnauthorized},
		"six minutes old":    {q.sign(q.plaid.Signer(), body, time.Now().Add(-6*time.Minute)), http.StatusUnauthorized},
		"a body of 2 MiB":    {letter{good.header, []byte(strings.Repeat(" ", 2<<20))}, http.StatusRequestEntityTooLarge},
		"not for us, signed": {q.sign(q.plaid.Signer(), others, time.Now()), http.StatusOK},
		"unknown, signed":    {q.sign(q.plaid.Signer(), `{"webhook_type":"NEW","webhook_code":"NEWER"}`, time.Now()), http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.status, q.deliver(c.letter))
			_, _, page := v.do(http.MethodGet, "/", nil)
			require.NotContains(t, page, needsLogin)
		})
	}
	require.Equal(t, http.StatusOK, q.deliver(good))
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, needsLogin, "it is late, as Plaid reports")
	require.NoError(t, q.plaid.RequireLogin(item))
	require.Equal(t, http.StatusOK, q.deliver(good))
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin)
}

func TestItemWebhooks(t *testing.T) {
	for name, c := range map[string]struct {
		code          string
		broken        bool // at Plaid
		before, after bool
	}{
		"the login is required":        {"ERROR", true, false, true},
		"it was required, and is late": {"ERROR", false, false, false},
		"the consent ends soon":        {"PENDING_EXPIRATION", false, false, true},
		"the connection ends soon":     {"PENDING_DISCONNECT", false, false, true},
		"the user repaired it":         {"LOGIN_REPAIRED", false, true, false},
		"it was repaired, and is late": {"LOGIN_REPAIRED", true, true, true},
		"a code that nobody knows":     {"SOMETHING_NEW", false, true, true},
		"such a code of a broken Item": {"SOMETHING_NEW", true, false, true},
		"another code does not help":   {"NEW_ACCOUNTS_AVAILABLE", false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			item := v.connect()
			require.NoError(t, q.app.store.setNeedsLogin(t.Context(), item, c.before))
			if c.broken {
				require.NoError(t, q.plaid.RequireLogin(item))
			}
			require.Equal(t, http.StatusOK, q.deliver(q.sign(q.plaid.Signer(), itemEvent(item, c.code, ""), time.Now())))
			_, _, page := v.do(http.MethodGet, "/", nil)
			require.Equal(t, c.after, strings.Contains(page, needsLogin))
		})
	}
}

// A webhook is delivered again where Plaid could not be asked about it.
func TestItemWebhookWhilePlaidIsUnreachable(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.RequireLogin(item))
	require.NoError(t, q.plaid.Fail("itemGet", slices.Repeat([]sandbox.Fault{sandbox.HTML(502)}, 3)...))
	loss := q.sign(q.plaid.Signer(), itemEvent(item, "ERROR", "ITEM_LOGIN_REQUIRED"), time.Now())
	require.Equal(t, http.StatusInternalServerError, q.deliver(loss))
	require.Equal(t, http.StatusOK, q.deliver(loss))
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin)
}

// A user who took back the access elsewhere can only remove the Item here.
func TestAccessThatWasTakenBack(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.RevokeAtPlaid(item))
	q.webhooks()
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin)
	status, _, page := v.do(http.MethodPost, "/items/"+item+"/update", nil)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, page, "Plaid does not know this connection any more")
	v.do(http.MethodPost, "/items/"+item+"/remove", nil)
	require.Empty(t, v.banks())
}

// Update mode from the webhook to the new login, which changes no access token; and a late SESSION_FINISHED changes nothing.
func TestUpdateMode(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.RequireLogin(item))
	q.webhooks()
	q.restart()
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin)

	linkToken, back := v.begin("/items/" + item + "/update")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Exited(sandbox.Exit{}))))
	q.webhooks()
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin, "the webhook of an exit is not a success")
	page = v.comeBack(back)
	require.Contains(t, page, "so nothing changed")
	require.Contains(t, page, needsLogin)
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	page = v.comeBack(back)
	require.Contains(t, page, "You are signed in again.")
	require.NotContains(t, page, needsLogin)
	require.Equal(t, []string{item}, v.banks())
	require.Equal(t, 1, q.exchanges(), "that of the first connection")

	require.NoError(t, q.plaid.RequireLogin(item), "another loss, in the same words")
	q.webhooks() // those of the first update too
	q.settle()
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin, "the first update is not news")

	linkToken, _ = v.begin("/items/" + item + "/update")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	q.webhooks()
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, needsLogin, "the webhook alone is enough")
	require.Equal(t, 1, q.exchanges())
}

func TestLetTheLoginExpire(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	for range 2 { // another event, in the same words
		status, _, body := v.do(http.MethodPost, "/items/"+item+"/break", nil)
		require.Equal(t, http.StatusSeeOther, status, body)
		q.webhooks()
		_, _, page := v.do(http.MethodGet, "/", nil)
		require.Contains(t, page, needsLogin)
		linkToken, back := v.begin("/items/" + item + "/update")
		require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
		require.NotContains(t, v.comeBack(back), needsLogin)
	}
}
