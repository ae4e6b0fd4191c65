package e2e_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// app is a program that connects the banks of its users with Hosted Link: it makes links and receives webhooks. Its users come
// back to /done when the session has ended, and to /back when a bank sends them.
type app struct {
	url     string
	sandbox *sandbox.Server
	client  *plaidlink.Client

	mu       sync.Mutex
	links    map[string]string // hosted_link_url by link token
	events   []webhook.Event   // that verified
	arrivals []string          // paths with their queries
}

// What users see of the app. Its script changes the title, which shows whether scripts run.
const (
	arrived  = "Welcome back"
	appTitle = "Example App"
	appPage  = `<!doctype html><html lang="en"><title>no script ran</title><link rel="icon" href="data:,">` +
		`<h1>Welcome back</h1><p>%s</p><script>document.title = "Example App"</script>`
)

func newApp(t *testing.T) *app {
	t.Helper()
	a := &app{sandbox: sandbox.NewServer(), links: map[string]string{}}
	t.Cleanup(a.sandbox.Close)
	client, err := a.sandbox.Client(plaidlink.WithHTTPClient(newHTTPClient(t)))
	require.NoError(t, err)
	a.client = client
	routes := http.NewServeMux()
	routes.Handle("POST /webhook", webhook.NewVerifier(client).Handler(a.receive))
	routes.HandleFunc("GET /done", a.welcome)
	routes.HandleFunc("GET /back", a.goOn)
	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// link makes a link for Hosted Link, which returns to the app at its end.
func (a *app) link(t *testing.T, changes ...func(*gen.LinkTokenCreateRequest)) *gen.LinkTokenCreateResponse {
	t.Helper()
	req := gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
		Webhook:      a.url + "/webhook",
		HostedLink:   &gen.LinkTokenCreateHostedLink{CompletionRedirectURI: a.url + "/done"},
	}
	for _, change := range changes {
		change(&req)
	}
	created, err := a.client.LinkTokenCreate(t.Context(), req)
	require.NoError(t, err)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.links[created.LinkToken] = created.HostedLinkURL
	return created
}

// stays makes the link stay on the last page of Hosted Link.
func stays(req *gen.LinkTokenCreateRequest) { req.HostedLink.CompletionRedirectURI = "" }

func (a *app) receive(_ context.Context, e webhook.Event) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events = append(a.events, e)
	return nil
}

func (a *app) welcome(w http.ResponseWriter, r *http.Request) {
	a.arrive(r)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, appPage, "The webhook reports whether your bank is connected.")
}

// goOn receives a user whom a bank sends back, and links to the rest of the session.
func (a *app) goOn(w http.ResponseWriter, r *http.Request) {
	a.arrive(r)
	exchanged, err := a.client.LinkOAuthCorrelationIDExchange(r.Context(), gen.LinkOAuthCorrelationIDExchangeRequest{
		LinkCorrelationID: r.FormValue("link_correlation_id"),
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, appPage, `<a href="`+html.EscapeString(a.links[exchanged.LinkToken])+`">Go on</a>`)
}

func (a *app) arrive(r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.arrivals = append(a.arrivals, r.URL.RequestURI())
}

// seen returns where users have arrived so far.
func (a *app) seen() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.arrivals...)
}

// webhooks waits until all webhooks are delivered, and returns those of a link that arrived and were verified.
func (a *app) webhooks(t *testing.T, linkToken string) (payloads []any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), pageTimeout)
	defer cancel()
	require.NoError(t, a.sandbox.WaitWebhooks(ctx))
	for _, delivery := range a.sandbox.Deliveries() {
		require.Equal(t, sandbox.DeliveryDelivered, delivery.State, "%s %s", delivery.Code, delivery.Reason)
		require.Len(t, delivery.Attempts, 1)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.events {
		var of string
		switch p := e.Payload.(type) {
		case *gen.ItemAddResultWebhook:
			of = p.LinkToken
		case *gen.LinkEventsWebhook:
			of = p.LinkToken
		case *gen.LinkSessionFinishedWebhook:
			of = p.LinkToken
		}
		if of == linkToken {
			payloads = append(payloads, e.Payload)
		}
	}
	return payloads
}

// sessions returns the sessions of a link.
func (a *app) sessions(t *testing.T, linkToken string) []gen.LinkTokenGetSessionsResponse {
	t.Helper()
	got, err := a.client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: linkToken})
	require.NoError(t, err)
	return got.LinkSessions
}

func (a *app) exchange(t *testing.T, publicToken string) *gen.ItemPublicTokenExchangeResponse {
	t.Helper()
	item, err := a.client.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: publicToken})
	require.NoError(t, err)
	require.Regexp(t, "^access-sandbox-", string(item.AccessToken))
	return item
}
