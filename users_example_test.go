package plaidlink_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

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
