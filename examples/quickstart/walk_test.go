package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// The whole program in a browser, from the first sign-in to the removal, with a restart on the way.
func TestWalk(t *testing.T) {
	w := openWindow(t)
	cfg := config{listen: "127.0.0.1:0", database: filepath.Join(t.TempDir(), "quickstart.db")}
	address, stop := launch(t, cfg)
	cfg.listen = strings.TrimPrefix(address, "http://")

	w.open(address)
	w.accessible()
	w.signIn("Ada")
	w.shows("Ada", "No bank is connected yet.")
	w.accessible()
	w.press("Connect your bank")
	w.shows("Connect your bank to Quickstart")
	w.press("Continue")
	w.leads(200, chromedp.Click(`//button[@name="institution"][contains(., "First Platypus Bank")]`))
	w.bank()
	w.do(chromedp.Click(`//label[contains(., "Plaid Checking")]`))
	w.press("Continue")
	w.press("Connect")
	w.shows("Your bank is connected.", "First Platypus Bank", "Connected on")
	w.accessible()
	w.picture("connected")

	w.press("Let the login expire")
	w.shows("Needs a new login")
	w.accessible()
	w.picture("needs-login")
	w.resize(phone.width, phone.height, "dark")
	w.picture("phone-dark")
	w.resize(screen.width, screen.height, "light")
	w.press("Sign in again")
	w.shows("Sign in to your bank again")
	w.press("Continue")
	w.open(address) // halfway
	w.shows("You have not finished at your bank.")
	w.accessible()
	w.picture("not-finished")
	w.press("Go on there")
	w.shows("Sign in to your bank again")
	w.press("Continue")
	w.bank()
	w.shows("You are signed in again.")
	require.NotContains(t, w.text(), "Needs a new login")

	w.press("Connect another bank")
	w.open(address)
	w.shows("You have not finished at your bank.")
	w.press("Go on there")
	w.press("Exit")
	w.shows("You left before the end, so nothing was connected.")

	w.press("Sign out")
	w.signIn("Bob")
	w.shows("No bank is connected yet.")
	require.NotContains(t, w.text(), "First Platypus Bank")
	w.press("Sign out")
	w.signIn("Ada")

	stop()
	launch(t, cfg)
	w.open(address)
	w.shows("Ada", "First Platypus Bank")
	w.leads(409, chromedp.Click(button("Let the login expire")))
	w.shows("Plaid does not know this connection any more.", "The built-in sandbox forgets")
	w.accessible()
	require.Len(t, w.heard(), 1, "the status 409")
	w.press("Back to your banks")
	w.do(chromedp.Click(button("Remove…")))
	w.accessible()
	w.shows("Remove First Platypus Bank from your list?", "/item/remove")
	w.press("Yes, remove it")
	w.shows("First Platypus Bank was removed from your list.", "No bank is connected yet.")
	w.accessible()
	w.open(address)
	require.NotContains(t, w.text(), "was removed")
	w.leads(404, chromedp.Navigate(address+"/nothing"))
	w.shows("Not found", "There is nothing at this address")
	w.accessible()
	require.Len(t, w.heard(), 1, "the status 404")
}

func (w *window) signIn(name string) {
	w.t.Helper()
	w.fill("name", name)
	w.press("Sign in")
}

// bank signs in at a bank of the sandbox.
func (w *window) bank() {
	w.t.Helper()
	w.fill("username", "user_good")
	w.fill("password", "pass_good")
	w.press("Sign in")
}
