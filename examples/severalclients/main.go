// Command severalclients uses two Plaid accounts in one program. Each client has its own credentials, connections, settings
// and retry budget; nothing is global.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	clients := map[string]*plaidlink.Client{}
	transport := &http.Transport{MaxIdleConnsPerHost: 10} // may be shared, for one pool of connections
	for _, brand := range []string{"shop", "bank"} {
		creds := plaidlink.Credentials{ClientID: brand, Secret: plaidlink.Secret(brand + "-secret")}
		server := sandbox.NewServer(sandbox.WithCredentials(creds))
		defer server.Close()
		client, err := plaidlink.New(plaidlink.Sandbox, creds,
			plaidlink.WithBaseURL(server.URL), // not needed with Plaid itself
			plaidlink.WithHTTPClient(&http.Client{Transport: transport}),
			plaidlink.WithUserAgent(brand+"/1.0"),
			plaidlink.WithAttemptTimeout(10*time.Second),
		)
		if err != nil {
			log.Fatal(err)
		}
		clients[brand] = client
	}

	ctx := context.Background()
	public, err := clients["shop"].SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, brand := range []string{"bank", "shop"} { // a token belongs to the account that made it
		_, err := clients[brand].ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: public.PublicToken})
		fmt.Println(brand, err == nil, errors.Is(err, plaidlink.CodeInvalidPublicToken))
	}
}

// Output:
// bank false true
// shop true false
