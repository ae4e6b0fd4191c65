package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// Banks with a page of their own: in a window, and by way of the application.
func TestBrowserLinkVisitsABank(t *testing.T) {
	a := newWebApp(t)
	a.eachKind(t, "in a window: closed, denied, authorized", func(t *testing.T, w *tab) {
		w.start(t, a.token(t))
		l := w.shown(t)
		l.choose(t, oauthPlatypus)
		l.bankWindow(t, "Continue to the bank", "")
		l.sees(t, "document.body.innerText.includes('You closed the window')")
		l.bankWindow(t, "Continue to the bank", "Deny")
		l.sees(t, "document.body.innerText.includes('ACCESS_NOT_GRANTED')")
		l.bankWindow(t, "Continue to the bank", "Authorize")
		l.share(t, "Plaid Checking", "Connect")
		w.wait(t, "onSuccess")
		require.Equal(t, []string{
			"TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "CLOSE_OAUTH", "OPEN_OAUTH", "ERROR", "TRANSITION_VIEW ERROR", "OPEN_OAUTH",
			"TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW CONNECTED", "HANDOFF",
		}, w.events(t)[3:])
	})
	for _, decision := range []string{"Authorize", "Deny"} {
		a.eachKind(t, "in the web view of an app, which has no windows: "+decision, func(t *testing.T, w *tab) {
			w.pretend(t, "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36")
			path := eval[string](t, w.window, 0, "location.pathname")
			token := a.token(t, func(req *gen.LinkTokenCreateRequest) { req.RedirectURI = a.web.URL + path })
			w.start(t, token)
			l := w.shown(t)
			l.choose(t, oauthPlatypus)
			l.at(t, "Sign in at your bank")
			w.leads(t, func() { l.press(t, "Continue to the bank") })
			w.at(t, "Allow Example App to see your accounts?")
			w.forgiven() // that there is no window
			w.window.press(t, decision)
			w.is(t, "location.search.includes('oauth_state_id=')")
			w.mount(t, "a", map[string]any{"token": token, "receivedRedirectUri": eval[string](t, w.window, 0, "location.href"), "opens": true})
			l = w.shown(t)
			if decision == "Deny" {
				l.sees(t, "document.body.innerText.includes('ACCESS_NOT_GRANTED')")
				l.leave(t)
				require.Equal(t, "requires_oauth", w.wait(t, "onExit").object(t, 1)["status"])
				require.Equal(t, []string{"ERROR", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW EXIT", "EXIT"}, w.events(t)[len(w.events(t))-4:])
			} else {
				l.share(t, "Plaid Checking", "Connect")
				w.wait(t, "onSuccess")
			}
			require.Equal(t, "OPEN", w.events(t)[0], "without a view")
			require.Len(t, a.sessions(t, token), 1, "it went on")
		})
	}
}
