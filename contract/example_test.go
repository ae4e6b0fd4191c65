package contract_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/contract"
	"github.com/plaidlink/plaidlink-go/gen"
)

// A server that has moved ahead of the specification: the calls work, and what is new is reported.
func Example() {
	plaid := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"link_token":"link-sandbox-0","expiration":"2026-03-02T10:00:00Z","layer":{"id":1}}`)
	}))
	defer plaid.Close()
	checked, err := contract.New(plaid.Client().Transport, func(_ context.Context, d contract.Departure) {
		fmt.Println(d.Kind.Severity(), "|", d)
	})
	if err != nil {
		log.Fatal(err)
	}
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id", Secret: "secret"},
		plaidlink.WithBaseURL(plaid.URL), plaidlink.WithHTTPClient(&http.Client{Transport: checked}))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.LinkTokenCreate(context.Background(), gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS, "XX"},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
	})
	fmt.Println("error:", err)
	// Output:
	// growth | linkTokenCreate: request: /country_codes/1: unknown value: expected one of the values that the specification lists
	// breach | linkTokenCreate: response 200: /request_id: missing property: expected a string
	// growth | linkTokenCreate: response 200: /layer: unknown property: expected a property that the specification lists
	// error: <nil>
}
