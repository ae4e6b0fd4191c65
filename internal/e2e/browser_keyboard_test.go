package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// The whole of Link with Tab, Space, Enter and letters: no mouse, and no script that moves the focus.
func TestBrowserNeedsNoMouse(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	link, w := a.link(t), newWindow(t, browser)
	enter := func(t *testing.T) {
		t.Helper()
		w.leads(t, chromedp.KeyEvent(kb.Enter))
	}
	space := chromedp.KeyEvent(" ")
	chromium.check(t, "keyboard: the first page", func(t *testing.T) {
		w.open(t, link.HostedLinkURL)
		w.at(t, "Connect your bank to Example App")
		w.tab(t, "button Exit", "button Continue")
		w.leads(t, space)
	})
	chromium.check(t, "keyboard: the banks", func(t *testing.T) {
		w.at(t, "Choose your bank")
		w.tab(t, "button Exit", "searchbox Search by name or web address")
		w.do(t, chromedp.KeyEvent("tartan"))
		enter(t)
		w.focused(t, "searchbox Search by name or web address")
		w.tab(t, "button Search", "button Tartan Bank")
		enter(t)
	})
	chromium.check(t, "keyboard: a wrong password", func(t *testing.T) {
		w.at(t, "Sign in")
		w.focused(t, "textbox User name")
		w.do(t, chromedp.KeyEvent("user_good"))
		w.tab(t, "textbox Password")
		w.do(t, chromedp.KeyEvent("pass_bad"))
		w.tab(t, "button Sign in")
		enter(t)
	})
	chromium.check(t, "keyboard: the right password", func(t *testing.T) {
		require.NotEmpty(t, w.at(t, "Sign in").alert())
		w.focused(t, "textbox Password")
		w.do(t, chromedp.KeyEvent("pass_good"))
		enter(t)
	})
	chromium.check(t, "keyboard: the accounts", func(t *testing.T) {
		w.at(t, "Choose your accounts")
		w.tab(t, "button Back", "button Exit", "checkbox Plaid Checking")
		w.do(t, space)
		w.tab(t, "checkbox Plaid Saving")
		w.do(t, space)
		w.tab(t, "checkbox Plaid Money Market", "button Continue")
		all := w.look(t)
		require.Equal(t, "true", all.one(t, "Plaid Checking", "checkbox").properties["checked"])
		require.Equal(t, "false", all.one(t, "Plaid Money Market", "checkbox").properties["checked"])
		enter(t)
	})
	chromium.check(t, "keyboard: the end", func(t *testing.T) {
		w.at(t, "Share this with Example App?")
		w.tab(t, "button Back", "button Exit", "button Connect")
		enter(t)
		w.at(t, arrived)
		added := a.sessions(t, link.LinkToken)[0].Results.ItemAddResults[0]
		require.Equal(t, "Tartan Bank", added.Institution.Name)
		require.Len(t, added.Accounts, 2)
	})
	chromium.check(t, "keyboard: a bank's own page, and an exit", func(t *testing.T) {
		link := a.link(t, stays)
		w.open(t, link.HostedLinkURL)
		w.tab(t, "button Exit", "button Continue")
		enter(t)
		w.tab(t, "button Exit", "searchbox Search by name or web address")
		w.do(t, chromedp.KeyEvent("oauth"))
		enter(t)
		w.tab(t, "button Search", "button Platypus OAuth Bank")
		enter(t)
		w.at(t, "Allow Example App to see your accounts?")
		w.tab(t, "button Authorize", "button Deny")
		w.leads(t, space)
		w.at(t, "Sign in at your bank")
		w.focused(t, "button Continue to the bank")
		w.do(t, chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		w.focused(t, "button Exit")
		w.do(t, chromedp.KeyEvent(kb.Enter))
		w.focused(t, "button Stay")
		w.do(t, chromedp.KeyEvent(kb.Escape))
		w.focused(t, "button Exit")
		w.do(t, chromedp.KeyEvent(kb.Enter))
		w.focused(t, "button Stay")
		w.tab(t, "button Leave")
		enter(t)
		w.at(t, "Nothing was shared")
	})
}

// Every button of the state page gets the focus, on the page that somebody holds: the other one loads itself again meanwhile.
func TestBrowserHoldsTheStateByKeyboard(t *testing.T) {
	a, w := newApp(t), newWindow(t, startBrowser(t))
	a.link(t) // one that can be finished
	item := a.sandbox.NewItem()
	_, err := a.sandbox.FinishLink(a.link(t).LinkToken, sandbox.Success())
	require.NoError(t, err)
	require.NoError(t, a.sandbox.WaitWebhooks(t.Context()))
	next := func(t *testing.T) (focus string) { // moves the focus, which takes a moment
		t.Helper()
		before := w.look(t).focus()
		w.do(t, chromedp.KeyEvent(kb.Tab))
		w.until(t, func() bool {
			focus = w.look(t).focus()
			return focus != before
		}, func() string { return "the focus stays on " + before })
		return focus
	}
	chromium.check(t, "keyboard: every button of the state", func(t *testing.T) {
		w.open(t, a.sandbox.URL+"/_sandbox/")
		w.tab(t, "link Hold it")
		w.leads(t, chromedp.KeyEvent(kb.Enter))
		buttons := map[string]bool{}
		for _, e := range w.at(t, "State of the sandbox").with("button") {
			buttons[e.String()] = true
		}
		require.GreaterOrEqual(t, len(buttons), 5+1+2+1+3, "the clock and the key, fail, finish and exit, lose, repeat")
		for range 100 {
			if len(buttons) == 0 {
				break
			}
			delete(buttons, next(t))
		}
		require.Empty(t, buttons, "no Tab comes to these")
	})
	chromium.check(t, "keyboard: a button of the state", func(t *testing.T) {
		w.open(t, a.sandbox.URL+"/_sandbox/?hold")
		for range 100 {
			if next(t) == "button Lose the login of "+item.ItemID {
				break
			}
		}
		w.leads(t, chromedp.KeyEvent(" "))
		require.Contains(t, w.at(t, "State of the sandbox").one(t, "", "main").text, "ITEM_LOGIN_REQUIRED")
	})
}
