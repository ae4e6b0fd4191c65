// Command userid links a bank for a Plaid user, as integrations made since December 2025 do for Plaid Check, Multi-Item Link
// and Protect: the user_id takes the place of user.
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
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	check(err)
	ctx := context.Background()

	var user *gen.UserCreateResponse
	for range 2 { // the same client_user_id gives the same user, so that a retry does no harm
		user, err = client.UserCreate(ctx, gen.UserCreateRequest{ClientUserID: "user-123"})
		check(err)
	}
	request := gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		Products: []gen.Products{gen.ProductsAuth}, EnableMultiItemLink: new(true),
		UserID: user.UserID, // store it; do not rely on its form
	}
	created, err := client.LinkTokenCreate(ctx, request)
	check(err)
	fmt.Println("for the user:", created.UserID == user.UserID)
	_, _ = server.FinishLink(created.LinkToken, sandbox.Success(sandbox.Item{}, sandbox.Item{})) // two banks in one session
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	check(err)
	var item *gen.ItemPublicTokenExchangeResponse
	for _, added := range got.LinkSessions[0].Results.ItemAddResults {
		item, err = client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: added.PublicToken})
		check(err)
	}

	// Removing the user removes the Items too.
	_, err = client.UserRemove(ctx, gen.UserRemoveRequest{UserID: user.UserID})
	check(err)
	_, err = client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: item.AccessToken})
	fmt.Println("items are gone:", plaidlink.ItemGone(err))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// for the user: true
// items are gone: true
