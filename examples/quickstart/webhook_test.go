package main

import (
	"fmt"
	"net/http"
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

func itemEvent(itemID, code, errorCode, requestID string) string {
	return fmt.Sprintf(`{"webhook_type":"ITEM","webhook_code":%q,"item_id":%q,"error":{"error_code":%q,"request_id":%q}}`,
		code, itemID, errorCode, requestID)
}

const needsLogin = "Needs a new login"

func TestForgedWebhook(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	body := itemEvent(item, "ERROR", "ITEM_LOGIN_REQUIRED", "1")
	good := q.sign(q.plaid.Signer(), body, time.Now())
	changed := q.sign(q.plaid.Signer(), body, time.Now())
	others := itemEvent("other", "ERROR", "ITEM_LOGIN_REQUIRED", "1")
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
	require.Contains(t, page, needsLogin)
}

func TestItemWebhooks(t *testing.T) {
	for name, c := range map[string]struct {
		code, errorCode string
		before, after   bool
	}{
		"the login is required":       {"ERROR", "ITEM_LOGIN_REQUIRED", false, true},
		"another error":               {"ERROR", "INSTITUTION_DOWN", false, false},
		"the consent ends soon":       {"PENDING_EXPIRATION", "", false, true},
		"the connection ends soon":    {"PENDING_DISCONNECT", "", false, true},
		"the user repaired it":        {"LOGIN_REPAIRED", "", true, false},
		"a code that nobody knows":    {"SOMETHING_NEW", "", true, true},
		"another error does not help": {"ERROR", "INSTITUTION_DOWN", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			item := v.connect()
			require.NoError(t, q.app.store.setNeedsLogin(t.Context(), "before", item, c.before))
			require.Equal(t, http.StatusOK, q.deliver(q.sign(q.plaid.Signer(), itemEvent(item, c.code, c.errorCode, "1"), time.Now())))
			_, _, page := v.do(http.MethodGet, "/", nil)
			require.Equal(t, c.after, strings.Contains(page, needsLogin))
		})
	}
}

// Update mode from the webhook to the new login, which changes no access token; and what arrives late changes nothing.
func TestUpdateMode(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	login := func(requestID string) letter {
		return q.sign(q.plaid.Signer(), itemEvent(item, "ERROR", "ITEM_LOGIN_REQUIRED", requestID), time.Now())
	}
	first := login("1")
	require.Equal(t, http.StatusOK, q.deliver(first))
	q.restart()
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin)

	linkToken, back := v.begin("/items/" + item + "/update")
	require.NoError(t, q.plaid.FinishLink(linkToken, sandbox.Exited(sandbox.Exit{})))
	q.webhooks()
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin, "the webhook of an exit is not a success")
	page = v.comeBack(back)
	require.Contains(t, page, "so nothing changed")
	require.Contains(t, page, needsLogin)
	require.NoError(t, q.plaid.FinishLink(linkToken, sandbox.Success()))
	page = v.comeBack(back)
	require.Contains(t, page, "You are signed in again.")
	require.NotContains(t, page, needsLogin)
	require.Equal(t, []string{item}, v.banks())
	require.Equal(t, 1, q.exchanges(), "that of the first connection")

	require.Equal(t, http.StatusOK, q.deliver(first), "the loss of the login, once more")
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, needsLogin)
	require.Equal(t, http.StatusOK, q.deliver(login("2")), "another loss")
	q.webhooks() // those of the first update
	q.settle()
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin, "the first update is not news")

	linkToken, _ = v.begin("/items/" + item + "/update")
	require.NoError(t, q.plaid.FinishLink(linkToken, sandbox.Success()))
	q.webhooks()
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, needsLogin, "the webhook alone is enough")
	require.Equal(t, 1, q.exchanges())
}

// The same body a day later is another event: an Item's webhooks have no id of their own.
func TestTheSameLossNextDay(t *testing.T) {
	q := newQuickstart(t)
	item := q.visitor("Ada").connect()
	store, now := q.app.store, time.Now()
	for number, step := range []struct {
		id    string
		after time.Duration
		needs bool
		want  bool
	}{
		{"loss", 0, true, true},
		{"repair", time.Minute, false, false},
		{"loss", 24 * time.Hour, true, false},
		{"loss", 26 * time.Hour, true, true},
	} {
		store.now = func() time.Time { return now.Add(step.after) }
		require.NoError(t, store.setNeedsLogin(t.Context(), step.id, item, step.needs))
		var needs bool
		require.NoError(t, store.db.QueryRow("SELECT needs_login FROM items").Scan(&needs))
		require.Equal(t, step.want, needs, "step %d", number)
	}
}

// A webhook without an id is recorded each time.
func TestWebhookWithoutID(t *testing.T) {
	q := newQuickstart(t)
	item := q.visitor("Ada").connect()
	for _, needs := range []bool{true, false, true} {
		require.NoError(t, q.app.store.setNeedsLogin(t.Context(), "", item, needs))
		var stored bool
		require.NoError(t, q.app.store.db.QueryRow("SELECT needs_login FROM items").Scan(&stored))
		require.Equal(t, needs, stored)
	}
}

func TestLetTheLoginExpire(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	for range 2 { // each is another event
		status, _, body := v.do(http.MethodPost, "/items/"+item+"/break", nil)
		require.Equal(t, http.StatusSeeOther, status, body)
		_, _, page := v.do(http.MethodGet, "/", nil)
		require.Contains(t, page, needsLogin)
		linkToken, back := v.begin("/items/" + item + "/update")
		require.NoError(t, q.plaid.FinishLink(linkToken, sandbox.Success()))
		require.NotContains(t, v.comeBack(back), needsLogin)
	}
}
