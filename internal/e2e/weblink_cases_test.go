package e2e_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// eachKind runs a check in a page of each kind of application.
func (a *webApp) eachKind(t *testing.T, name string, check func(t *testing.T, w *tab)) {
	t.Helper()
	for _, kind := range kinds {
		chromium.check(t, kind+": "+name, func(t *testing.T) { check(t, a.open(t, "/"+kind)) })
	}
}

var connected = []string{
	"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS",
	"TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW CONNECTED", "HANDOFF",
}

// Link in the pages of applications: connect, fail, leave.
func TestBrowserLinkInThePage(t *testing.T) {
	a := newWebApp(t)
	a.eachKind(t, "a user connects a bank", func(t *testing.T, w *tab) {
		token := a.token(t)
		w.start(t, token)
		l := w.shown(t)
		l.choose(t, firstPlatypus)
		l.signIn(t, "pass_good")
		l.at(t, "Choose your accounts")
		require.Equal(t, []string{"OPEN CONSENT"}, w.events(t), "the others come at the end")
		require.NotEmpty(t, w.all(t, "onLoad"))
		w.is(t, "document.body.style.overflow === 'hidden'")
		l.share(t, "Plaid Checking", "Connect")
		success := w.wait(t, "onSuccess")
		w.closed(t)
		var public string
		require.NoError(t, jsonOf(success.Args[0], &public))
		a.exchange(t, public)
		require.Equal(t, connected, w.events(t))
		require.Equal(t, eventNames(a.sessions(t, token)[0]), w.events(t), "the same as in /link/token/get")
		require.Empty(t, w.all(t, "onExit"), "which would be a leak of listeners")
		require.Equal(t, firstPlatypus, success.object(t, 1)["institution"].(map[string]any)["name"])
		w.is(t, "document.querySelectorAll('iframe').length <= 2 && !document.title.includes('link-sandbox')")
	})
	a.eachKind(t, "a wrong password, and an exit", func(t *testing.T, w *tab) {
		w.start(t, a.token(t))
		l := w.shown(t)
		l.choose(t, firstPlatypus)
		l.signIn(t, "pass_bad")
		l.sees(t, "document.querySelector('[role=alert]')")
		l.leave(t)
		exit := w.wait(t, "onExit")
		w.closed(t)
		require.Equal(t, map[string]any{
			"error_type": "ITEM_ERROR", "error_code": "INVALID_CREDENTIALS", "error_message": "the user name or the password is wrong",
			"display_message": "The user name or the password is not right. Try again.",
		}, exit.object(t, 0))
		require.Equal(t, "requires_credentials", exit.object(t, 1)["status"])
		require.Equal(t, []string{"SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW EXIT", "EXIT"}, w.events(t)[4:])
		w.run(t, "app.open('a')") // the same handler opens Link again
		w.shown(t).at(t, "Connect your bank to Example App")
	})
	for step, one := range map[string]struct {
		reach  func(t *testing.T, l *overlay)
		status any
	}{
		"the start":   {func(t *testing.T, l *overlay) { l.at(t, "Connect your bank to Example App") }, nil},
		"the banks":   {func(t *testing.T, l *overlay) { l.press(t, "Continue"); l.at(t, "Choose your bank") }, "institution_not_found"},
		"the sign-in": {func(t *testing.T, l *overlay) { l.choose(t, firstPlatypus); l.at(t, "Sign in") }, "requires_credentials"},
		"the accounts": {func(t *testing.T, l *overlay) {
			l.choose(t, firstPlatypus)
			l.signIn(t, "pass_good")
			l.at(t, "Choose your accounts")
		}, "requires_account_selection"},
		"OAuth": {func(t *testing.T, l *overlay) { l.choose(t, oauthPlatypus); l.at(t, "Sign in at your bank") }, "requires_oauth"},
	} {
		a.eachKind(t, "the user leaves at "+step, func(t *testing.T, w *tab) {
			w.start(t, a.token(t))
			l := w.shown(t)
			one.reach(t, l)
			l.leave(t)
			exit := w.wait(t, "onExit")
			require.JSONEq(t, "null", string(exit.Args[0]))
			metadata := exit.object(t, 1)
			require.Equal(t, one.status, metadata["status"])
			require.Contains(t, metadata, "institution")
			require.NotEmpty(t, metadata["link_session_id"])
			require.NotEmpty(t, metadata["request_id"])
			w.closed(t)
		})
	}
	a.eachKind(t, "the application ends Link, by force and without", func(t *testing.T, w *tab) {
		w.mount(t, "a", map[string]any{"token": a.token(t)})
		for n, options := range []string{"{force: true}", "undefined"} {
			w.run(t, "app.open('a')")
			w.shown(t).at(t, "Connect your bank to Example App")
			w.run(t, "app.exit('a', %s)", options)
			w.closed(t)
			w.is(t, "app.calls.filter((c) => c.name === 'onExit').length === %d", n+1)
		}
		require.Equal(t, []string{"OPEN CONSENT", "EXIT", "OPEN CONSENT", "TRANSITION_VIEW EXIT", "EXIT"}, w.events(t))
		w.run(t, "app.exit('a'); app.exit('a', {force: true})") // while it is closed, it does nothing
		require.Len(t, w.all(t, "onExit"), 2)
	})
	a.eachKind(t, "an expired token, and recovery with a new one", func(t *testing.T, w *tab) {
		token := a.token(t)
		a.sandbox.Advance(5 * time.Hour)
		w.start(t, token)
		exit := w.wait(t, "onExit")
		require.Equal(t, "INVALID_LINK_TOKEN", exit.object(t, 0)["error_code"])
		require.Equal(t, "INVALID_INPUT", exit.object(t, 0)["error_type"])
		require.Nil(t, exit.object(t, 1)["status"])
		require.Empty(t, w.events(t))
		w.closed(t)
		w.run(t, "app.change('a', {token: %q})", a.token(t))
		w.again(t).connect(t)
		w.wait(t, "onSuccess")
		w.is(t, "document.querySelectorAll('iframe').length === 1")
	})
	a.eachKind(t, "update mode", func(t *testing.T, w *tab) {
		item := a.item(t, "ins_109509")
		w.start(t, a.token(t, func(req *gen.LinkTokenCreateRequest) { req.AccessToken, req.Products = item, nil }))
		l := w.shown(t)
		l.at(t, "Sign in to your bank again")
		l.press(t, "Continue")
		l.signIn(t, "pass_good")
		success := w.wait(t, "onSuccess")
		var public string
		require.NoError(t, jsonOf(success.Args[0], &public))
		require.Equal(t, item, a.exchange(t, public).AccessToken, "it is the same as before")
		require.Equal(t, "true", w.all(t, "onEvent")[0].object(t, 1)["is_update_mode"])
	})
	a.eachKind(t, "several Items", func(t *testing.T, w *tab) {
		token := a.token(t, func(req *gen.LinkTokenCreateRequest) { req.EnableMultiItemLink = new(true) })
		w.start(t, token)
		l := w.shown(t)
		l.choose(t, "Tartan Bank")
		l.signIn(t, "pass_good")
		l.share(t, "Plaid Checking", "Connect another bank too")
		l.at(t, "Choose your bank")
		l.press(t, "Houndstooth Bank")
		l.signIn(t, "pass_good")
		l.share(t, "Plaid Saving", "Connect")
		success := w.wait(t, "onSuccess")
		require.JSONEq(t, "null", string(success.Args[0]), "the tokens come by webhook")
		finished := one[*gen.LinkSessionFinishedWebhook](t, a.webhooks(t, token))
		require.Len(t, finished.PublicTokens, 2)
		for _, public := range finished.PublicTokens {
			a.exchange(t, public)
		}
		count := 0
		for _, name := range w.events(t) {
			if name == "HANDOFF" {
				count++
			}
		}
		require.Equal(t, 2, count)
		require.Equal(t, one[*gen.LinkEventsWebhook](t, a.webhooks(t, token)).Events, a.sessions(t, token)[0].Events)
	})
	a.eachKind(t, "two of them in one page", func(t *testing.T, w *tab) {
		for n, id := range []string{"a", "b"} {
			w.mount(t, id, map[string]any{"token": a.token(t)})
			w.is(t, "document.querySelectorAll('iframe').length === %d", n+1)
		}
		w.run(t, "app.open('b')")
		w.shown(t).connect(t)
		require.Equal(t, "b", w.wait(t, "onSuccess").ID)
		w.run(t, "app.open('a')")
		l := w.shown(t)
		l.at(t, "Connect your bank to Example App")
		l.leave(t)
		require.Equal(t, "a", w.wait(t, "onExit").ID)
		w.closed(t)
	})
	a.eachKind(t, "banks in the page itself", func(t *testing.T, w *tab) {
		w.mount(t, "a", map[string]any{"token": a.token(t), "embedded": true})
		w.is(t, "document.querySelector('iframe[id^=plaid-link-embedded-iframe-]')")
		w.is(t, "app.calls.some((c) => c.name === 'onLoad')")
		embedded := &overlay{w, eval[string](t, w.window, 0, "document.querySelector('iframe[id^=plaid-link-embedded-iframe-]').id")}
		embedded.press(t, "Tartan Bank")
		l := w.shown(t)
		l.at(t, "Connect your bank to Example App")
		l.press(t, "Continue")
		l.signIn(t, "pass_good")
		l.share(t, "Plaid Checking", "Connect")
		require.Equal(t, "Tartan Bank", w.wait(t, "onSuccess").object(t, 1)["institution"].(map[string]any)["name"])
		require.Equal(t, []string{"OPEN CONSENT", "SELECT_INSTITUTION", "TRANSITION_VIEW CONSENT", "TRANSITION_VIEW CREDENTIAL"}, w.events(t)[:4])
	})
}

// jsonOf reads a value in JSON.
func jsonOf(data []byte, value any) error {
	if err := json.Unmarshal(data, value); err != nil {
		return fmt.Errorf("%s: %w", data, err)
	}
	return nil
}
