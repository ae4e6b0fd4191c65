package plaidlink_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

var (
	ctx     = context.Background()
	request = gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
	}
)

// The bodies of the package's examples are Go blocks of the README and of docs; tests of package internal/repo compare them.

func Example_offline() {
	ctx := context.Background()
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client() // pass this to your code instead of the real one
	if err != nil {
		log.Fatal(err)
	}
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
	server.FinishLink(created.LinkToken, sandbox.Success()) // what a user does in the browser
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	if err != nil {
		log.Fatal(err)
	}
	added := got.LinkSessions[0].Results.ItemAddResults[0]
	fmt.Println(added.Institution.Name, added.Accounts[0].Name)

	// Each failure is one line: Plaid's errors, a proxy's 502, a dropped connection, a slow response.
	server.Fail("linkTokenGet", sandbox.HTML(502), sandbox.Drop())
	_, err = client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	fmt.Println("after two failures:", err)

	// Tokens expire without a wait.
	server.Advance(5 * time.Hour)
	_, err = client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: added.PublicToken})
	fmt.Println("expired:", errors.Is(err, plaidlink.CodeInvalidPublicToken))
	// Output:
	// First Platypus Bank Plaid Checking
	// after two failures: <nil>
	// expired: true
}

func Example_webhooks() {
	ctx := context.Background()
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	verifier := webhook.NewVerifier(client) // fetches Plaid's keys and keeps them
	endpoint := httptest.NewServer(verifier.Handler(func(ctx context.Context, e webhook.Event) error {
		switch p := e.Payload.(type) {
		case *gen.LinkSessionFinishedWebhook:
			fmt.Println(e.Code, p.Status, len(p.PublicTokens)) // exchange each token
		case *gen.LinkEventsWebhook:
			fmt.Println(e.Code, len(p.Events))
		}
		return nil // after an error, the response is a 500 and Plaid sends the webhook again
	}))
	defer endpoint.Close()

	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
		HostedLink:   &gen.LinkTokenCreateHostedLink{},
		Webhook:      endpoint.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	server.FinishLink(created.LinkToken, sandbox.Success()) // or open created.HostedLinkURL in a browser
	server.WaitWebhooks(ctx)
	// Output:
	// EVENTS 2
	// SESSION_FINISHED SUCCESS 1
}

func Example_errors() {
	var err error = &plaidlink.Error{Code: plaidlink.CodeInvalidPublicToken} // as a call returns it
	perr, ok := errors.AsType[*plaidlink.Error](err)
	fmt.Println(errors.Is(err, plaidlink.CodeInvalidPublicToken)) // by code or type: open Link again
	fmt.Println(ok && perr.MaybeCarriedOut)                       // do not retry: the Item may exist
	fmt.Println(ok && perr.Temporary())                           // try again after perr.RetryAfter
	// Output:
	// true
	// false
	// false
}

func Example_receiving() {
	verifier := webhook.NewVerifier(sandbox.NewSigner()) // in production: NewVerifier(client)
	http.Handle("POST /plaid/webhook", verifier.Handler(func(ctx context.Context, e webhook.Event) error {
		switch p := e.Payload.(type) {
		case *gen.LinkSessionFinishedWebhook:
			fmt.Println(e.Code, p.Status, len(p.PublicTokens)) // exchange each token
		case *gen.ItemErrorWebhook:
			fmt.Println(e.Code, p.ItemID) // a hint to call ItemGet
		}
		return nil // after an error, the response is 500 and Plaid sends the webhook again
	}))
	// Output:
}

func Example_failures() {
	server := sandbox.NewServer() // pass server.Client() to your code instead of the real client
	defer server.Close()
	server.Fail("itemGet", sandbox.HTML(502), sandbox.Drop()) // a proxy's page, then a lost connection
	server.Fail("accountsGet", sandbox.PlaidError(400, "ITEM_ERROR", "ITEM_LOGIN_REQUIRED", ""))
	server.Advance(31 * time.Minute) // every public token has expired
	// Output:
}

func Example_unknownFields() {
	ctx := context.Background()
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
		ExtraFields:  gen.ExtraFields{"new_feature": json.RawMessage(`{"enabled":true}`)}, // sent
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(created.ExtraFields["new_field"] == nil) // read
	// Output: true
}

func ExampleCaptureResponse() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	var resp plaidlink.Response
	_, err = client.LinkTokenCreate(ctx, request, plaidlink.CaptureResponse(&resp), plaidlink.WithAttemptTimeout(5*time.Second))
	fmt.Println(err, resp.StatusCode, resp.Attempts, resp.RequestID != "")
	// Output: <nil> 200 1 true
}

func ExampleWithHTTPClient() {
	client, err := plaidlink.New(plaidlink.Production, plaidlink.Credentials{ClientID: "id", Secret: "secret"},
		plaidlink.WithHTTPClient(&http.Client{Transport: http.DefaultTransport}),
		plaidlink.WithMaxAttempts(5),
	)
	fmt.Println(client, err)
	// Output: plaidlink.Client(production, https://production.plaid.com) <nil>
}

// Any other operation of Plaid, here one that asks the bank for balances, goes the same way by its path.
func ExampleClient_Post() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // in place of Plaid
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"accounts":[{"name":"Checking","balances":{"available":100.5}}],"request_id":"r"}`)
	}))
	defer server.Close()
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id", Secret: "secret"}, plaidlink.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	request := map[string]any{"access_token": "access-sandbox-…"}
	var response struct {
		Accounts []struct {
			Name     string
			Balances struct{ Available float64 }
		}
	}
	err = client.Post(context.Background(), "/accounts/balance/get", request, &response, plaidlink.WithAttemptTimeout(60*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.Accounts[0].Name, response.Accounts[0].Balances.Available)
	// Output: Checking 100.5
}
