package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func newUser(t testing.TB, client *plaidlink.Client, req gen.UserCreateRequest) *gen.UserCreateResponse {
	t.Helper()
	user, err := client.UserCreate(t.Context(), req)
	require.NoError(t, err)
	return user
}

// ofUser changes a request to one of a Plaid user, which takes the place of user.
func ofUser(id string) func(*gen.LinkTokenCreateRequest) {
	return func(req *gen.LinkTokenCreateRequest) { req.User, req.UserID = nil, id }
}

func TestUserIsMadeOnce(t *testing.T) {
	server, client := start(t)
	body := `{"client_user_id":"user-123","identity":{"name":{"given_name":"Anna","family_name":"Charleston"}}}`
	first := send(t, server, "POST", "/user/create", body, nil)
	require.Equal(t, http.StatusCreated, first.status)
	require.Regexp(t, "^usr_[A-Za-z0-9]{16}$", first.properties["user_id"])
	require.NotContains(t, first.properties, "user_token")
	second := send(t, server, "POST", "/user/create", `{"client_user_id":"user-123"}`, nil)
	require.Equal(t, http.StatusOK, second.status)
	require.Equal(t, first.properties["user_id"], second.properties["user_id"])
	other := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-456"})
	require.NotEqual(t, first.properties["user_id"], other.UserID)
}

func TestIdentityIsMerged(t *testing.T) {
	_, client := start(t)
	user := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123", Identity: &gen.ClientUserIdentity{
		Name:   &gen.ClientUserIdentityName{GivenName: "Anna", FamilyName: "Charleston"},
		Emails: []gen.ClientUserIdentityEmail{{Data: "anna@example.com", Primary: true}},
	}})
	_, err := client.UserUpdate(t.Context(), gen.UserUpdateRequest{UserID: user.UserID, Identity: &gen.ClientUserIdentity{
		Emails:       []gen.ClientUserIdentityEmail{{Data: "a@example.org", Primary: true}},
		PhoneNumbers: []gen.ClientUserIdentityPhoneNumber{{Data: "+14155550123", Primary: true}},
	}})
	require.NoError(t, err)
	got, err := client.UserGet(t.Context(), gen.UserGetRequest{UserID: user.UserID})
	require.NoError(t, err)
	require.Equal(t, "user-123", *got.ClientUserID)
	require.Equal(t, "Anna", got.Identity.Name.GivenName, "what the update leaves out stays")
	require.Equal(t, "a@example.org", got.Identity.Emails[0].Data)
	require.Equal(t, "+14155550123", got.Identity.PhoneNumbers[0].Data)
	require.False(t, got.UpdatedAt.Before(got.CreatedAt))
}

func TestIdentityThatCannotBeRight(t *testing.T) {
	_, client := start(t)
	user := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123"})
	for field, identity := range map[string]gen.ClientUserIdentity{
		"phone_numbers": {PhoneNumbers: []gen.ClientUserIdentityPhoneNumber{{Data: "555"}}},
		"emails":        {Emails: []gen.ClientUserIdentityEmail{{Data: "anna"}}},
		"addresses":     {Addresses: []gen.ClientUserIdentityAddress{{Country: "Atlantis"}}},
		"name":          {Name: &gen.ClientUserIdentityName{GivenName: "Anna", FamilyName: " "}},
	} {
		_, created := client.UserCreate(t.Context(), gen.UserCreateRequest{ClientUserID: "user-456", Identity: &identity})
		_, updated := client.UserUpdate(t.Context(), gen.UserUpdateRequest{UserID: user.UserID, Identity: &identity})
		for _, err := range []error{created, updated} {
			var refused *plaidlink.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, http.StatusForbidden, refused.StatusCode)
			require.Equal(t, plaidlink.CodeInvalidUserIdentityData, refused.Code)
			require.Contains(t, refused.Message, "identity."+field)
		}
	}
}

func TestUserTakesTheItemsAlong(t *testing.T) {
	server, client := start(t)
	user := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123"})
	l := begin(t, server, ofUser(user.UserID))
	other := begin(t, server)
	waiting := create(t, client, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS}, UserID: user.UserID,
		Products: []gen.Products{gen.ProductsAuth},
	}).LinkToken
	made, err := client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth}, UserID: user.UserID,
	})
	require.NoError(t, err)
	_, err = client.UserRemove(t.Context(), gen.UserRemoveRequest{UserID: user.UserID})
	require.NoError(t, err)

	l.gone(plaidlink.CodeItemNotFound)
	other.healthy()
	require.ErrorContains(t, failure(server.FinishLink(waiting, sandbox.Success())), "removed")
	_, err = client.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: made.PublicToken})
	requireRefused(t, err, plaidlink.CodeInvalidPublicToken, "removed")
	_, get := client.UserGet(t.Context(), gen.UserGetRequest{UserID: user.UserID})
	_, update := client.UserUpdate(t.Context(), gen.UserUpdateRequest{UserID: user.UserID})
	_, remove := client.UserRemove(t.Context(), gen.UserRemoveRequest{UserID: user.UserID})
	req := createRequest()
	ofUser(user.UserID)(&req)
	_, link := client.LinkTokenCreate(t.Context(), req)
	for _, err := range []error{get, update, remove, link} {
		requireRefused(t, err, plaidlink.CodeUserNotFound, "user_id")
	}
	again := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123"})
	require.NotEqual(t, user.UserID, again.UserID, "the client_user_id may be used again, by another user")
}

// What belongs to a user names it.
func TestUserIDIsRepeated(t *testing.T) {
	server, client := start(t)
	user := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123"})
	hosted := func(req *gen.LinkTokenCreateRequest) { req.HostedLink = &gen.LinkTokenCreateHostedLink{} }
	l := begin(t, server, ofUser(user.UserID), hosted)
	events := l.received()
	require.Equal(t, []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"}, codes(events))
	require.Equal(t, user.UserID, events[2].Payload.(*gen.LinkSessionFinishedWebhook).UserID)
	require.NoError(t, server.RequireLogin(l.id))
	require.Equal(t, user.UserID, l.received()[0].Payload.(*gen.ItemErrorWebhook).UserID)

	req := createRequest()
	ofUser(user.UserID)(&req)
	require.Equal(t, user.UserID, create(t, client, req).UserID)
	require.Empty(t, create(t, client, createRequest()).UserID)
}

func TestUpdateModeOfAUser(t *testing.T) {
	server, client := start(t)
	user := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123"})
	first := begin(t, server, ofUser(user.UserID))
	second, stranger := begin(t, server, ofUser(user.UserID)), begin(t, server)
	update := func(edits ...func(*gen.LinkTokenCreateRequest)) (string, error) {
		req := createRequest()
		req.Products, req.Update = nil, &gen.LinkTokenCreateRequestUpdate{User: new(true)}
		ofUser(user.UserID)(&req)
		for _, edit := range edits {
			edit(&req)
		}
		created, err := client.LinkTokenCreate(t.Context(), req)
		if err != nil {
			return "", err
		}
		require.WithinDuration(t, server.Now().Add(30*time.Minute), created.Expiration, time.Minute)
		return created.LinkToken, nil
	}
	ids := func(ids ...string) func(*gen.LinkTokenCreateRequest) {
		return func(req *gen.LinkTokenCreateRequest) { req.Update.ItemIDs = ids }
	}
	_, err := update()
	requireRefused(t, err, plaidlink.CodeInvalidField, "an Item of the user in an error state")
	_, err = update(ids(stranger.id))
	requireRefused(t, err, plaidlink.CodeInvalidField, "not of an Item of the user")
	_, err = update(func(req *gen.LinkTokenCreateRequest) { req.AccessToken = first.token })
	requireRefused(t, err, plaidlink.CodeInvalidField, "access_token")
	_, err = update(func(req *gen.LinkTokenCreateRequest) {
		req.UserID, req.User = "", &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}
	})
	requireRefused(t, err, plaidlink.CodeMissingFields, "update.user")

	require.NoError(t, server.RequireLogin(first.id))
	server.Advance(time.Second)
	require.NoError(t, server.RequireLogin(second.id)) // broke last
	token, err := update()
	require.NoError(t, err)
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))
	second.healthy()
	first.broken("")

	require.NoError(t, server.RequireLogin(second.id))
	token, err = update(ids(first.id, second.id))
	require.NoError(t, err)
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())), "one Item for each session")
	first.healthy()
	second.broken("")
	require.NoError(t, failure(server.FinishLink(token, sandbox.Success())))
	second.healthy()
	require.ErrorContains(t, failure(server.FinishLink(token, sandbox.Success())), "used up")
}

func TestUsersOfTheOlderAPI(t *testing.T) {
	server := newServer(t, sandbox.WithLegacyUsers())
	client := newClient(t, server)
	user := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123"})
	require.Regexp(t, "^user-sandbox-"+uuid, user.UserToken)
	require.NotRegexp(t, "^usr_", user.UserID)
	_, err := client.UserCreate(t.Context(), gen.UserCreateRequest{ClientUserID: "user-123"})
	requireRefused(t, err, plaidlink.CodeInvalidField, "client_user_id has a user already")
	identity := &gen.ClientUserIdentity{Name: &gen.ClientUserIdentityName{GivenName: "Anna", FamilyName: "Charleston"}}
	_, err = client.UserCreate(t.Context(), gen.UserCreateRequest{ClientUserID: "user-456", Identity: identity})
	requireRefused(t, err, plaidlink.CodeInvalidField, "with_upgraded_user")
	upgraded := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-456", Identity: identity, WithUpgradedUser: new(true)})
	require.Regexp(t, "^usr_", upgraded.UserID)
	require.Empty(t, upgraded.UserToken)

	withToken := func(req *gen.LinkTokenCreateRequest) { req.UserToken = user.UserToken }
	l := begin(t, server, withToken)
	begin(t, server, ofUser(user.UserToken)) // the value of an old token is taken for a user_id
	req := createRequest()
	ofUser(user.UserID)(&req)
	_, err = client.LinkTokenCreate(t.Context(), req)
	requireRefused(t, err, plaidlink.CodeUserNotFound, "user_id")
	for _, id := range []string{user.UserID, user.UserToken} {
		_, err = client.UserGet(t.Context(), gen.UserGetRequest{UserID: id})
		requireRefused(t, err, plaidlink.CodeUserNotFound, "")
	}
	_, err = client.UserUpdate(t.Context(), gen.UserUpdateRequest{UserToken: user.UserToken, Identity: identity})
	requireRefused(t, err, plaidlink.CodeInvalidField, "identity is of the present API")

	_, err = client.UserRemove(t.Context(), gen.UserRemoveRequest{UserToken: user.UserToken})
	require.NoError(t, err)
	l.gone(plaidlink.CodeItemNotFound)
	_, err = client.UserRemove(t.Context(), gen.UserRemoveRequest{UserToken: user.UserToken})
	requireRefused(t, err, plaidlink.CodeInvalidUserToken, "removed")
	_, err = client.UserCreate(t.Context(), gen.UserCreateRequest{ClientUserID: "user-123"})
	requireRefused(t, err, plaidlink.CodeInvalidField, "has a user already") // forever
}

func TestRequestsThatNameNoUser(t *testing.T) {
	server, client := start(t)
	for _, path := range []string{"/user/update", "/user/remove"} {
		require.Equal(t, "MISSING_FIELDS", send(t, server, "POST", path, `{}`, nil).code)
		require.Equal(t, "INVALID_FIELD", send(t, server, "POST", path, `{"user_id":"usr_1","user_token":"user-sandbox-1"}`, nil).code)
		require.Equal(t, "USER_NOT_FOUND", send(t, server, "POST", path, `{"user_id":"usr_1"}`, nil).code)
		require.Equal(t, "INVALID_USER_TOKEN", send(t, server, "POST", path, `{"user_token":"user-sandbox-1"}`, nil).code)
	}
	user := newUser(t, client, gen.UserCreateRequest{ClientUserID: "user-123"})
	_, err := client.UserRemove(t.Context(), gen.UserRemoveRequest{UserToken: user.UserID})
	requireRefused(t, err, plaidlink.CodeInvalidUserToken, "unknown") // an id is not a token
	for _, id := range []string{"", strings.Repeat("x", 129)} {
		require.Equal(t, "INVALID_FIELD", send(t, server, "POST", "/user/create", `{"client_user_id":"`+id+`"}`, nil).code)
	}
}
