// Command exchange goes through Link once: create a link token, let the user connect a bank, exchange the public token.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	server := sandbox.NewServer() // Plaid Link on this machine
	defer server.Close()
	client, err := plaidlink.New(plaidlink.Sandbox, server.Credentials(), plaidlink.WithBaseURL(server.URL))
	check(err)
	ctx := context.Background()

	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:     &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, // your own id of the user
		Products: []gen.Products{gen.ProductsAuth},
	})
	check(err)

	// A page opens Link with created.LinkToken, and gets a public token. Here, the sandbox plays the user:
	finished, err := server.FinishLink(created.LinkToken, sandbox.Success())
	check(err)
	item, err := client.ItemPublicTokenExchange(ctx,
		gen.ItemPublicTokenExchangeRequest{PublicToken: finished.PublicTokens[0]})
	check(err)
	fmt.Println("connected:", item.ItemID != "", item.AccessToken) // store string(item.AccessToken)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// connected: true [redacted]
