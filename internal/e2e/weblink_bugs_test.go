package e2e_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// What people report of Link in pages: each is seen from the side of the application.
func TestBrowserLinkBugsOfApplications(t *testing.T) {
	a := newWebApp(t)
	vanilla := func(t *testing.T, name string, check func(t *testing.T, w *tab)) {
		t.Helper()
		chromium.check(t, name, func(t *testing.T) { check(t, a.open(t, "/vanilla")) })
	}
	vanilla(t, "a second script tag: a warning, and the first one counts", func(t *testing.T, w *tab) {
		w.run(t, "first = Plaid; document.head.append(Object.assign(document.createElement('script'), {src: %q}))", plaidScript)
		w.messages(t, "embedded more than once")
		w.is(t, "Plaid === first")
		w.start(t, a.token(t))
		w.shown(t).connect(t)
		w.wait(t, "onSuccess")
	})
	a.eachKind(t, "mounted again: events and onSuccess come once", func(t *testing.T, w *tab) {
		for range 3 {
			w.mount(t, "a", map[string]any{"token": a.token(t)})
			w.run(t, "app.unmount('a')")
			w.is(t, "document.querySelectorAll('iframe').length === 0")
		}
		w.start(t, a.token(t))
		w.shown(t).connect(t)
		w.wait(t, "onSuccess")
		require.Equal(t, connected, w.events(t))
		require.Empty(t, w.all(t, "onExit"))
	})
	a.eachKind(t, "an exit by force always comes to onExit, also when the sandbox is gone", func(t *testing.T, page *tab) {
		b := newWebApp(t) // with a sandbox that goes
		w := b.open(t, eval[string](t, page.window, 0, "location.pathname"))
		w.start(t, b.token(t))
		w.shown(t).at(t, "Connect your bank to Example App")
		b.sandbox.Close()
		w.run(t, "app.exit('a', {force: true})")
		w.wait(t, "onExit")
		w.closed(t)
		w.messages(t, "does not respond")
	})
	vanilla(t, "an exit by force comes to onExit when the page has removed the frame, and Link opens again", func(t *testing.T, w *tab) {
		w.start(t, a.token(t))
		w.shown(t).at(t, "Connect your bank to Example App")
		w.run(t, "document.querySelector('iframe').remove(); app.exit('a', {force: true})")
		w.wait(t, "onExit")
		w.closed(t)
		w.run(t, "app.open('a')")
		w.shown(t).connect(t)
		w.wait(t, "onSuccess")
	})
	a.eachKind(t, "no frame stays on the screen after a success", func(t *testing.T, w *tab) {
		w.start(t, a.token(t))
		w.shown(t).connect(t)
		w.wait(t, "onSuccess")
		w.closed(t)
		w.run(t, "app.unmount('a')")
		w.is(t, "document.querySelectorAll('iframe').length === 0")
	})
	for _, kind := range kinds[1:] {
		chromium.check(t, kind+": after its props change, a handler keeps the callbacks it was made with, or has the new ones", func(t *testing.T) {
			w := a.open(t, "/"+kind)
			w.start(t, a.token(t))
			l := w.shown(t)
			l.at(t, "Connect your bank to Example App")
			w.run(t, "app.change('a', {label: 'new'})")
			l.leave(t)
			require.Contains(t, []string{"", "new"}, w.wait(t, "onExit").Label, "the library decides")
			require.Len(t, w.all(t, "onExit"), 1)
		})
	}
	for _, kind := range kinds[1:] {
		chromium.check(t, kind+": unmounted while the script loads", func(t *testing.T) {
			w := a.open(t, "/"+kind)
			w.is(t, "window.app")
			data, err := json.Marshal(map[string]any{"token": a.token(t)})
			require.NoError(t, err)
			w.run(t, "app.mount('a', %s); setTimeout(() => app.unmount('a'))", data)
			w.is(t, "document.querySelectorAll('iframe').length === 0")
			w.start(t, a.token(t))
			w.shown(t).connect(t)
			w.wait(t, "onSuccess")
		})
	}
	vanilla(t, "the script tag is gone before it is used", func(t *testing.T, w *tab) {
		w.run(t, "document.querySelectorAll('script').forEach((s) => s.remove())")
		w.start(t, a.token(t))
		w.shown(t).connect(t)
		w.wait(t, "onSuccess")
	})
	a.eachKind(t, "the page scrolls as before, wherever it was", func(t *testing.T, w *tab) {
		w.mount(t, "a", map[string]any{"token": a.token(t)})
		w.run(t, "document.body.style.overflow = 'scroll'; scrollTo(0, 500)") // after create, as a modal of the application does
		w.run(t, "document.body.insertAdjacentHTML('beforeend', '<button id=here>here</button>'); document.querySelector('#here').focus({preventScroll: true})")
		w.run(t, "app.open('a')")
		l := w.shown(t)
		l.at(t, "Connect your bank to Example App")
		w.is(t, "document.body.style.overflow === 'hidden' && document.activeElement.id.startsWith('plaid-link-iframe-')")
		l.leave(t)
		w.wait(t, "onExit")
		w.is(t, "document.body.style.overflow === 'scroll' && scrollY === 500 && document.activeElement.id === 'here'")
		w.run(t, "app.unmount('a')")
		w.is(t, "scrollY > 400") // the button of the component is gone
	})
	a.eachKind(t, "the events come at the end, with their times", func(t *testing.T, w *tab) {
		w.start(t, a.token(t))
		l := w.shown(t)
		l.choose(t, firstPlatypus)
		l.at(t, "Sign in")
		require.Equal(t, []string{"OPEN CONSENT"}, w.events(t))
		l.leave(t)
		w.wait(t, "onExit")
		last := ""
		for _, c := range w.all(t, "onEvent") {
			at := c.object(t, 1)["timestamp"].(string)
			require.LessOrEqual(t, last, at)
			last = at
		}
		require.Equal(t, "onExit", w.all(t, "")[len(w.all(t, ""))-1].Name)
	})
	vanilla(t, "destroyed while open, twice, and used after that", func(t *testing.T, w *tab) {
		token := a.token(t)
		w.run(t, "h = Plaid.create({token: %q, onSuccess() {}, onExit() { exits = true }, onEvent(name) { name === 'OPEN' && h.destroy() }}); h.open()", token)
		w.is(t, "document.querySelectorAll('iframe').length === 0 && document.body.style.overflow === ''")
		w.run(t, "h.destroy(); h.destroy(); h.open(); h.exit({force: true})")
		w.is(t, "!window.exits")
	})
	vanilla(t, "destroy within onExit, and a new handler there", func(t *testing.T, w *tab) {
		token := a.token(t)
		a.sandbox.Advance(5 * time.Hour)
		fresh := a.token(t)
		w.run(t, `make = (token) => { h = Plaid.create({token, onSuccess: (p) => { got = p }, onExit: (e) => {
			if (e && e.error_code === 'INVALID_LINK_TOKEN') { exited = true; h.destroy(); make(%q); }
		}}); h.open(); }; make(%q)`, fresh, token)
		w.is(t, "window.exited")
		w.shown(t).connect(t)
		w.is(t, "window.got && document.querySelectorAll('iframe').length === 1")
	})
}

// What cannot work has a message for the developer, and never stops the application.
func TestBrowserLinkMeetsBadInput(t *testing.T) {
	a := newWebApp(t)
	check := func(name string, fn func(t *testing.T, w *tab)) {
		chromium.check(t, name, func(t *testing.T) { fn(t, a.open(t, "/vanilla")) })
	}
	check("no token", func(t *testing.T, w *tab) {
		for _, options := range []string{"undefined", "{}", "{token: null}", "{token: ''}"} {
			w.is(t, "(() => { try { Plaid.create(%s) } catch (e) { return e.message.includes('link_token') } })()", options)
		}
	})
	check("a token that is not of a sandbox", func(t *testing.T, w *tab) {
		w.start(t, "link-production-0")
		require.Equal(t, "INVALID_LINK_TOKEN", w.wait(t, "onExit").object(t, 0)["error_code"])
		w.messages(t, "expected a token that begins with link-sandbox-")
		require.Zero(t, len(a.sandbox.State().Requests), "it was not sent")
	})
	check("an address without oauth_state_id", func(t *testing.T, w *tab) {
		w.mount(t, "a", map[string]any{"token": nil, "receivedRedirectUri": a.web.URL, "opens": true})
		require.Equal(t, "INVALID_FIELD", w.wait(t, "onExit").object(t, 0)["error_code"])
		w.messages(t, "no oauth_state_id")
	})
	check("submit, which only Layer has", func(t *testing.T, w *tab) {
		w.run(t, "Plaid.create({token: %q, onSuccess() {}}).submit({phone_number: '+14155550123'})", a.token(t))
		w.messages(t, "Layer")
	})
	check("a callback that throws stops nothing", func(t *testing.T, w *tab) {
		w.run(t, "Plaid.create({token: %q, onSuccess(p) { got = p }, onEvent() { throw new Error('mine') }}).open()", a.token(t))
		w.shown(t).connect(t)
		w.is(t, "window.got")
		w.messages(t, "Uncaught")
	})
	check("a message from another window", func(t *testing.T, w *tab) {
		w.start(t, a.token(t))
		w.shown(t).at(t, "Connect your bank to Example App")
		w.run(t, "postMessage({from: 'plaidlink', type: 'page', report: {success: {public_token: 'public-sandbox-0', metadata: {}}}}, '*')")
		w.messages(t, "was ignored")
		require.Empty(t, w.all(t, "onSuccess"))
	})
	check("a page of a foreign origin", func(t *testing.T, w *tab) {
		w.visitForeign(t, "/vanilla")
		w.start(t, a.token(t))
		exit := w.wait(t, "onExit")
		require.Equal(t, "API_ERROR", exit.object(t, 0)["error_type"])
		w.messages(t, "does not show its page here")
		w.closed(t)
	})
	check("a frame in a frame of another site", func(t *testing.T, w *tab) {
		token := a.token(t)
		w.run(t, "location.href = %q", a.around(t, token))
		w.is(t, "document.title === 'API_ERROR'")
		w.messages(t, "does not show its page here")
		require.Empty(t, a.sessions(t, token))
	})
	check("a blocked window, without a redirect_uri", func(t *testing.T, w *tab) {
		w.pretend(t, "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36")
		w.start(t, a.token(t))
		l := w.shown(t)
		l.choose(t, oauthPlatypus)
		l.press(t, "Continue to the bank")
		w.messages(t, "Allow pop-ups for this page")
		l.leave(t)
		w.wait(t, "onExit")
	})
	chromium.check(t, "the sandbox goes", func(t *testing.T) {
		b := newWebApp(t)
		w := b.open(t, "/vanilla")
		w.start(t, b.token(t))
		l := w.shown(t)
		l.at(t, "Connect your bank to Example App")
		b.sandbox.Close()
		l.press(t, "Continue")
		w.messages(t, "does not respond")
		l.leave(t)
		require.Equal(t, "API_ERROR", w.wait(t, "onExit").object(t, 0)["error_type"])
		w.closed(t)
		w.messages(t, "does not respond")
	})
	check("embedded, with a token that it does not take", func(t *testing.T, w *tab) {
		token := a.token(t, func(req *gen.LinkTokenCreateRequest) { req.EnableMultiItemLink = new(true) })
		w.mount(t, "a", map[string]any{"token": token, "embedded": true})
		w.is(t, "app.calls.some((c) => c.name === 'onLoad')")
		(&overlay{w, eval[string](t, w.window, 0, "document.querySelector('iframe[id^=plaid-link-embedded-iframe-]').id")}).press(t, "Tartan Bank")
		require.Equal(t, "INVALID_FIELD", w.wait(t, "onExit").object(t, 0)["error_code"])
	})
}
