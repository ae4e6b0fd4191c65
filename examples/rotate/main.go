// Command rotate replaces an access token: the old one dies at once, and the response is the only copy of the new one.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

type row struct { // of your database
	token    gen.AccessToken
	rotating bool // if it is set after a crash, the token may be dead
}

func rotate(ctx context.Context, client *plaidlink.Client, stored *row) error {
	stored.rotating = true // commit this before the call
	rotated, err := client.ItemAccessTokenInvalidate(ctx, gen.ItemAccessTokenInvalidateRequest{AccessToken: stored.token})
	if err == nil {
		stored.token, stored.rotating = rotated.NewAccessToken, false // commit both at once
		return nil
	}
	// Perhaps it was carried out. If the old token still works, it was not.
	if _, gone := client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: stored.token}); plaidlink.ItemGone(gone) {
		return fmt.Errorf("the new token is lost: let the user link the bank again")
	}
	return err
}

func main() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	check(err)
	ctx := context.Background()
	public, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	check(err)
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: public.PublicToken})
	check(err)
	stored := &row{token: item.AccessToken}
	fmt.Println("rotated:", rotate(ctx, client, stored) == nil && string(stored.token) != string(item.AccessToken))
	check(server.Fail("itemAccessTokenInvalidate", sandbox.DropResponse())) // carried out, and the response is lost
	fmt.Println(rotate(ctx, client, stored))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// rotated: true
// the new token is lost: let the user link the bank again
