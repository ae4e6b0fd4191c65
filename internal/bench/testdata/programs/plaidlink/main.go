// Command plaidlink makes a link token with this module.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

func main() {
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id", Secret: "secret"})
	if err != nil {
		panic(err)
	}
	if len(os.Args) == 1 {
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		fmt.Println(memory.Sys) // of the system, at the start
		return
	}
	created, err := client.LinkTokenCreate(context.Background(), gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, Products: []gen.Products{gen.ProductsAuth},
	})
	fmt.Println(err, created)
}
