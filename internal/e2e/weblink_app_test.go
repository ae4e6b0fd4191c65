package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// plaidScript is what every web application loads. The tests serve the sandbox's script in its place.
const plaidScript = "https://cdn.plaid.com/link/v2/stable/link-initialize.js"

// kinds are the applications that the tests drive: without a framework, and with two versions of react-plaid-link.
var kinds = []string{"vanilla", "react4", "react5"}

// bundles builds the applications with Vite, once.
var bundles = sync.OnceValues(func() (dir string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	dir = filepath.Join(buildDir, "web")
	build := exec.CommandContext(ctx, "node", "build.mjs", dir)
	build.Dir = "web"
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("vite: %w: %s", err, out)
	}
	return dir, nil
})

// webApp is an application with Link in its pages, and the backend behind it.
type webApp struct {
	*app
	web *httptest.Server // of the pages
}

func newWebApp(t *testing.T) *webApp {
	t.Helper()
	needNode(t, "web")
	dir, err := bundles()
	require.NoError(t, err)
	a := &webApp{app: newApp(t)}
	routes := http.NewServeMux()
	routes.Handle("/bundles/", http.StripPrefix("/bundles/", http.FileServer(http.Dir(dir))))
	routes.HandleFunc("/vanilla.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "web/vanilla.js") })
	head := `<!doctype html><html lang="en"><title>Example App</title><link rel="icon" href="data:,">` +
		`<meta name="viewport" content="width=device-width, initial-scale=1">`
	routes.HandleFunc("/vanilla", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, head, `<script src="`, plaidScript, `"></script><script src="/vanilla.js"></script><p style="height: 3000px">`, "A page")
	})
	routes.HandleFunc("/react4", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, head, `<div id="root"></div><p style="height: 3000px">A page</p><script src="/bundles/react4.js"></script>`)
	})
	routes.HandleFunc("/react5", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, head, `<div id="root"></div><p style="height: 3000px">A page</p><script src="/bundles/react5.js"></script>`)
	})
	routes.HandleFunc("/direct", func(w http.ResponseWriter, _ *http.Request) { // reports to the page around it
		fmt.Fprint(w, head, `<script src="`, a.sandbox.URL, `/link/v2/stable/link-initialize.js"></script><script>
			Plaid.create({token: location.hash.slice(1), onSuccess() {}, onExit: (e) => parent.postMessage(e.error_type, '*')}).open()</script>`)
	})
	a.serveSmallest(routes)
	a.web = httptest.NewServer(routes)
	t.Cleanup(a.web.Close)
	return a
}

// token makes a link token for the application's page.
func (a *webApp) token(t *testing.T, changes ...func(*gen.LinkTokenCreateRequest)) string {
	t.Helper()
	inPage := func(req *gen.LinkTokenCreateRequest) { req.HostedLink = nil }
	return a.link(t, append([]func(*gen.LinkTokenCreateRequest){inPage}, changes...)...).LinkToken
}

// tab is a window with a page of the application.
type tab struct {
	*window
	app *webApp
}

// open opens a page of the application in a new window.
func (a *webApp) open(t *testing.T, path string) *tab {
	t.Helper()
	w := &tab{newWindow(t, startBrowser(t)), a}
	t.Cleanup(w.overlook)
	script := a.script(t)
	w.serve(t, plaidScript, func(string) (string, []byte) { return "text/javascript", script })
	w.window.open(t, a.web.URL+path)
	return w
}

// overlook drops the complaints that react-plaid-link and React cause: in StrictMode the script tag goes and comes again.
func (w *tab) overlook() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complaints = slices.DeleteFunc(w.complaints, func(c string) bool {
		return strings.Contains(c, "React DevTools") || strings.Contains(c, "embedded more than once")
	})
}

// script returns the script of the sandbox.
func (a *webApp) script(t *testing.T) []byte {
	t.Helper()
	response, err := newHTTPClient(t).Get(a.sandbox.URL + "/link/v2/stable/link-initialize.js")
	require.NoError(t, err)
	defer response.Body.Close()
	script, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	return script
}

// serve answers the requests of the window to addresses with a prefix, as docs/testing-in-a-browser.md shows.
func (w *window) serve(t *testing.T, prefix string, respond func(address string) (contentType string, body []byte)) {
	t.Helper()
	require.NoError(t, chromedp.Listen(w.ctx, func(event any) {
		paused, ok := event.(*fetch.EventRequestPaused)
		if !ok || !strings.HasPrefix(paused.Request.URL, prefix) {
			return
		}
		go func() { // not here: the listener must not wait
			contentType, body := respond(paused.Request.URL)
			_, _ = chromedp.Call(w.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
				RequestID: paused.RequestID, ResponseCode: http.StatusOK, Body: body,
				ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: contentType}},
			})
		}()
	}))
	w.intercepted = append(w.intercepted, &fetch.RequestPattern{URLPattern: prefix + "*"})
	call(t, w, fetch.Enable, fetch.EnableParams{Patterns: w.intercepted})
}

// foreign is a web site that is not on this machine: its pages are those of the application.
const foreign = "http://app.example"

func (w *tab) visitForeign(t *testing.T, path string) {
	t.Helper()
	w.serve(t, foreign, func(address string) (string, []byte) {
		response, err := http.Get(w.app.web.URL + strings.TrimPrefix(address, foreign))
		if err != nil {
			return "text/plain", nil
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.Header.Get("Content-Type"), body
	})
	w.window.open(t, foreign+path)
}

// around is another site on this machine, with a page of the application in a frame, which opens Link with a token.
func (a *webApp) around(t *testing.T, token string) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<!doctype html><title>around</title><link rel="icon" href="data:,"><h1>Around</h1>
			<script>onmessage = (e) => { document.title = e.data }</script><iframe src="%s/direct#%s"></iframe>`, a.web.URL, token)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// eval runs JavaScript in the page, as a click of the user would.
func eval[T any](t *testing.T, w *window, in runtime.ExecutionContextID, expression string) (value T) {
	t.Helper()
	got := call(t, w, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: in, ReturnByValue: new(true), AwaitPromise: new(true), UserGesture: new(true),
	})
	require.Nil(t, got.ExceptionDetails, "%s: %+v", expression, got.ExceptionDetails)
	if len(got.Result.Value) > 0 {
		require.NoError(t, json.Unmarshal(got.Result.Value, &value), expression)
	}
	return value
}

// run runs JavaScript in the page of the application.
func (w *tab) run(t *testing.T, format string, args ...any) {
	t.Helper()
	eval[any](t, w.window, 0, fmt.Sprintf(format, args...)+"; undefined")
}

// is waits until an expression is true in the page of the application.
func (w *tab) is(t *testing.T, format string, args ...any) {
	t.Helper()
	expression := fmt.Sprintf(format, args...)
	w.until(t, func() bool { return eval[bool](t, w.window, 0, "Boolean("+expression+")") }, func() string { return "not so: " + expression })
}

// mount makes a part of the application that can open Link, with options in JSON.
func (w *tab) mount(t *testing.T, id string, options map[string]any) {
	t.Helper()
	data, err := json.Marshal(options)
	require.NoError(t, err)
	w.is(t, "window.app")
	w.run(t, "app.mount(%q, %s)", id, data)
	if options["embedded"] == nil {
		w.is(t, "app.ready(%q)", id)
	}
}

// start makes a part of the application with a link token, and opens Link.
func (w *tab) start(t *testing.T, token string) {
	t.Helper()
	w.mount(t, "a", map[string]any{"token": token})
	w.run(t, "app.open('a')")
}

// again opens Link with a token that has just changed: a component may take a moment to make its new handler.
func (w *tab) again(t *testing.T) *overlay {
	t.Helper()
	w.is(t, "(app.open('a'), [...document.querySelectorAll('iframe')].some((f) => f.style.display !== 'none'))")
	return w.shown(t)
}

// callback is a call of one.
type callback struct {
	ID, Label, Name string
	Args            []json.RawMessage
}

// object reads an argument.
func (c callback) object(t *testing.T, n int) (object map[string]any) {
	t.Helper()
	require.Greater(t, len(c.Args), n)
	require.NoError(t, json.Unmarshal(c.Args[n], &object))
	return object
}

// all returns the calls so far of a callback, or of all without a name.
func (w *tab) all(t *testing.T, name string) (found []callback) {
	t.Helper()
	for _, c := range eval[[]callback](t, w.window, 0, "app.calls") {
		if name == "" || c.Name == name {
			found = append(found, c)
		}
	}
	return found
}

// wait waits for the only call of a callback.
func (w *tab) wait(t *testing.T, name string) callback {
	t.Helper()
	w.until(t, func() bool { return len(w.all(t, name)) > 0 }, func() string { return "no " + name })
	all := w.all(t, name)
	require.Len(t, all, 1)
	return all[0]
}

// events are what onEvent got: names, with the views.
func (w *tab) events(t *testing.T) (names []string) {
	t.Helper()
	for _, c := range w.all(t, "onEvent") {
		var name string
		require.NoError(t, json.Unmarshal(c.Args[0], &name))
		if view, ok := c.object(t, 1)["view_name"].(string); ok {
			name += " " + view
		}
		names = append(names, name)
	}
	return names
}

// overlay is Link in the frame with an id, for its user.
type overlay struct {
	*tab
	id string
}

// frame returns Link in the n-th frame of the page.
func (w *tab) frame(n int) *overlay { return &overlay{w, fmt.Sprintf("plaid-link-iframe-%d", n)} }

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
