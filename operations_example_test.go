package plaidlink_test

import (
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// offline returns a sandbox and a client of it.
func offline() (*sandbox.Server, *plaidlink.Client) {
	server := sandbox.NewServer()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

// An empty HostedLink asks for a page that Plaid hosts.
func ExampleClient_LinkTokenCreate() {
	server, client := offline()
	defer server.Close()
	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
		HostedLink:   &gen.LinkTokenCreateHostedLink{},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(created.LinkToken != "", created.HostedLinkURL != "", created.Expiration.After(server.Now()))
	// Output: true true true
}

// A session ends in results or in an exit; while it goes on it has neither.
func ExampleClient_LinkTokenGet() {
	server, client := offline()
	defer server.Close()
	created, err := client.LinkTokenCreate(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := server.FinishLink(created.LinkToken, sandbox.Success()); err != nil { // what a user does
		log.Fatal(err)
	}
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	if err != nil {
		log.Fatal(err)
	}
	for _, session := range got.LinkSessions {
		switch {
		case session.Exit != nil:
			fmt.Println("left:", session.Exit.Metadata.Status)
		case session.Results != nil:
			for _, added := range session.Results.ItemAddResults {
				fmt.Println("linked:", added.Institution.Name, len(added.Accounts))
			}
		}
	}
	// Output: linked: First Platypus Bank 1
}

func ExampleClient_LinkProfileEligibilityCheck() {
	server, client := offline()
	defer server.Close()
	server.AddProfile("+14155550123")
	for _, number := range []string{"+14155550123", "+14155550199"} {
		checked, err := client.LinkProfileEligibilityCheck(ctx, gen.LinkProfileEligibilityCheckRequest{
			LinkSessionID: "session-123", // of Link in the browser
			User:          gen.LinkProfileEligibilityCheckUser{PhoneNumber: number},
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number, checked.ProfileMatches)
	}
	// Output:
	// +14155550123 true
	// +14155550199 false
}

func ExampleClient_LinkOAuthCorrelationIDExchange() {
	server, client := offline()
	defer server.Close()
	req := request
	req.Products = []gen.Products{gen.ProductsPaymentInitiation}
	req.PaymentInitiation = &gen.LinkTokenCreateRequestPaymentInitiation{PaymentID: "payment-id-sandbox-1"}
	req.RedirectURI = "https://app.example.com/oauth"
	created, err := client.LinkTokenCreate(ctx, req)
	if err != nil {
		log.Fatal(err)
	}
	id, err := server.CorrelationID(created.LinkToken) // link_correlation_id in the query of the redirect URI
	if err != nil {
		log.Fatal(err)
	}
	exchanged, err := client.LinkOAuthCorrelationIDExchange(ctx, gen.LinkOAuthCorrelationIDExchangeRequest{LinkCorrelationID: id})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(exchanged.LinkToken == created.LinkToken)
	// Output: true
}

// The access token prints redacted; string(item.AccessToken) is what you store.
func ExampleClient_ItemPublicTokenExchange() {
	server, client := offline()
	defer server.Close()
	public, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	if err != nil {
		log.Fatal(err)
	}
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: public.PublicToken})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(item.ItemID != "", item.AccessToken)
	// Output: true [redacted]
}

func ExampleClient_SandboxPublicTokenCreate() {
	server, client := offline()
	defer server.Close()
	public, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID:   "ins_109508", // First Platypus Bank
		InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(public.PublicToken[:len("public-sandbox-")])
	// Output: public-sandbox-
}

// Package webhook does this for you, and limits how often.
func ExampleClient_WebhookVerificationKeyGet() {
	server, client := offline()
	defer server.Close()
	got, err := client.WebhookVerificationKeyGet(ctx, gen.WebhookVerificationKeyGetRequest{KeyID: server.WebhookKeyID()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Key.Alg, got.Key.Crv, got.Key.ExpiredAt == nil)
	// Output: ES256 P-256 true
}
