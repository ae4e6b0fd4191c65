package main

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// However the news arrives, the bank is connected once, and its public token exchanged once.
func TestNewsInAnyOrder(t *testing.T) {
	type news struct {
		q    *quickstart
		v    *visitor
		back string
	}
	for name, arrive := range map[string]func(news){
		"the redirect alone":              func(n news) { n.v.comeBack(n.back) },
		"the redirect twice":              func(n news) { n.v.comeBack(n.back); n.v.comeBack(n.back) },
		"the webhook alone":               func(n news) { n.q.webhooks(); n.q.settle() },
		"the webhook twice":               func(n news) { n.q.webhooks(); n.q.webhooks(); n.q.settle(); n.q.webhooks() },
		"the webhook before the redirect": func(n news) { n.q.webhooks(); n.v.comeBack(n.back) },
		"the webhook after the redirect":  func(n news) { n.v.comeBack(n.back); n.q.webhooks(); n.q.settle() },
		"a restart between them": func(n news) {
			n.q.webhooks()
			n.q.restart()
			n.v.comeBack(n.back)
			n.q.restart()
			n.q.webhooks()
		},
		"all at once": func(n news) {
			var all sync.WaitGroup
			for range 4 {
				all.Go(n.q.webhooks)
				all.Go(func() { n.v.comeBack(n.back) })
			}
			all.Wait()
		},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			linkToken, back := v.begin("/links")
			require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
			arrive(news{q, v, back})
			require.Len(t, v.banks(), 1)
			require.Equal(t, 1, q.exchanges())
			page := v.comeBack(back)
			require.Contains(t, page, "Your bank is connected.")
			require.Contains(t, page, "First Platypus Bank", "also where only the webhook told")
			require.NotContains(t, q.logs.String(), "level=ERROR")
		})
	}
}

func TestWebhookIsEnough(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	linkToken, _ := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	q.webhooks()
	until(t, func() bool { return len(v.banks()) == 1 }, "the exchanger was woken up")
}

func TestRemovedStaysRemoved(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	status, to, _ := v.do(http.MethodPost, "/items/"+item+"/remove", nil)
	require.Equal(t, http.StatusSeeOther, status)
	require.Equal(t, "/", to)
	q.webhooks() // late
	q.settle()
	require.Empty(t, v.banks())
	require.Equal(t, 1, q.exchanges())
	var tokens int
	require.NoError(t, q.app.store.db.QueryRow("SELECT count(*) FROM items").Scan(&tokens))
	require.Zero(t, tokens, "its access token is forgotten")
	status, _, _ = v.do(http.MethodPost, "/items/"+item+"/remove", nil)
	require.Equal(t, http.StatusNotFound, status, "once")
}

// No page reports a link as unfinished that the user finished in another window, or after which the user did something else.
func TestNoStaleNews(t *testing.T) {
	const unfinished = "You have not finished at your bank"
	q := newQuickstart(t)
	v := q.visitor("Ada")
	v.begin("/links")
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, unfinished)
	linkToken, _ := v.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, unfinished, "it is finished, though neither webhook nor redirect arrived")
	until(t, func() bool { return len(v.banks()) == 1 }, "it is connected")
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, unfinished, "the first link is old")

	v.begin("/links")
	require.NoError(t, q.plaid.Fail("linkTokenGet", sandbox.PlaidError(400, "API_ERROR", "X", "")))
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, unfinished, "Plaid cannot be asked")
	q.app.store.now = func() time.Time { return time.Now().Add(hostedLifetime) }
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, unfinished, "it cannot be finished any more")
	q.app.store.now = time.Now
}

// A user who left can go on with the same page, and a late word of the exit does not undo the success.
func TestExitThenSuccess(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	linkToken, back := v.begin("/links")
	require.Contains(t, v.comeBack(back), "You have not finished")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Exited(sandbox.Exit{}))))
	require.Contains(t, v.comeBack(back), "You left before the end, so nothing was connected")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	require.Contains(t, v.comeBack(back), "Your bank is connected.")
	q.webhooks()
	require.Contains(t, v.comeBack(back), "Your bank is connected.")
	require.Len(t, v.banks(), 1)
}

// Failures of Plaid do not lose a public token; only Plaid's report that it is not valid does.
func TestExchangeFails(t *testing.T) {
	for name, c := range map[string]struct {
		faults  []sandbox.Fault
		late    time.Duration
		first   string // what the user reads at first
		banks   int    // when the exchange was tried again, after a restart
		then    string // and then
		attempt int
	}{
		"Plaid is out of order": {[]sandbox.Fault{sandbox.PlaidError(500, "API_ERROR", "INTERNAL_SERVER_ERROR", "no")}, 0,
			"Your bank is being connected", 1, "Your bank is connected.", 2},
		"the answer is lost, and with it the access token": {[]sandbox.Fault{sandbox.DropResponse()}, 0,
			"Your bank is being connected", 0, "Please connect it once more", 2},
		"the public token is too old": {nil, time.Hour,
			"Please connect it once more", 0, "Please connect it once more", 1},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			linkToken, back := v.begin("/links")
			require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
			require.NoError(t, q.plaid.Fail("itemPublicTokenExchange", c.faults...))
			q.plaid.Advance(c.late)
			require.Contains(t, v.comeBack(back), c.first)
			q.restart()
			q.settle()
			require.Len(t, v.banks(), c.banks)
			require.Contains(t, v.comeBack(back), c.then)
			require.Equal(t, c.attempt, q.exchanges())
			require.NotContains(t, q.logs.String(), "public-sandbox-")
			require.NotContains(t, q.logs.String(), "access-sandbox-")
		})
	}
}

// until waits until done returns true.
func until(t *testing.T, done func() bool, what string) {
	t.Helper()
	deadline, again := time.After(20*time.Second), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-deadline:
			require.FailNow(t, "too long: "+what)
		}
	}
}

func TestLogsHaveNoSecret(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	v.connect()
	q.webhooks()
	logs := q.logs.String()
	require.Contains(t, logs, "item_id=")
	for _, secret := range []string{"access-sandbox-", "public-sandbox-", string(q.plaid.Credentials().Secret), "quickstart_session"} {
		require.False(t, strings.Contains(logs, secret), secret)
	}
}
