package plaidlink_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// The id goes into the link token, in place of a user.
func ExampleClient_UserCreate() {
	server, client := replying(200, `{"user_id":"usr_1","request_id":"req-1"}`)
	defer server.Close()
	user, err := client.UserCreate(ctx, gen.UserCreateRequest{
		ClientUserID: "user-123",
		Identity: &gen.ClientUserIdentity{
			Name:   &gen.ClientUserIdentityName{GivenName: "Anna", FamilyName: "Charleston"},
			Emails: []gen.ClientUserIdentityEmail{{Data: "anna@example.com", Primary: true}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	token := gen.LinkTokenCreateRequest{ClientName: "Example App", Language: "en", UserID: user.UserID}
	fmt.Println(token.UserID, token.User == nil)
	// Output: usr_1 true
}

func ExampleClient_UserGet() {
	server, client := replying(200, `{"user_id":"usr_1","client_user_id":"user-123","created_at":"2026-03-02T09:30:00Z","request_id":"req-1"}`)
	defer server.Close()
	user, err := client.UserGet(ctx, gen.UserGetRequest{UserID: "usr_1"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*user.ClientUserID, user.CreatedAt.Year())
	// Output: user-123 2026
}

// What the identity leaves out stays as it is.
func ExampleClient_UserUpdate() {
	server, client := replying(403, `{"error_type":"USER_ERROR","error_code":"INVALID_USER_IDENTITY_DATA","error_message":"phone_numbers: no such number"}`)
	defer server.Close()
	_, err := client.UserUpdate(ctx, gen.UserUpdateRequest{
		UserID:   "usr_1",
		Identity: &gen.ClientUserIdentity{PhoneNumbers: []gen.ClientUserIdentityPhoneNumber{{Data: "+10000000000", Primary: true}}},
	})
	var perr *plaidlink.Error
	if errors.As(err, &perr) && perr.Code == plaidlink.CodeInvalidUserIdentityData {
		fmt.Println("ask the user again:", perr.Message)
	}
	// Output: ask the user again: phone_numbers: no such number
}

// A user that is gone already is removed, and so are all Items of that user.
func ExampleClient_UserRemove() {
	server, client := replying(200, `{"request_id":"req-1"}`)
	defer server.Close()
	_, err := client.UserRemove(ctx, gen.UserRemoveRequest{UserID: "usr_1"})
	if err != nil && !errors.Is(err, plaidlink.CodeUserNotFound) {
		log.Fatal(err)
	}
	fmt.Println("removed")
	// Output: removed
}
