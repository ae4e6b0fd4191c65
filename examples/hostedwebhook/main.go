// Command hostedwebhook lets Plaid host the Link page, and learns from a webhook how it ended.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

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

	handler := webhook.NewVerifier(client).Handler(func(ctx context.Context, e webhook.Event) error {
		finished, ok := e.Payload.(*gen.LinkSessionFinishedWebhook)
		if !ok {
			return nil // of no interest
		}
		fmt.Println(finished.WebhookCode, finished.Status)
		for _, token := range finished.PublicTokens { // one for each bank
			item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: token})
			if err != nil {
				return err // the response is 500, so the webhook comes again
			}
			fmt.Println("access token:", item.AccessToken)
		}
		return nil
	})
	receiver := httptest.NewServer(handler) // yours has a public https address
	defer receiver.Close()

	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, Products: []gen.Products{gen.ProductsAuth},
		HostedLink: &gen.LinkTokenCreateHostedLink{}, Webhook: receiver.URL,
	})
	check(err)
	_, err = server.FinishLink(created.LinkToken, sandbox.Success()) // what a user does at created.HostedLinkURL
	check(err)
	check(server.WaitWebhooks(ctx))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// SESSION_FINISHED SUCCESS
// access token: [redacted]
