// Command updatemode repairs an Item whose user has to sign in again: the same Link, opened with the access token.
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	check(err)
	ctx := context.Background()

	// An Item, as in your database.
	public, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	check(err)
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: public.PublicToken})
	check(err)

	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:        &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		AccessToken: item.AccessToken, // in place of Products
		Update:      &gen.LinkTokenCreateRequestUpdate{AccountSelectionEnabled: new(true)},
	})
	check(err)
	fmt.Println("the link token lives", created.Expiration.Sub(server.Now()).Round(time.Second))
	_, err = server.FinishLink(created.LinkToken, sandbox.Success()) // what a user does in the browser
	check(err)

	// The Item and its access token are the same as before: there is nothing to exchange.
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	check(err)
	fmt.Println("repaired:", got.LinkSessions[0].Exit == nil)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// the link token lives 30m0s
// repaired: true
