package plaidlink_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// replying is a client of a server that replies to every call with one status and body.
func replying(status int, body string) (*httptest.Server, *plaidlink.Client) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id", Secret: "secret"}, plaidlink.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return server, client
}

const anItem = `"item":{"item_id":"item-1","institution_id":"ins_109508","institution_name":"First Platypus Bank","webhook":null,
 "error":{"error_type":"ITEM_ERROR","error_code":"ITEM_LOGIN_REQUIRED","error_message":"sign in again","display_message":null},
 "available_products":[],"billed_products":["auth"],"consent_expiration_time":null,"update_type":"background"}`

// An Item in an error state is read as any other. Whether update mode mends it is one question.
func ExampleClient_ItemGet() {
	server, client := replying(200, `{`+anItem+`,"status":null,"request_id":"req-1"}`)
	defer server.Close()
	got, err := client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: "access-sandbox-1"})
	if err != nil {
		log.Fatal(err)
	}
	if failed := got.Item.Error; failed != nil {
		fmt.Println(got.Item.InstitutionName, failed.ErrorCode, plaidlink.ErrorCode(failed.ErrorCode).NeedsUpdateMode())
	}
	// Output: First Platypus Bank ITEM_LOGIN_REQUIRED true
}

// An Item that is gone already is removed.
func ExampleClient_ItemRemove() {
	server, client := replying(400, `{"error_type":"ITEM_ERROR","error_code":"ITEM_NOT_FOUND","error_message":"no such Item"}`)
	defer server.Close()
	_, err := client.ItemRemove(ctx, gen.ItemRemoveRequest{AccessToken: "access-sandbox-1"})
	if err != nil && !plaidlink.ItemGone(err) {
		log.Fatal(err) // keep the token, and try again later
	}
	fmt.Println("removed: forget the token")
	// Output: removed: forget the token
}

// Store the new token before anything else is done: this is its only copy.
func ExampleClient_ItemAccessTokenInvalidate() {
	server, client := replying(200, `{"new_access_token":"access-sandbox-2","request_id":"req-1"}`)
	defer server.Close()
	rotated, err := client.ItemAccessTokenInvalidate(ctx, gen.ItemAccessTokenInvalidateRequest{AccessToken: "access-sandbox-1"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(rotated.NewAccessToken), rotated.NewAccessToken)
	// Output: access-sandbox-2 [redacted]
}

// To remove the address, send ExtraFields{"webhook": []byte("null")} in place of Webhook.
func ExampleClient_ItemWebhookUpdate() {
	server, client := replying(200, `{`+anItem+`,"request_id":"req-1"}`)
	defer server.Close()
	updated, err := client.ItemWebhookUpdate(ctx, gen.ItemWebhookUpdateRequest{
		AccessToken: "access-sandbox-1", Webhook: "https://app.example.com/plaid",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(updated.Item.ItemID)
	// Output: item-1
}

func ExampleClient_AccountsGet() {
	server, client := replying(200, `{"accounts":[{"account_id":"account-1","name":"Plaid Checking","official_name":null,"mask":"0000",
 "type":"depository","subtype":"checking","balances":{"available":100.5,"current":110,"limit":null,"iso_currency_code":"USD",
 "unofficial_currency_code":null}}],`+anItem+`,"request_id":"req-1"}`)
	defer server.Close()
	got, err := client.AccountsGet(ctx, gen.AccountsGetRequest{AccessToken: "access-sandbox-1"})
	if err != nil {
		log.Fatal(err)
	}
	for _, account := range got.Accounts {
		fmt.Print(account.Name, " ", account.Type, "/", *account.Subtype)
		if account.Mask != nil {
			fmt.Print(" …", *account.Mask)
		}
		if account.Balances.Available != nil {
			fmt.Printf(" %.2f", *account.Balances.Available)
		}
		fmt.Println()
	}
	// Output: Plaid Checking depository/checking …0000 100.50
}

func ExampleClient_InstitutionsGetByID() {
	server, client := replying(200, `{"institution":{"institution_id":"ins_109508","name":"First Platypus Bank","products":["auth"],
 "country_codes":["US"],"routing_numbers":[],"oauth":false},"request_id":"req-1"}`)
	defer server.Close()
	got, err := client.InstitutionsGetByID(ctx, gen.InstitutionsGetByIDRequest{
		InstitutionID: "ins_109508",
		CountryCodes:  []gen.CountryCode{gen.CountryCodeUS},
		Options:       &gen.InstitutionsGetByIDRequestOptions{IncludeOptionalMetadata: new(true)}, // logo and color
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Institution.Name, got.Institution.OAuth)
	// Output: First Platypus Bank false
}

func ExampleClient_SandboxItemResetLogin() {
	server, client := replying(200, `{"reset_login":true,"request_id":"req-1"}`)
	defer server.Close()
	reset, err := client.SandboxItemResetLogin(ctx, gen.SandboxItemResetLoginRequest{AccessToken: "access-sandbox-1"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reset.ResetLogin)
	// Output: true
}

func ExampleClient_SandboxItemFireWebhook() {
	server, client := replying(200, `{"webhook_fired":true,"request_id":"req-1"}`)
	defer server.Close()
	fired, err := client.SandboxItemFireWebhook(ctx, gen.SandboxItemFireWebhookRequest{
		AccessToken: "access-sandbox-1",
		WebhookType: gen.WebhookTypeItem,
		WebhookCode: gen.SandboxItemFireWebhookRequestWebhookCodeNewAccountsAvailable,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fired.WebhookFired)
	// Output: true
}
