package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// overlay is Link in the frame with an id, for its user.
type overlay struct {
	*tab
	id string
}

// shown returns Link in the only frame that is shown, once one is.
func (w *tab) shown(t *testing.T) *overlay {
	t.Helper()
	const visible = `[...document.querySelectorAll('iframe[id^=plaid-link-iframe-]')].filter((f) => f.style.display !== 'none')`
	w.is(t, visible+".length === 1")
	return &overlay{w, eval[string](t, w.window, 0, visible+"[0].id")}
}

// world returns where scripts can see the page in the frame.
func (l *overlay) world(t *testing.T) (in runtime.ExecutionContextID, ok bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(l.ctx, pageTimeout)
	defer cancel()
	document, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{})
	if err != nil {
		return 0, false
	}
	found, err := chromedp.Call(ctx, dom.QuerySelector, dom.QuerySelectorParams{NodeID: document.Root.NodeID, Selector: "#" + l.id})
	if err != nil || found.NodeID == 0 {
		return 0, false
	}
	node, err := chromedp.Call(ctx, dom.DescribeNode, dom.DescribeNodeParams{NodeID: found.NodeID})
	if err != nil {
		return 0, false
	}
	world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: cdp.FrameID(node.Node.FrameID)})
	return world.ExecutionContextID, err == nil
}

// sees waits until an expression is true in the frame, and returns the text of the page there.
func (l *overlay) sees(t *testing.T, format string, args ...any) string {
	t.Helper()
	expression := fmt.Sprintf(format, args...)
	var text string
	l.until(t, func() bool {
		in, ok := l.world(t)
		if !ok {
			return false
		}
		got, err := chromedp.Call(l.ctx, runtime.Evaluate, runtime.EvaluateParams{
			Expression: "[Boolean(" + expression + "), document.body.innerText]", ContextID: in, ReturnByValue: new(true),
		})
		if err != nil || got.ExceptionDetails != nil {
			return false
		}
		var seen []any
		require.NoError(t, json.Unmarshal(got.Result.Value, &seen))
		text, _ = seen[1].(string)
		return seen[0] == true
	}, func() string { return "Link does not come to " + expression + ": " + text })
	return text
}

// at waits for a heading.
func (l *overlay) at(t *testing.T, heading string) string {
	t.Helper()
	return l.sees(t, "document.querySelector('h1') && document.querySelector('h1').innerText === %q", heading)
}

const button = `[...document.querySelectorAll('button')].find((b) => b.ariaLabel === %[1]q || b.innerText.trim().startsWith(%[1]q))`

// press presses a button.
func (l *overlay) press(t *testing.T, name string) {
	t.Helper()
	l.sees(t, button, name)
	in, _ := l.world(t)
	eval[any](t, l.window, in, fmt.Sprintf(button+".click()", name))
}

// leave presses the button to leave, and then the one that does.
func (l *overlay) leave(t *testing.T) {
	t.Helper()
	l.press(t, "Exit")
	l.press(t, "Leave")
}

// choose goes to the sign-in at a bank.
func (l *overlay) choose(t *testing.T, bank string) {
	t.Helper()
	l.at(t, "Connect your bank to Example App")
	l.press(t, "Continue")
	l.at(t, "Choose your bank")
	l.press(t, bank)
}

// signIn signs in with a password.
func (l *overlay) signIn(t *testing.T, password string) {
	t.Helper()
	l.sees(t, "document.querySelector('#password')")
	in, _ := l.world(t)
	eval[any](t, l.window, in, fmt.Sprintf(`document.querySelector('#username').value = 'user_good'; document.querySelector('#password').value = %q`, password))
	l.press(t, "Sign in")
}

// share chooses an account and agrees, with the button at the end.
func (l *overlay) share(t *testing.T, account, last string) {
	t.Helper()
	l.sees(t, "document.querySelector('[name=account]')")
	in, _ := l.world(t)
	eval[any](t, l.window, in, fmt.Sprintf(`[...document.querySelectorAll('label')].find((l) => l.innerText.includes(%q)).click()`, account))
	l.press(t, "Continue")
	l.press(t, last)
}

// connect goes from the first page to the end.
func (l *overlay) connect(t *testing.T) {
	t.Helper()
	l.choose(t, firstPlatypus)
	l.signIn(t, "pass_good")
	l.share(t, "Plaid Checking", "Connect")
}

// closed waits until Link is not on the screen any more, and the page scrolls again.
func (w *tab) closed(t *testing.T) {
	t.Helper()
	w.is(t, `[...document.querySelectorAll('iframe[id^=plaid-link-iframe-]')].every((f) => f.style.display === 'none') && document.body.style.overflow === ''`)
}

// messages returns what the console has, which must not fail the test.
func (w *tab) messages(t *testing.T, part string) {
	t.Helper()
	w.until(t, func() bool { return strings.Contains(w.forgiven(), part) }, func() string { return "no message of " + part + " in: " + w.forgiven() })
}

// keep writes a picture of the window.
func (w *tab) keep(t *testing.T, name string) {
	t.Helper()
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(t.ArtifactDir(), name+".png"), picture, 0o644))
}

// bankWindow presses a button that opens a window of a bank, and presses another there; without one it closes the window.
func (l *overlay) bankWindow(t *testing.T, opens, decision string) {
	t.Helper()
	bank := chromedp.WaitNewTarget(l.ctx, func(info *target.Info) bool { return info.OpenerID != "" })
	l.press(t, opens)
	var id target.ID
	select {
	case id = <-bank:
	case <-time.After(pageTimeout):
		require.FailNow(t, "no window opened")
	}
	ctx, cancel := chromedp.NewContext(l.ctx, chromedp.WithTargetID(id))
	defer cancel()
	require.NoError(t, chromedp.Do(ctx))
	l.until(t, func() bool {
		ready, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("location.pathname.endsWith('/bank') && document.readyState === 'complete'"))
		return err == nil && ready
	}, func() string { return "the window does not come to the bank" })
	if decision == "" {
		_, _ = chromedp.Run(ctx, chromedp.Evaluate[any]("window.close()"))
		return
	}
	_, _ = chromedp.Run(ctx, chromedp.Evaluate[any](fmt.Sprintf(button+".click()", decision))) // the window closes meanwhile
}

// pretend makes the browser another one, for servers and scripts.
func (w *tab) pretend(t *testing.T, userAgent string) {
	t.Helper()
	call(t, w.window, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: userAgent})
	w.window.open(t, eval[string](t, w.window, 0, "location.href"))
}

// leads does something that must lead to another page, and waits until that page is visible.
func (w *tab) leads(t *testing.T, do func()) {
	t.Helper()
	before := w.seen()
	do()
	w.until(t, func() bool { return w.seen() > before }, func() string { return "no other page appeared" })
}
