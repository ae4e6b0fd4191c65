// Command connect is a "connect your bank" button: the page opens Link with a link token from one route, and another route
// exchanges the public token that the page gets from Link for an access token.
//
// It runs offline against "plaidlink sandbox", with the credentials that it prints:
//
//	PLAIDLINK_SANDBOX=http://127.0.0.1:8080 PLAID_ENV=sandbox PLAID_CLIENT_ID=… PLAID_SECRET=… go run ./examples/connect
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"log"
	"net/http"
	"os"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

func main() {
	script, opts := "https://cdn.plaid.com", []plaidlink.Option{}
	if sandbox := os.Getenv("PLAIDLINK_SANDBOX"); sandbox != "" {
		script, opts = sandbox, append(opts, plaidlink.WithBaseURL(sandbox))
	}
	client, err := plaidlink.NewFromEnv(opts...) // PLAID_CLIENT_ID, PLAID_SECRET, PLAID_ENV
	if err != nil {
		log.Fatal(err)
	}
	log.Print("open http://127.0.0.1:8000")
	log.Fatal(http.ListenAndServe("127.0.0.1:8000", routes(client, script, save)))
}

//go:embed page.html
var pageHTML string

// page is the button. Its argument is where the script of Link is: at Plaid, or in the sandbox.
var page = template.Must(template.New("page").Parse(pageHTML))

func routes(client *plaidlink.Client, script string, save func(itemID string, token gen.AccessToken) error) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { page.Execute(w, script) })
	mux.HandleFunc("POST /link-token", func(w http.ResponseWriter, r *http.Request) {
		created, err := client.LinkTokenCreate(r.Context(), gen.LinkTokenCreateRequest{
			ClientName:   "Example App",
			Language:     "en",
			CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
			User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, // from your session
			Products:     []gen.Products{gen.ProductsAuth},
		})
		if err != nil {
			fail(w, err)
			return
		}
		json.NewEncoder(w).Encode(map[string]string{"link_token": created.LinkToken})
	})
	mux.HandleFunc("POST /public-token", func(w http.ResponseWriter, r *http.Request) {
		item, err := client.ItemPublicTokenExchange(r.Context(), gen.ItemPublicTokenExchangeRequest{
			PublicToken: r.FormValue("public_token"),
		})
		if err == nil {
			err = save(item.ItemID, item.AccessToken)
		}
		if err != nil {
			fail(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

func fail(w http.ResponseWriter, err error) {
	log.Print(err) // neither a secret nor a token is in it
	status := http.StatusBadGateway
	if errors.Is(err, plaidlink.TypeInvalidInput) {
		status = http.StatusBadRequest // the browser sent a token that Plaid does not know
	}
	http.Error(w, "The bank could not be connected.", status)
}

// save is yours: store string(token) encrypted, beside the Item id. Until it is stored, the response is the only copy of an
// access token: examples/quickstart shows how not to lose one when storing it fails.
func save(itemID string, token gen.AccessToken) error {
	log.Printf("linked item %s: %v", itemID, token) // prints [redacted]
	return nil
}
