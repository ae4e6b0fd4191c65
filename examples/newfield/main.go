// Command newfield uses properties and values that Plaid has and the specification lacks.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	check(err)

	// Plaid, newer than this module.
	check(server.Fail("linkTokenCreate", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"link_token": "link-sandbox-1", "expiration": "2030-01-02T15:04:05Z", "request_id": "r1",
				"theme": {"name": "dark"}}`)
		})
	}))

	created, err := client.LinkTokenCreate(context.Background(), gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{"JP"}, // enums are open
		User:        &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:    []gen.Products{gen.ProductsAuth, "new_product"},
		ExtraFields: gen.ExtraFields{"theme": json.RawMessage(`{"name":"dark"}`)}, // a field of the request
	})
	check(err)
	fmt.Println("sent:", strings.Contains(server.Requests()[0].Body, `"theme":{"name":"dark"}`))

	var theme struct{ Name string }
	check(json.Unmarshal(created.ExtraFields["theme"], &theme)) // a field of the response
	fmt.Println("read:", theme.Name)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// sent: true
// read: dark
