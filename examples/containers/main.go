// Command containers is an application in a container beside the sandbox: it sends a user to Hosted Link, receives the
// webhooks, and exchanges the public tokens. See compose.yaml.
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

func main() {
	plaid, err := newClient(os.Getenv("PLAID_BASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:              cmp.Or(os.Getenv("LISTEN"), ":3000"),
		Handler:           routes(plaid, os.Getenv("WEBHOOK_URL"), log.Printf),
		ReadHeaderTimeout: 10 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}

// newClient returns a client of the sandbox at a base URL. The credentials are those that every sandbox of this module
// accepts by default: they open nothing, so they may travel in clear.
func newClient(base string) (*plaidlink.Client, error) {
	return plaidlink.New(plaidlink.Sandbox,
		plaidlink.Credentials{ClientID: "sandbox-client-id", Secret: "sandbox-secret"},
		plaidlink.WithInsecureBaseURL(base))
}

// routes are the pages of the application: / sends the browser to Hosted Link, /webhook is for Plaid.
func routes(plaid *plaidlink.Client, webhookURL string, logf func(string, ...any)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		created, err := plaid.LinkTokenCreate(r.Context(), gen.LinkTokenCreateRequest{
			ClientName:   "Example App",
			Language:     "en",
			CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
			User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
			Products:     []gen.Products{gen.ProductsAuth},
			HostedLink:   &gen.LinkTokenCreateHostedLink{},
			Webhook:      webhookURL,
		})
		if err != nil {
			logf("create a link token: %v", err)
			http.Error(w, "try again later", http.StatusBadGateway)
			return
		}
		http.Redirect(w, r, created.HostedLinkURL, http.StatusSeeOther)
	})
	mux.Handle("POST /webhook", webhook.NewVerifier(plaid).Handler(func(ctx context.Context, e webhook.Event) error {
		finished, ok := e.Payload.(*gen.LinkSessionFinishedWebhook)
		if !ok {
			return nil
		}
		for _, token := range finished.PublicTokens {
			item, err := plaid.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: token})
			if err != nil {
				return fmt.Errorf("exchange: %w", err) // Plaid sends the webhook again
			}
			logf("linked the Item %s", item.ItemID)
		}
		return nil
	}))
	return mux
}
