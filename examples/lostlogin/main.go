// Command lostlogin repairs an Item whose user has to sign in again: a webhook is the hint, update mode the cure.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

func main() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	check(err)
	ctx := context.Background()
	var token gen.AccessToken // by item_id, in your database
	// Whatever the code, the same: look at the Item. Twice the same bytes can be two events.
	app := httptest.NewServer(webhook.NewVerifier(client).Handler(func(ctx context.Context, e webhook.Event) error {
		got, err := client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: token})
		if err == nil && got.Item.Error != nil {
			fmt.Println(e.Code, "ask for a new login:", plaidlink.ErrorCode(got.Item.Error.ErrorCode).NeedsUpdateMode())
		}
		return err
	}))
	defer app.Close()
	public, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth}, Options: &gen.SandboxPublicTokenCreateRequestOptions{Webhook: app.URL},
	})
	check(err)
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: public.PublicToken})
	check(err)
	token = item.AccessToken
	check(server.RequireLogin(item.ItemID)) // the user has a new password at the bank
	check(server.WaitWebhooks(ctx))
	link, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, AccessToken: token, // and no Products
	})
	check(err)
	_, _ = server.FinishLink(link.LinkToken, sandbox.Success()) // no webhook reports your own repair: read the Item
	got, err := client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: token})
	fmt.Println("repaired:", err == nil && got.Item.Error == nil)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// ERROR ask for a new login: true
// repaired: true
