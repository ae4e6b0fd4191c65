package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// What goes wrong at a bank, and what the user does then.
func TestBrowserSignsIn(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	const wrong = "The user name or the password is not right. Try again. Error code INVALID_CREDENTIALS"
	chromium.check(t, "a wrong password is reported, the right one continues", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		w.signIn(t, "user_good", "pass_bad")
		all := w.at(t, "Sign in")
		require.Equal(t, wrong, all.alert())
		require.Equal(t, "user_good", all.one(t, "User name", "textbox").value, "it is kept")
		password := all.one(t, "Password", "textbox")
		require.Empty(t, password.value, "it is not kept")
		require.Equal(t, wrong, password.description)
		w.focused(t, "textbox Password")

		w.fill(t, "Password", "pass_good")
		w.press(t, "Sign in")
		require.Empty(t, w.at(t, "Choose your accounts").alert())
		w.share(t, "Plaid Checking")
		w.at(t, arrived)
		session := a.sessions(t, link.LinkToken)[0]
		require.Contains(t, eventNames(session), "ERROR")
		a.exchange(t, session.Results.ItemAddResults[0].PublicToken)
	})
	const down = "This bank cannot be reached now. Try again later, or choose another one. Error code INSTITUTION_DOWN"
	for password, said := range map[string]string{
		"error_ITEM_LOCKED": "The bank has locked this login, as it does after several wrong passwords. Sign in at the bank's own website or " +
			"app to unlock it, then try again here. Error code ITEM_LOCKED",
		"error_INSTITUTION_DOWN":     down,
		"error_no_code_at_all_but_1": wrong,
	} {
		chromium.check(t, "the password "+password+" fails", func(t *testing.T) {
			link, w := a.link(t), newWindow(t, browser)
			w.choose(t, link, firstPlatypus)
			w.signIn(t, "user_good", password)
			require.Equal(t, said, w.at(t, "Sign in").alert())
			w.leave(t)
			w.at(t, arrived)
			exit := a.sessions(t, link.LinkToken)[0].Exit
			require.Contains(t, said, exit.Error.ErrorCode, "the exit has the last error")
			require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresCredentials, exit.Metadata.Status)
		})
	}
	chromium.check(t, "a bank is down, another works", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, "Unhealthy Platypus Bank (down)")
		w.signIn(t, "user_good", "pass_good")
		require.Contains(t, w.at(t, "Sign in").alert(), "INSTITUTION_DOWN")
		w.press(t, "Back")
		require.Empty(t, w.at(t, "Choose your bank").alert())
		w.press(t, "Tartan Bank")
		w.signIn(t, "user_good", "pass_good")
		w.share(t, "Plaid Saving")
		w.at(t, arrived)
		session := a.sessions(t, link.LinkToken)[0]
		require.Equal(t, "Tartan Bank", session.Results.ItemAddResults[0].Institution.Name)
	})
	chromium.check(t, "no account is ticked", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		w.signIn(t, "user_good", "pass_good")
		w.press(t, "Continue")
		require.Equal(t, "Choose an account to share.", w.at(t, "Choose your accounts").alert())
		w.focused(t, "checkbox Plaid Checking")
		w.share(t, "Plaid Checking")
		w.at(t, arrived)
	})
	chromium.check(t, "back to another account", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		w.signIn(t, "user_good", "pass_good")
		w.tick(t, "Plaid Checking")
		w.press(t, "Continue")
		w.at(t, "Share this with Example App?")
		w.press(t, "Back")
		all := w.at(t, "Choose your accounts")
		require.Equal(t, "true", all.one(t, "Plaid Checking", "checkbox").properties["checked"], "it is still ticked")
		w.tick(t, "Plaid Checking")
		w.share(t, "Plaid Saving")
		w.at(t, arrived)
		accounts := a.sessions(t, link.LinkToken)[0].Results.ItemAddResults[0].Accounts
		require.Len(t, accounts, 1)
		require.Equal(t, "Plaid Saving", accounts[0].Name)
	})
}

func TestBrowserSearches(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	link, w := a.link(t), newWindow(t, browser)
	banks := func(t *testing.T) (names []string) {
		for _, button := range w.at(t, "Choose your bank").with("button") {
			switch button.name {
			case "Exit", "Search":
			default:
				names = append(names, button.name)
			}
		}
		return names
	}
	w.open(t, link.HostedLinkURL)
	w.press(t, "Continue")
	const search = "Search by name or web address"
	chromium.check(t, "every bank is offered at first", func(t *testing.T) {
		require.Len(t, banks(t), 8)
	})
	for query, want := range map[string][]string{
		"TARTAN":                {"Tartan Bank tartan.example"},
		"gingham.example":       {"First Gingham Credit Union gingham.example"},
		"union  credit":         {"First Gingham Credit Union gingham.example", "Tattersall Federal Credit Union tattersall.example"},
		"Банк <b>&amp;\" zebra": {"Show every bank"},
	} {
		chromium.check(t, "search for "+query, func(t *testing.T) {
			w.fill(t, search, query)
			w.press(t, "Search")
			require.Equal(t, want, banks(t))
			require.Equal(t, query, w.look(t).one(t, search, "searchbox").value)
		})
	}
	chromium.check(t, "from nothing found back to every bank", func(t *testing.T) {
		w.fill(t, search, "zebra")
		w.press(t, "Search")
		require.Contains(t, w.look(t).with("status")[0].text, "No bank matches “zebra”")
		w.press(t, "Show every bank")
		require.Len(t, banks(t), 8)
	})
	chromium.check(t, "an exit after a search without a result has its status", func(t *testing.T) {
		w.fill(t, search, "zebra")
		w.press(t, "Search")
		w.leave(t)
		w.at(t, arrived)
		session := a.sessions(t, link.LinkToken)[0]
		require.Equal(t, gen.LinkSessionExitMetadataStatusInstitutionNotFound, session.Exit.Metadata.Status)
		require.Contains(t, eventNames(session), "SEARCH_INSTITUTION")
	})
}
