package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// Two windows of one browser, and what else people do to a page.
func TestBrowserHasTwoWindows(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	chromium.check(t, "two links do not mix", func(t *testing.T) {
		links := []*gen.LinkTokenCreateResponse{a.link(t), a.link(t)}
		windows := []*window{newWindow(t, browser), newWindow(t, browser)}
		banks := []string{firstPlatypus, "Tartan Bank"}
		for i, w := range windows {
			w.choose(t, links[i], banks[i])
		}
		for _, w := range windows {
			w.signIn(t, "user_good", "pass_good")
		}
		for i, w := range windows {
			w.share(t, []string{"Plaid Checking", "Plaid Saving"}[i])
		}
		for i, w := range windows {
			w.at(t, arrived)
			added := a.sessions(t, links[i].LinkToken)[0].Results.ItemAddResults[0]
			require.Equal(t, banks[i], added.Institution.Name)
			a.exchange(t, one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, links[i].LinkToken)).PublicTokens[0])
		}
	})
	chromium.check(t, "one link in both: the first success uses it up", func(t *testing.T) {
		link, first, second := a.link(t), newWindow(t, browser), newWindow(t, browser)
		first.choose(t, link, firstPlatypus)
		second.choose(t, link, "Tartan Bank")
		second.signIn(t, "user_good", "pass_good")
		first.signIn(t, "user_good", "pass_good")
		second.share(t, "Plaid Checking")
		second.at(t, arrived)
		first.tick(t, "Plaid Checking")
		first.press(t, "Continue")
		first.at(t, "This link was used")
		sessions := a.sessions(t, link.LinkToken)
		require.Len(t, sessions, 2)
		require.NotNil(t, sessions[0].Exit)
		require.NotNil(t, sessions[1].Results)
		require.Len(t, a.webhooks(t, link.LinkToken), 5, "of a success and of an exit")
	})
	chromium.check(t, "one session in both: the old page changes nothing", func(t *testing.T) {
		link, first, second := a.link(t), newWindow(t, browser), newWindow(t, browser)
		first.choose(t, link, firstPlatypus)
		address, err := chromedp.Run(first.ctx, chromedp.Location())
		require.NoError(t, err)
		second.open(t, address)
		second.signIn(t, "user_good", "pass_bad")
		second.fill(t, "Password", "pass_good")
		second.press(t, "Sign in")
		first.signIn(t, "user_good", "pass_bad")
		require.Empty(t, first.at(t, "Choose your accounts").alert(), "it shows the current step of the session")
		first.share(t, "Plaid Checking")
		first.at(t, arrived)
		require.Len(t, a.sessions(t, link.LinkToken), 1)
	})
	chromium.check(t, "the browser's back button", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		w.signIn(t, "user_good", "pass_good")
		w.at(t, "Choose your accounts")
		w.back(t)
		w.at(t, "Choose your accounts") // the current step of the session
		w.share(t, "Plaid Checking")
		w.at(t, arrived)
		w.back(t)
		if w.look(t).headings()[0].name == "Share this with Example App?" { // Chromium kept the page, although it must not store it
			w.press(t, "Connect")
		}
		w.at(t, "You are connected")
		w.press(t, "Return to Example App")
		w.at(t, arrived)
		require.Len(t, a.sessions(t, link.LinkToken), 1)
	})
	chromium.check(t, "a double click connects once", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		w.signIn(t, "user_good", "pass_good")
		w.tick(t, "Plaid Checking")
		w.press(t, "Continue")
		click := w.click(t, w.at(t, "Share this with Example App?").one(t, "Connect", "button"))
		w.leads(t, chromedp.Steps(click, click))
		w.until(t, func() bool {
			title := w.look(t)[0].name
			return title == appTitle || title == "Connected – Example App"
		}, func() string { return "the session does not end" })
		require.Len(t, one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, link.LinkToken)).PublicTokens, 1)
		require.Len(t, a.sessions(t, link.LinkToken), 1)
	})
}
