// Command correlation continues Link after the page of a bank when the user comes back in a different browser or app from
// the one that opened Link: the bank appends a correlation id to your redirect URI, and it leads to the link token.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func main() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	check(err)
	ctx := context.Background()

	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeGB},
		User:              &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:          []gen.Products{gen.ProductsPaymentInitiation}, // no other product has correlation ids
		PaymentInitiation: &gen.LinkTokenCreateRequestPaymentInitiation{PaymentID: "payment-id-sandbox-1"},
		RedirectURI:       "https://app.example.com/oauth",
	})
	check(err)

	// The bank sends the user here.
	id, err := server.CorrelationID(created.LinkToken)
	check(err)
	request := httptest.NewRequest("GET", "/oauth?link_correlation_id="+id, nil)

	// Your handler of the redirect URI.
	again, err := client.LinkOAuthCorrelationIDExchange(ctx, gen.LinkOAuthCorrelationIDExchangeRequest{
		LinkCorrelationID: request.URL.Query().Get("link_correlation_id"),
	})
	check(err)
	fmt.Println("open Link with the same token:", again.LinkToken == created.LinkToken)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// open Link with the same token: true
