package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// The whole Link flow, in one process and without a network.
func Example() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
	})
	if err != nil {
		log.Fatal(err)
	}
	// What a user does in the browser.
	if _, err := server.FinishLink(created.LinkToken, sandbox.Success()); err != nil {
		log.Fatal(err)
	}
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range got.LinkSessions[0].Results.ItemAddResults {
		item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: result.PublicToken})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Institution.Name, result.Accounts[0].Subtype, item.AccessToken)
	}
	// Output: First Platypus Bank checking [redacted]
}

// A token expires without waiting.
func ExampleSandbox_Advance() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	created, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID:   "ins_109508",
		InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	if err != nil {
		log.Fatal(err)
	}
	server.Advance(31 * time.Minute)
	_, err = client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: created.PublicToken})
	fmt.Println(errors.Is(err, plaidlink.CodeInvalidPublicToken))
	// Output: true
}
