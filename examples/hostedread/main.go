// Command hostedread lets Plaid host the Link page, and reads how it ended, without a webhook.
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
	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS}, Products: []gen.Products{gen.ProductsAuth},
		User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, HostedLink: &gen.LinkTokenCreateHostedLink{},
	})
	check(err)
	fmt.Println("send the user to the hosted page:", created.HostedLinkURL != "")
	show(ctx, client, created.LinkToken)
	_, err = server.FinishLink(created.LinkToken, sandbox.Exited(sandbox.Exit{})) // the user closes the page,
	check(err)
	_, err = server.FinishLink(created.LinkToken, sandbox.Success()) // opens it again and links a bank
	check(err)
	show(ctx, client, created.LinkToken)
}

// show reads the sessions, as your program does when the user comes back to it. They can be read for 6 hours.
func show(ctx context.Context, client *plaidlink.Client, linkToken string) {
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: linkToken})
	check(err)
	fmt.Println("sessions:", len(got.LinkSessions))
	for _, session := range got.LinkSessions {
		if session.Exit != nil {
			fmt.Println("left at", session.Exit.Metadata.Status)
		} else if session.Results != nil { // neither while the session continues
			fmt.Println("linked", session.Results.ItemAddResults[0].Institution.Name) // exchange the PublicToken of each
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Output:
// send the user to the hosted page: true
// sessions: 0
// sessions: 2
// left at requires_credentials
// linked First Platypus Bank
