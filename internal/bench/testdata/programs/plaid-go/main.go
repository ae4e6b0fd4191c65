// Command plaid-go makes a link token with the official client.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/plaid/plaid-go/v20/plaid"
)

func main() {
	cfg := plaid.NewConfiguration()
	cfg.UseEnvironment(plaid.Sandbox)
	cfg.AddDefaultHeader("PLAID-CLIENT-ID", "id")
	cfg.AddDefaultHeader("PLAID-SECRET", "secret")
	client := plaid.NewAPIClient(cfg)
	if len(os.Args) == 1 {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		fmt.Println(memory.Sys) // of the system, at the start
		return
	}
	req := plaid.NewLinkTokenCreateRequest("Example App", "en", []plaid.CountryCode{plaid.COUNTRYCODE_US}, plaid.LinkTokenCreateRequestUser{ClientUserId: "user-123"})
	req.SetProducts([]plaid.Products{plaid.PRODUCTS_AUTH})
	created, _, err := client.PlaidApi.LinkTokenCreate(context.Background()).LinkTokenCreateRequest(*req).Execute()
	fmt.Println(err, created)
}
