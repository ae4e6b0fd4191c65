package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// smallest is a page in the way of Plaid's smallest example: the script is in the head, and the token comes when it is needed.
const smallest = `<!doctype html><html lang="en"><head><title>Example App</title><link rel="icon" href="data:,">
<script src="` + plaidScript + `"></script>
<script>
(async () => {
  const { link_token } = await (await fetch('/link-token', { method: 'POST' })).json();
  const handler = Plaid.create({
    token: link_token,
    onSuccess: async (public_token, metadata) => {
      const saved = await fetch('/public-token', { method: 'POST', body: new URLSearchParams({ public_token }) });
      document.querySelector('#status').textContent = saved.ok ? 'connected to ' + metadata.institution.name : 'failed';
    },
  });
  document.querySelector('#connect').onclick = () => handler.open();
})();
</script></head>
<body><button id="connect">Connect a bank</button> <span id="status"></span></body></html>`

// serveSmallest adds the page and its backend to the application.
func (a *webApp) serveSmallest(routes *http.ServeMux) {
	routes.HandleFunc("GET /smallest", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, smallest) })
	routes.HandleFunc("POST /link-token", func(w http.ResponseWriter, r *http.Request) {
		created, err := a.client.LinkTokenCreate(r.Context(), gen.LinkTokenCreateRequest{
			ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
			User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, Products: []gen.Products{gen.ProductsAuth},
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"link_token": created.LinkToken})
	})
	routes.HandleFunc("POST /public-token", func(w http.ResponseWriter, r *http.Request) {
		_, err := a.client.ItemPublicTokenExchange(r.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: r.FormValue("public_token")})
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
}

// The recipes of docs/testing-in-a-browser.md work.
func TestBrowserLinkRecipes(t *testing.T) {
	a := newWebApp(t)
	chromium.check(t, "the recipe for chromedp", func(t *testing.T) {
		w := &tab{newWindow(t, startBrowser(t)), a}
		ctx, script := w.ctx, a.script(t)
		err := chromedp.Listen(ctx, func(event any) {
			if paused, ok := event.(*fetch.EventRequestPaused); ok {
				go chromedp.Call(ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{ // the listener must not wait
					RequestID: paused.RequestID, ResponseCode: 200, Body: script,
					ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/javascript"}},
				})
			}
		})
		require.NoError(t, err)
		_, err = chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{
			Patterns: []*fetch.RequestPattern{{URLPattern: "https://cdn.plaid.com/*"}},
		})
		require.NoError(t, err)
		w.do(t, chromedp.Navigate(a.web.URL+"/smallest"))
		w.is(t, "document.querySelector('#connect').onclick")
		w.run(t, "document.querySelector('#connect').click()")
		w.shown(t).connect(t)
		w.is(t, "document.querySelector('#status').textContent === 'connected to First Platypus Bank'")
	})
	chromium.check(t, "the recipe for Playwright", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		recipe := exec.CommandContext(ctx, "node", "playwright.mjs", chromiumPath(), a.sandbox.URL, a.web.URL+"/smallest")
		recipe.Dir = "web"
		out, err := recipe.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, "connected to First Platypus Bank", strings.TrimSpace(string(out)))
	})
	chromium.check(t, "the recipe for Cypress is JavaScript", func(t *testing.T) {
		out, err := exec.CommandContext(t.Context(), "node", "--check", "web/cypress.cy.js").CombinedOutput()
		require.NoError(t, err, "%s", out)
	})
}

// Pictures of Link over a page, for eyes: `go test -run LinkLooks -artifacts -outputdir <folder>` keeps them.
func TestBrowserLinkLooks(t *testing.T) {
	a := newWebApp(t)
	for _, look := range looks {
		chromium.check(t, "Link over a page: "+look.name, func(t *testing.T) {
			w := a.open(t, "/vanilla")
			w.resize(t, look.width, look.height, 1, look.phone)
			w.prefer(t, look.dark)
			w.start(t, a.token(t))
			l := w.shown(t)
			l.at(t, "Connect your bank to Example App")
			w.keep(t, look.name+", start")
			l.press(t, "Continue")
			l.at(t, "Choose your bank")
			w.keep(t, look.name+", banks")
			l.press(t, oauthPlatypus)
			l.at(t, "Sign in at your bank")
			w.keep(t, look.name+", OAuth")
			l.leave(t)
			w.closed(t)
			w.run(t, "app.unmount('a')")
			w.mount(t, "b", map[string]any{"token": a.token(t), "embedded": true})
			w.is(t, "app.calls.filter((c) => c.name === 'onLoad').length === 2")
			(&overlay{w, eval[string](t, w.window, 0, "document.querySelector('iframe[id^=plaid-link-embedded-iframe-]').id")}).at(t, "Choose your bank")
			w.keep(t, look.name+", embedded")
		})
	}
}
