package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

const (
	firstPlatypus = "First Platypus Bank"
	oauthPlatypus = "Platypus OAuth Bank"
)

// signIn fills in the page of a bank.
func (w *window) signIn(t *testing.T, user, password string) {
	t.Helper()
	w.at(t, "Sign in")
	w.fill(t, "User name", user)
	w.fill(t, "Password", password)
	w.press(t, "Sign in")
}

// choose goes from the first page to the sign-in at a bank.
func (w *window) choose(t *testing.T, link *gen.LinkTokenCreateResponse, bank string) {
	t.Helper()
	w.open(t, link.HostedLinkURL)
	w.at(t, "Connect your bank to Example App")
	w.press(t, "Continue")
	w.at(t, "Choose your bank")
	w.press(t, bank)
}

// share goes from the accounts to the end.
func (w *window) share(t *testing.T, accounts ...string) {
	t.Helper()
	w.at(t, "Choose your accounts")
	for _, account := range accounts {
		w.tick(t, account)
	}
	w.press(t, "Continue")
	w.at(t, "Share this with Example App?")
	w.press(t, "Connect")
}

// connect goes from the first page to the end.
func (w *window) connect(t *testing.T, link *gen.LinkTokenCreateResponse) {
	t.Helper()
	w.choose(t, link, firstPlatypus)
	w.signIn(t, "user_good", "pass_good")
	w.share(t, "Plaid Checking")
}

// From hosted_link_url to an access token.
func TestBrowserConnectsABank(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	link := a.link(t)
	var payloads []any
	var publicToken string
	chromium.check(t, "a user connects a bank", func(t *testing.T) {
		w := newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		w.signIn(t, "user_good", "pass_good")
		w.at(t, "Choose your accounts")
		w.share(t, "Plaid Checking", "Plaid Saving")
		all := w.at(t, arrived)
		require.Equal(t, appTitle, all[0].name, "scripts of the app run")
		require.Equal(t, []string{"/done"}, a.seen())
	})
	chromium.check(t, "the webhooks arrive and verify", func(t *testing.T) {
		payloads = a.webhooks(t, link.LinkToken)
		require.Len(t, payloads, 3)
		finished := one[*gen.LinkSessionFinishedWebhook](t, payloads)
		require.Equal(t, "SUCCESS", finished.Status)
		require.Len(t, finished.PublicTokens, 1)
		publicToken = finished.PublicTokens[0]
		require.Equal(t, publicToken, one[*gen.ItemAddResultWebhook](t, payloads).PublicToken)
	})
	chromium.check(t, "the session is read back", func(t *testing.T) {
		sessions := a.sessions(t, link.LinkToken)
		require.Len(t, sessions, 1)
		added := sessions[0].Results.ItemAddResults
		require.Len(t, added, 1)
		require.Equal(t, publicToken, added[0].PublicToken)
		require.Equal(t, firstPlatypus, added[0].Institution.Name)
		var accounts []string
		for _, account := range added[0].Accounts {
			accounts = append(accounts, account.Name+" "+account.Mask)
		}
		require.Equal(t, []string{"Plaid Checking 0000", "Plaid Saving 1111"}, accounts)
	})
	chromium.check(t, "its events are those of the webhook", func(t *testing.T) {
		reported := one[*gen.LinkEventsWebhook](t, payloads)
		session := a.sessions(t, link.LinkToken)[0]
		require.Equal(t, session.LinkSessionID, reported.LinkSessionID)
		require.Equal(t, session.Events, reported.Events)
		require.Equal(t, []string{
			"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS",
			"TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW CONNECTED", "HANDOFF",
		}, eventNames(session))
	})
	chromium.check(t, "the public token is exchanged", func(t *testing.T) {
		require.NotEmpty(t, a.exchange(t, publicToken).ItemID)
	})
}

// one returns the only webhook of its type.
func one[T any](t *testing.T, payloads []any) (found T) {
	t.Helper()
	count := 0
	for _, payload := range payloads {
		if p, ok := payload.(T); ok {
			found = p
			count++
		}
	}
	require.Equal(t, 1, count, "%T", found)
	return found
}

func eventNames(session gen.LinkTokenGetSessionsResponse) (names []string) {
	for _, event := range session.Events {
		name := event.EventName
		if view := event.EventMetadata.ViewName; view != "" {
			name += " " + string(view)
		}
		names = append(names, name)
	}
	return names
}
