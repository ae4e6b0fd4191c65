package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// Banks at which the user signs in on the bank's own page.
func TestBrowserVisitsABank(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	const bankPage = "Allow Example App to see your accounts?"
	chromium.check(t, "authorized", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, oauthPlatypus)
		w.at(t, bankPage)
		w.press(t, "Authorize")
		w.share(t, "Plaid Checking")
		w.at(t, arrived)
		session := a.sessions(t, link.LinkToken)[0]
		require.Contains(t, eventNames(session), "OPEN_OAUTH")
		require.Equal(t, oauthPlatypus, session.Results.ItemAddResults[0].Institution.Name)
		a.exchange(t, one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, link.LinkToken)).PublicTokens[0])
	})
	chromium.check(t, "denied, then authorized", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, oauthPlatypus)
		w.press(t, "Deny")
		require.Contains(t, w.at(t, "Sign in at your bank").alert(), "You did not allow the bank to share anything.")
		w.press(t, "Continue to the bank")
		require.Empty(t, w.at(t, bankPage).alert())
		w.press(t, "Authorize")
		w.share(t, "Plaid Checking")
		w.at(t, arrived)
		require.Contains(t, eventNames(a.sessions(t, link.LinkToken)[0]), "TRANSITION_VIEW ERROR")
	})
	chromium.check(t, "denied, and left", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, oauthPlatypus)
		w.press(t, "Deny")
		w.leave(t)
		w.at(t, arrived)
		session := a.sessions(t, link.LinkToken)[0]
		require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresOAuth, session.Exit.Metadata.Status)
		require.Equal(t, "ACCESS_NOT_GRANTED", session.Exit.Error.ErrorCode)
	})
	chromium.check(t, "a payment, through the app", func(t *testing.T) {
		link, w := a.link(t, a.pays), newWindow(t, browser)
		before := len(a.seen())
		w.choose(t, link, oauthPlatypus)
		w.press(t, "Authorize")
		w.at(t, arrived)
		seen := a.seen()
		require.Len(t, seen, before+1)
		require.Regexp(t, `^/back\?link_correlation_id=[0-9a-f-]{36}$`, seen[before])
		w.press(t, "Go on") // the app has found the link by the correlation id

		w.at(t, "Choose your account")
		w.tick(t, "Plaid Checking")
		w.tick(t, "Plaid Saving") // instead of the other
		w.press(t, "Continue")
		w.press(t, "Connect")
		w.at(t, arrived)
		require.Equal(t, "/done", a.seen()[before+1])
		sessions := a.sessions(t, link.LinkToken)
		require.Len(t, sessions, 1, "it continued")
		accounts := sessions[0].Results.ItemAddResults[0].Accounts
		require.Len(t, accounts, 1)
		require.Equal(t, "Plaid Saving", accounts[0].Name)
		a.exchange(t, one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, link.LinkToken)).PublicTokens[0])
	})
}

// pays asks for a payment: when the bank has agreed, the user is sent to the app.
func (a *app) pays(req *gen.LinkTokenCreateRequest) {
	req.Products = []gen.Products{gen.ProductsPaymentInitiation}
	req.CountryCodes = []gen.CountryCode{gen.CountryCodeGB}
	req.RedirectURI = a.url + "/back"
}

// Update mode: the user signs in again to an existing Item.
func TestBrowserSignsInAgain(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	chromium.check(t, "the Item keeps its access token", func(t *testing.T) {
		w, item := newWindow(t, browser), a.item(t, "ins_109509")
		link := a.link(t, again(item, false))
		w.open(t, link.HostedLinkURL)
		w.at(t, "Sign in to your bank again")
		w.press(t, "Continue")
		w.at(t, "Sign in again")
		w.fill(t, "User name", "user_good")
		w.fill(t, "Password", "pass_good")
		w.press(t, "Sign in")
		w.at(t, arrived)
		finished := one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, link.LinkToken))
		require.Equal(t, item, a.exchange(t, finished.PublicTokens[0]).AccessToken)
	})
	chromium.check(t, "its accounts can be chosen again", func(t *testing.T) {
		w, item := newWindow(t, browser), a.item(t, "ins_109508")
		link := a.link(t, again(item, true), stays)
		w.open(t, link.HostedLinkURL)
		w.press(t, "Continue")
		w.fill(t, "User name", "user_good")
		w.fill(t, "Password", "pass_good")
		w.press(t, "Sign in")
		all := w.at(t, "Choose your accounts")
		require.Equal(t, "true", all.one(t, "Plaid Checking", "checkbox").properties["checked"])
		w.tick(t, "Plaid Saving")
		w.press(t, "Continue")
		w.at(t, "Reconnect Example App?")
		w.press(t, "Reconnect")
		w.at(t, "You are connected again")
		require.Len(t, a.sessions(t, link.LinkToken)[0].Results.ItemAddResults[0].Accounts, 2)
	})
	chromium.check(t, "a bank's own page asks again", func(t *testing.T) {
		w, item := newWindow(t, browser), a.item(t, "ins_127287")
		w.open(t, a.link(t, again(item, false), stays).HostedLinkURL)
		w.press(t, "Continue")
		w.at(t, "Renew access for Example App?")
		w.press(t, "Deny")
		require.Contains(t, w.at(t, "Sign in at your bank again").alert(), "You can try again")
		w.press(t, "Continue to the bank")
		w.press(t, "Authorize")
		w.at(t, "You are connected again")
	})
}

// item makes an Item, and returns its access token.
func (a *app) item(t *testing.T, bank string) gen.AccessToken {
	t.Helper()
	created, err := a.client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
		InstitutionID: bank, InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	require.NoError(t, err)
	return a.exchange(t, created.PublicToken).AccessToken
}

func again(item gen.AccessToken, accounts bool) func(*gen.LinkTokenCreateRequest) {
	return func(req *gen.LinkTokenCreateRequest) {
		req.AccessToken, req.Update = item, &gen.LinkTokenCreateRequestUpdate{AccountSelectionEnabled: &accounts}
	}
}
