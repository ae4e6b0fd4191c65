// Command itemremove disconnects a bank: at Plaid first, then in your database. A removal that is repeated succeeds.
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
	database := map[string]gen.AccessToken{} // by item_id; encrypt yours
	public, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	check(err)
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: public.PublicToken})
	check(err)
	database[item.ItemID] = item.AccessToken

	// The connection breaks when Plaid has removed the Item already: is it removed?
	check(server.Fail("itemRemove", sandbox.DropResponse()))
	check(disconnect(ctx, client, database, item.ItemID))
	fmt.Println("items left:", len(database), server.State().Items)

	_, err = client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: item.AccessToken})
	fmt.Println("gone:", plaidlink.ItemGone(err))
}

// disconnect keeps the token until Plaid has removed the Item: without it nobody can, and Plaid goes on billing. The client
// retries a removal, and the retry finds the Item gone, which means done.
func disconnect(ctx context.Context, client *plaidlink.Client, database map[string]gen.AccessToken, itemID string) error {
	_, err := client.ItemRemove(ctx, gen.ItemRemoveRequest{AccessToken: database[itemID]})
	if err != nil && !plaidlink.ItemGone(err) {
		return err
	}
	delete(database, itemID)
	return nil
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// items left: 0 0
// gone: true
