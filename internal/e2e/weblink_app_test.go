package e2e_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
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
