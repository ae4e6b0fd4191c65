// Command exchange goes through Link once: create a link token, let the user connect a bank, exchange the public token.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	server := sandbox.NewServer() // Plaid Link on this machine; for Plaid itself, call plaidlink.NewFromEnv
	defer server.Close()
	client, err := server.Client()
	check(err)
	ctx := context.Background()

	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, // your own id of the user, not an e-mail address
		Products:     []gen.Products{gen.ProductsAuth},
	})
	check(err)

	// The browser opens Link with created.LinkToken, and its onSuccess callback sends your server a public token. Here:
	_, err = server.FinishLink(created.LinkToken, sandbox.Success())
	check(err)
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	check(err)
	publicToken := got.LinkSessions[0].Results.ItemAddResults[0].PublicToken

	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: publicToken})
	check(err)
	fmt.Println("item id:", item.ItemID != "")
	fmt.Println("access token:", item.AccessToken) // string(item.AccessToken) is what you store
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// item id: true
// access token: [redacted]
