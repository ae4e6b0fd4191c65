package plaidlink_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// connected is a sandbox with an Item of First Platypus Bank, whose access token is in your database.
func connected() (*sandbox.Server, *plaidlink.Client, *gen.ItemPublicTokenExchangeResponse) {
	server := sandbox.NewServer()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	public, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
		Options: &gen.SandboxPublicTokenCreateRequestOptions{Webhook: "http://127.0.0.1:9/plaid"},
	})
	if err != nil {
		log.Fatal(err)
	}
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: public.PublicToken})
	if err != nil {
		log.Fatal(err)
	}
	return server, client, item
}

// An Item in an error state is read as any other. Whether update mode mends it is one question.
func ExampleClient_ItemGet() {
	server, client, item := connected()
	defer server.Close()
	if err := server.RequireLogin(item.ItemID); err != nil { // as after a new password at the bank
		log.Fatal(err)
	}
	got, err := client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: item.AccessToken})
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
	server, client, item := connected()
	defer server.Close()
	for range 2 {
		_, err := client.ItemRemove(ctx, gen.ItemRemoveRequest{AccessToken: item.AccessToken})
		if err != nil && !plaidlink.ItemGone(err) {
			log.Fatal(err) // keep the token, and try again later
		}
		fmt.Println("removed: forget the token")
	}
	// Output:
	// removed: forget the token
	// removed: forget the token
}

// Store the new token before anything else is done: this is its only copy.
func ExampleClient_ItemAccessTokenInvalidate() {
	server, client, item := connected()
	defer server.Close()
	rotated, err := client.ItemAccessTokenInvalidate(ctx, gen.ItemAccessTokenInvalidateRequest{AccessToken: item.AccessToken})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: item.AccessToken})
	fmt.Println(string(rotated.NewAccessToken) != string(item.AccessToken), rotated.NewAccessToken, plaidlink.ItemGone(err))
	// Output: true [redacted] true
}

// To remove the address, send ExtraFields{"webhook": []byte("null")} in place of Webhook.
func ExampleClient_ItemWebhookUpdate() {
	server, client, item := connected()
	defer server.Close()
	updated, err := client.ItemWebhookUpdate(ctx, gen.ItemWebhookUpdateRequest{
		AccessToken: item.AccessToken, Webhook: "https://app.example.com/plaid",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*updated.Item.Webhook)
	// Output: https://app.example.com/plaid
}

func ExampleClient_AccountsGet() {
	server, client, item := connected()
	defer server.Close()
	got, err := client.AccountsGet(ctx, gen.AccountsGetRequest{AccessToken: item.AccessToken})
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
	// Output: Plaid Checking depository/checking …0000 110.00
}

func ExampleClient_InstitutionsGetByID() {
	server, client, _ := connected()
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
	server, client, item := connected()
	defer server.Close()
	reset, err := client.SandboxItemResetLogin(ctx, gen.SandboxItemResetLoginRequest{AccessToken: item.AccessToken})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reset.ResetLogin)
	// Output: true
}

func ExampleClient_SandboxItemFireWebhook() {
	server, client, item := connected()
	defer server.Close()
	fired, err := client.SandboxItemFireWebhook(ctx, gen.SandboxItemFireWebhookRequest{
		AccessToken: item.AccessToken,
		WebhookType: gen.WebhookTypeItem,
		WebhookCode: gen.SandboxItemFireWebhookRequestWebhookCodeNewAccountsAvailable,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fired.WebhookFired)
	// Output: true
}

// registered is a sandbox with a Plaid user.
func registered() (*sandbox.Server, *plaidlink.Client, string) {
	server := sandbox.NewServer()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	user, err := client.UserCreate(ctx, gen.UserCreateRequest{ClientUserID: "user-123"})
	if err != nil {
		log.Fatal(err)
	}
	return server, client, user.UserID
}

// The id goes into the link token, in place of a user.
func ExampleClient_UserCreate() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	user, err := client.UserCreate(ctx, gen.UserCreateRequest{
		ClientUserID: "user-123", // the same one gives the same user
		Identity: &gen.ClientUserIdentity{
			Name:   &gen.ClientUserIdentityName{GivenName: "Anna", FamilyName: "Charleston"},
			Emails: []gen.ClientUserIdentityEmail{{Data: "anna@example.com", Primary: true}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		Products: []gen.Products{gen.ProductsAuth},
		UserID:   user.UserID,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(created.UserID == user.UserID)
	// Output: true
}

func ExampleClient_UserGet() {
	server, client, id := registered()
	defer server.Close()
	user, err := client.UserGet(ctx, gen.UserGetRequest{UserID: id})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*user.ClientUserID, user.Identity == nil)
	// Output: user-123 true
}

// What the identity leaves out stays as it is.
func ExampleClient_UserUpdate() {
	server, client, id := registered()
	defer server.Close()
	_, err := client.UserUpdate(ctx, gen.UserUpdateRequest{
		UserID:   id,
		Identity: &gen.ClientUserIdentity{PhoneNumbers: []gen.ClientUserIdentityPhoneNumber{{Data: "555-0123", Primary: true}}},
	})
	var perr *plaidlink.Error
	if errors.As(err, &perr) && perr.Code == plaidlink.CodeInvalidUserIdentityData {
		fmt.Println("ask the user again:", perr.Message)
	}
	// Output: ask the user again: identity.phone_numbers.data must be in E.164 form, such as +14155550123
}

// A user that is gone already is removed, and so are all Items of that user.
func ExampleClient_UserRemove() {
	server, client, id := registered()
	defer server.Close()
	for range 2 {
		_, err := client.UserRemove(ctx, gen.UserRemoveRequest{UserID: id})
		if err != nil && !errors.Is(err, plaidlink.CodeUserNotFound) {
			log.Fatal(err)
		}
		fmt.Println("removed")
	}
	// Output:
	// removed
	// removed
}
