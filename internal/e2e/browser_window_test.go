package e2e_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// pageTimeout is how long a page may take to show what a test waits for.
const pageTimeout = 10 * time.Second

// window is a window of the browser with a user who knows what is on the screen: roles and names, as in the accessibility tree.
// Nothing here runs a script, so all of it works when scripts are off.
type window struct {
	ctx context.Context

	mu         sync.Mutex
	complaints []string // of the browser
	past       []string // complaints that a test expected
	requests   int
	loaded     bool // of the current page
	painted    bool
	pages      int // that have been loaded and painted

	intercepted []*fetch.RequestPattern // requests that serve responds to
}

// newWindow opens a window until the end of the test. The test fails if the browser complains about anything in it.
func newWindow(t *testing.T, browser context.Context) *window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	w := &window{ctx: ctx}
	w.do(t)
	require.NoError(t, chromedp.Listen(ctx, w.hear))
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		require.Empty(t, w.complaints, "console errors, violations of the policy, requests beyond loopback")
		require.NotZero(t, w.requests, "events of the window arrived")
	})
	return w
}

// do runs actions in the window, within pageTimeout.
func (w *window) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if len(actions) == 0 {
		require.NoError(t, chromedp.Do(w.ctx), "the first call gives the window its lifetime")
		return
	}
	ctx, cancel := context.WithTimeout(w.ctx, pageTimeout)
	defer cancel()
	require.NoError(t, chromedp.Do(ctx, actions...))
}

// call sends a command of the browser's protocol to a window, within pageTimeout.
func call[P, R any](t *testing.T, w *window, command cdp.Command[P, R], params P) R {
	t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, pageTimeout)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	require.NoError(t, err, command.Method)
	return result
}

// open goes to an address.
func (w *window) open(t *testing.T, url string) {
	t.Helper()
	w.leads(t, chromedp.Navigate(url))
}

// leads runs an action that must lead to another page, and waits until that page is visible.
func (w *window) leads(t *testing.T, action chromedp.Action[chromedp.Void]) {
	t.Helper()
	before := w.seen()
	w.do(t, action)
	w.until(t, func() bool { return w.seen() > before }, func() string { return "no other page appeared" })
}

// back presses the browser's own back button.
func (w *window) back(t *testing.T) {
	t.Helper()
	history := call(t, w, page.GetNavigationHistory, cdp.Empty{})
	require.NotZero(t, history.CurrentIndex)
	entry := page.NavigateToHistoryEntryParams{EntryID: history.Entries[history.CurrentIndex-1].ID}
	w.leads(t, func(ctx context.Context, target *chromedp.Target) (none chromedp.Void, err error) {
		_, err = cdp.Call(ctx, target, page.NavigateToHistoryEntry, entry)
		return none, err
	})
}

// seen returns how many pages have been visible so far. A page sets its focus before it is painted.
func (w *window) seen() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pages
}

// press clicks a button or a link, which leads to another page.
func (w *window) press(t *testing.T, name string) {
	t.Helper()
	w.leads(t, w.click(t, w.look(t).one(t, name, "button", "link")))
}

// leave presses the button to leave, and then the one that does.
func (w *window) leave(t *testing.T) {
	t.Helper()
	w.do(t, w.click(t, w.look(t).one(t, "Exit", "button")))
	w.focused(t, "button Stay")
	w.press(t, "Leave")
}

// tick clicks a check box or a radio button.
func (w *window) tick(t *testing.T, name string) {
	t.Helper()
	w.do(t, w.click(t, w.look(t).one(t, name, "checkbox", "radio")))
}

// fill replaces the text of the field with a label.
func (w *window) fill(t *testing.T, label, text string) {
	t.Helper()
	w.do(t, w.click(t, w.look(t).one(t, label, "textbox", "searchbox")),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(text))
}

// click returns a click with the mouse on the middle of the visible part of an element.
func (w *window) click(t *testing.T, e element) chromedp.Action[chromedp.Void] {
	t.Helper()
	call(t, w, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: e.id})
	quads := call(t, w, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: e.id}).Quads
	require.NotEmpty(t, quads, "%s is not on the screen", e)
	corner, opposite := quads[0][0:2], quads[0][4:6]
	return chromedp.MouseClickXY((corner[0]+opposite[0])/2, (corner[1]+opposite[1])/2)
}

// tab presses Tab once for each of the controls, which must get the focus in this order: "button Exit".
func (w *window) tab(t *testing.T, controls ...string) {
	t.Helper()
	for _, want := range controls {
		w.do(t, chromedp.KeyEvent(kb.Tab))
		w.focused(t, want)
	}
}

// focused waits for the focus, which moves some time after the key was pressed.
func (w *window) focused(t *testing.T, want string) {
	t.Helper()
	var have string
	w.until(t, func() bool {
		have = w.look(t).focus()
		role, name, _ := strings.Cut(want, " ")
		haveRole, haveName, _ := strings.Cut(have, " ")
		return role == haveRole && named(haveName, name)
	}, func() string { return "the focus is on " + have + ", not on " + want })
}

// until waits, for at most pageTimeout, until yes returns true.
func (w *window) until(t *testing.T, yes func() bool, otherwise func() string) {
	t.Helper()
	deadline, again := time.After(pageTimeout), time.NewTicker(10*time.Millisecond)
	defer again.Stop()
	for !yes() {
		select {
		case <-again.C:
		case <-deadline:
			require.FailNow(t, otherwise())
		}
	}
}

// at requires that the page has a heading, and returns what is on it.
func (w *window) at(t *testing.T, heading string) elements {
	t.Helper()
	all := w.look(t)
	require.Len(t, all.headings(), 1, "%s", all)
	require.Equal(t, heading, all.headings()[0].name, "%s", all)
	return all
}
