package e2e_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// The page that shows people the state of the sandbox.
func TestBrowserShowsTheState(t *testing.T) {
	a, w := newApp(t), newWindow(t, startBrowser(t))
	state := a.sandbox.URL + "/_sandbox/"
	row := func(t *testing.T, part string) string {
		t.Helper()
		var found []string
		for _, e := range w.at(t, "State of the sandbox").with("row") {
			if strings.Contains(e.text, part) {
				found = append(found, e.text)
			}
		}
		require.Len(t, found, 1, "rows with %s", part)
		return found[0]
	}
	chromium.check(t, "state: nothing yet", func(t *testing.T) {
		w.open(t, state)
		text := w.at(t, "State of the sandbox").one(t, "", "main").text
		for _, part := range []string{
			"No link token was created yet.", "Nobody opened Link yet.", "No request was received yet.", "No webhook was sent yet.",
		} {
			require.Contains(t, text, part)
		}
	})
	link := a.link(t)
	chromium.check(t, "state: a session under way", func(t *testing.T) {
		w.choose(t, link, firstPlatypus)
		w.open(t, state)
		require.Contains(t, row(t, "link-sandbox-"), "open 1")
		id := a.sessions(t, link.LinkToken)[0].LinkSessionID
		require.Equal(t, id+" open "+firstPlatypus+" 4", row(t, id))
	})
	chromium.check(t, "state: a session and its webhooks", func(t *testing.T) {
		w.connect(t, link)
		w.at(t, arrived)
		finished := one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, link.LinkToken))
		w.open(t, state)
		require.Contains(t, row(t, "link-sandbox-"), "used up 2")
		require.Equal(t, finished.LinkSessionID+" SUCCESS "+firstPlatypus+" 9", row(t, finished.LinkSessionID))
		for _, code := range []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"} {
			require.Contains(t, row(t, "LINK "+code), a.url+"/webhook 1 200 OK")
		}
		require.Contains(t, row(t, "linkTokenCreate"), "200 OK")
		text := w.look(t)[0].text
		for _, secret := range []string{link.LinkToken, finished.PublicTokens[0], string(a.sandbox.Credentials().Secret)} {
			require.NotContains(t, text, secret)
		}
	})
}

// Link works without scripts, from the first page to the last.
func TestBrowserNeedsNoScript(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	const noScriptRan = "no script ran" // in appPage
	off := func(t *testing.T) *window {
		t.Helper()
		w := newWindow(t, browser)
		call(t, w, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return w
	}
	chromium.check(t, "no script: success", func(t *testing.T) {
		link, w := a.link(t), off(t)
		w.choose(t, link, firstPlatypus)
		w.signIn(t, "user_good", "pass_bad")
		require.NotEmpty(t, w.at(t, "Sign in").alert())
		w.signIn(t, "user_good", "pass_good")
		w.share(t, "Plaid Checking")
		require.Equal(t, noScriptRan, w.at(t, arrived)[0].name)
		a.exchange(t, one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, link.LinkToken)).PublicTokens[0])
	})
	chromium.check(t, "no script: a payment, through the app", func(t *testing.T) {
		link, w := a.link(t, a.pays), off(t)
		w.choose(t, link, oauthPlatypus)
		w.press(t, "Authorize")
		require.Equal(t, noScriptRan, w.at(t, arrived)[0].name)
		w.press(t, "Go on")
		w.tick(t, "Plaid Checking")
		w.press(t, "Continue")
		w.press(t, "Connect")
		require.Equal(t, noScriptRan, w.at(t, arrived)[0].name)
	})
	chromium.check(t, "no script: exit", func(t *testing.T) {
		link, w := a.link(t), off(t)
		w.choose(t, link, firstPlatypus)
		w.leave(t)
		require.Equal(t, noScriptRan, w.at(t, arrived)[0].name)
	})
}
