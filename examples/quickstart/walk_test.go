package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
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
	w.connect()
	w.shows("Your bank is connected.", "First Platypus Bank", "Connected on", "Plaid Checking ••0000", "110.00 USD")
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
	w.do(chromedp.Click(button("Exit")))
	w.press("Leave")
	w.shows("You left before the end, so nothing was connected.")

	w.press("Connect another bank")
	w.connect()
	w.shows("You seem to have connected this bank already: First Platypus Bank, Plaid Checking ••0000.")
	w.accessible()
	w.picture("twice")
	w.resize(phone.width, phone.height, "light")
	w.picture("phone-twice")
	w.resize(screen.width, screen.height, "light")
	w.press("Keep the one I have")
	w.shows("Nothing was connected a second time.")

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
	w.shows("Ended", "The built-in sandbox forgets")
	w.accessible()
	w.do(chromedp.Click(button("Remove…")))
	w.accessible()
	w.shows("Remove First Platypus Bank?", "The connection ends at Plaid")
	w.press("Yes, remove it")
	w.shows("First Platypus Bank was removed, and the connection has ended at Plaid.", "No bank is connected yet.")
	w.accessible()
	w.open(address)
	require.NotContains(t, w.text(), "was removed")
	w.leads(404, chromedp.Navigate(address+"/nothing"))
	w.shows("Not found", "There is nothing at this address")
	w.accessible()
	require.Len(t, w.heard(), 1, "the status 404")
}

// What happens to a bank in the months after, in a browser.
func TestWalkLife(t *testing.T) {
	w := openWindow(t)
	plaid := sandbox.NewServer()
	t.Cleanup(plaid.Close)
	cfg := config{listen: "127.0.0.1:0", database: filepath.Join(t.TempDir(), "quickstart.db"),
		sandboxURL: plaid.URL, credentials: plaid.Credentials()}
	address, stop := launch(t, cfg)
	cfg.listen = strings.TrimPrefix(address, "http://")
	happens := func(err error, shows ...string) {
		t.Helper()
		require.NoError(t, err)
		require.NoError(t, plaid.WaitWebhooks(t.Context()))
		w.open(address)
		w.shows(shows...)
		w.accessible()
	}
	w.open(address)
	w.signIn("Ada")
	w.press("Connect your bank")
	w.connect()
	w.shows("Your bank is connected.")
	item := w.item()

	happens(plaid.SetConsentExpiration(item, plaid.Now().AddDate(0, 0, 8)))
	plaid.Advance(48 * time.Hour)
	happens(nil, "Ends soon", "Sign in again before, to keep it.")
	w.picture("ends-soon")
	w.press("Sign in again")
	w.press("Continue")
	w.bank()
	w.shows("You are signed in again.")
	require.NotContains(t, w.text(), "Ends soon")

	webhook, err := plaid.Signer().Request(address+hookPath, []byte(itemEvent(item, "NEW_ACCOUNTS_AVAILABLE", "")))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(webhook)
	require.NoError(t, err)
	happens(response.Body.Close(), "New accounts", "Choose accounts")
	w.picture("new-accounts")
	w.press("Choose accounts")
	w.press("Continue")
	w.bank()
	w.do(chromedp.Click(`//label[contains(., "Plaid Saving")]`))
	w.press("Continue")
	w.press("Reconnect")
	w.shows("You are signed in again.", "Plaid Checking", "Plaid Saving ••1111", "210.00 USD")
	require.NotContains(t, w.text(), "New accounts")
	w.do(chromedp.Click(button("Security…")))
	w.accessible()
	w.press("Replace it")
	w.shows("The access token of First Platypus Bank was replaced.")
	require.NoError(t, plaid.Fail("itemAccessTokenInvalidate", sandbox.DropResponse()))
	w.do(chromedp.Click(button("Security…")))
	w.press("Replace it")
	w.shows("Its access token is being replaced.")
	w.accessible()
	stop()
	launch(t, cfg)
	happens(nil, "Lost", "nobody can use this connection")
	w.picture("lost")

	w.press("Connect another bank")
	w.connect()
	w.shows("Your bank is connected.")
	w.do(chromedp.Click(button("Remove…")))
	w.press("Yes, remove it")
	w.shows("At Plaid the connection continues, because its access token is lost")
	w.accessible()

	item = w.item()
	require.NoError(t, plaid.Fail("itemRemove", sandbox.PlaidError(400, "API_ERROR", "X", "")))
	w.do(chromedp.Click(button("Remove…")))
	w.leads(502, chromedp.Click(button("Yes, remove it")))
	w.shows("Plaid cannot be reached now")
	w.accessible()
	require.Len(t, w.heard(), 1, "the status 502")
	happens(plaid.RevokeAtPlaid(item), "Ended", "It was ended at your bank or at Plaid.")
	w.picture("ended")
	w.do(chromedp.Click(button("Remove…")))
	w.press("Yes, remove it")
	w.shows("First Platypus Bank was removed, and the connection has ended at Plaid.")
}

// item returns the id of the first Item on the page.
func (w *window) item() (id string) {
	w.t.Helper()
	ctx, cancel := w.bounded()
	defer cancel()
	id, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("[id^=name-]").id.slice(5)`))
	require.NoError(w.t, err)
	return id
}

// connect goes through Plaid's page.
func (w *window) connect() {
	w.t.Helper()
	w.shows("Connect your bank to Quickstart")
	w.press("Continue")
	w.leads(200, chromedp.Click(`//button[@name="institution"][contains(., "First Platypus Bank")]`))
	w.bank()
	w.do(chromedp.Click(`//label[contains(., "Plaid Checking")]`))
	w.press("Continue")
	w.press("Connect")
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
