package e2e_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The life of a component: it goes while Link is open, and its properties change.
func TestBrowserLinkAndTheLifeOfAPage(t *testing.T) {
	a := newWebApp(t)
	a.eachKind(t, "unmounted while open", func(t *testing.T, w *tab) {
		w.start(t, a.token(t))
		w.shown(t).at(t, "Connect your bank to Example App")
		w.run(t, "app.unmount('a')")
		w.is(t, "document.querySelectorAll('iframe').length === 0 && document.body.style.overflow === ''")
		before := len(w.all(t, ""))
		a.sandbox.Advance(11 * time.Minute) // the session ends
		require.Len(t, w.all(t, ""), before)
	})
	a.eachKind(t, "the token changes while open", func(t *testing.T, w *tab) {
		first, second := a.token(t), a.token(t)
		w.start(t, first)
		w.shown(t).at(t, "Connect your bank to Example App")
		w.run(t, "app.change('a', {token: %q, label: 'second'})", second)
		w.is(t, "document.querySelectorAll('iframe').length === 1 && document.body.style.overflow === ''")
		w.again(t).connect(t)
		require.Equal(t, "second", w.wait(t, "onSuccess").Label)
		require.NotNil(t, a.sessions(t, second)[0].Results)
		w.is(t, "document.querySelectorAll('iframe').length === 1")
	})
	a.eachKind(t, "opened at once, before it is loaded", func(t *testing.T, w *tab) {
		w.mount(t, "a", map[string]any{"token": a.token(t), "opens": true})
		w.shown(t).connect(t)
		w.wait(t, "onSuccess")
	})
}
