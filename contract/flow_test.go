package contract_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/contract"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/contracttest"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// Every operation against the sandbox, and a refusal: neither side departs from the specification.
func TestTheFlowKeepsTheContract(t *testing.T) {
	server := sandbox.NewServer()
	defer server.Close()
	seen := map[string][]int{}
	client := contractClient(t, server, contracttest.Client(t, observe(func(op string, status int) { seen[op] = append(seen[op], status) })))
	ctx := t.Context()

	payment := linkRequest
	payment.Products, payment.RedirectURI = []gen.Products{gen.ProductsPaymentInitiation}, "https://example.com/back"
	payment.HostedLink = &gen.LinkTokenCreateHostedLink{}
	paid, err := client.LinkTokenCreate(ctx, payment)
	require.NoError(t, err)
	correlation, err := server.CorrelationID(paid.LinkToken)
	require.NoError(t, err)
	_, err = client.LinkOAuthCorrelationIDExchange(ctx, gen.LinkOAuthCorrelationIDExchangeRequest{LinkCorrelationID: correlation})
	require.NoError(t, err)

	created, err := client.LinkTokenCreate(ctx, linkRequest)
	require.NoError(t, err)
	_, err = server.FinishLink(created.LinkToken, sandbox.Success())
	require.NoError(t, err)
	got, err := client.LinkTokenGet(ctx, gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
	require.NoError(t, err)
	_, err = client.LinkProfileEligibilityCheck(ctx, gen.LinkProfileEligibilityCheckRequest{
		LinkSessionID: got.LinkSessions[0].LinkSessionID,
		User:          gen.LinkProfileEligibilityCheckUser{PhoneNumber: "+14155550123"},
	})
	require.NoError(t, err)
	made, err := client.SandboxPublicTokenCreate(ctx, gen.SandboxPublicTokenCreateRequest{
		InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
	})
	require.NoError(t, err)
	item, err := client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: made.PublicToken})
	require.NoError(t, err)
	_, err = client.ItemPublicTokenExchange(ctx, gen.ItemPublicTokenExchangeRequest{PublicToken: made.PublicToken})
	require.ErrorIs(t, err, plaidlink.CodeInvalidPublicToken)
	_, err = client.WebhookVerificationKeyGet(ctx, gen.WebhookVerificationKeyGetRequest{KeyID: server.WebhookKeyID()})
	require.NoError(t, err)
	keepTheItem(t, client, item.AccessToken)
	keepTheUser(t, client)

	require.Equal(t, map[string][]int{
		"/link/token/create": {200, 200, 200}, "/link/token/get": {200}, "/link/profile/eligibility/check": {200},
		"/link/oauth/correlation_id/exchange": {200}, "/item/public_token/exchange": {200, 400},
		"/sandbox/public_token/create": {200}, "/webhook_verification_key/get": {200},
		"/item/get": {200, 200, 400}, "/accounts/get": {200, 400}, "/item/webhook/update": {200}, "/item/access_token/invalidate": {200},
		"/item/remove": {200}, "/institutions/get_by_id": {200},
		"/sandbox/item/reset_login": {200}, "/sandbox/item/fire_webhook": {200},
		"/user/create": {201, 200}, "/user/get": {200}, "/user/update": {200, 403}, "/user/remove": {200},
	}, seen)
	require.Len(t, seen, 19, "every operation")
}

// keepTheItem goes through the life of an Item: healthy, broken, gone.
func keepTheItem(t *testing.T, client *plaidlink.Client, token gen.AccessToken) {
	ctx := t.Context()
	_, err := client.ItemWebhookUpdate(ctx, gen.ItemWebhookUpdateRequest{AccessToken: token, Webhook: "http://127.0.0.1:1/plaid"})
	require.NoError(t, err)
	read, err := client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: token})
	require.NoError(t, err)
	_, err = client.InstitutionsGetByID(ctx, gen.InstitutionsGetByIDRequest{
		InstitutionID: read.Item.InstitutionID, CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		Options: &gen.InstitutionsGetByIDRequestOptions{IncludeOptionalMetadata: new(true)},
	})
	require.NoError(t, err)
	_, err = client.AccountsGet(ctx, gen.AccountsGetRequest{AccessToken: token})
	require.NoError(t, err)
	_, err = client.SandboxItemFireWebhook(ctx, gen.SandboxItemFireWebhookRequest{AccessToken: token, WebhookCode: "NEW_ACCOUNTS_AVAILABLE"})
	require.NoError(t, err)
	_, err = client.SandboxItemResetLogin(ctx, gen.SandboxItemResetLoginRequest{AccessToken: token})
	require.NoError(t, err)
	_, err = client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: token})
	require.NoError(t, err, "an Item in an error state is read as any other")
	_, err = client.AccountsGet(ctx, gen.AccountsGetRequest{AccessToken: token})
	require.ErrorIs(t, err, plaidlink.CodeItemLoginRequired)
	rotated, err := client.ItemAccessTokenInvalidate(ctx, gen.ItemAccessTokenInvalidateRequest{AccessToken: token})
	require.NoError(t, err)
	_, err = client.ItemRemove(ctx, gen.ItemRemoveRequest{AccessToken: rotated.NewAccessToken})
	require.NoError(t, err)
	_, err = client.ItemGet(ctx, gen.ItemGetRequest{AccessToken: rotated.NewAccessToken})
	require.ErrorIs(t, err, plaidlink.CodeItemNotFound)
}

// keepTheUser makes a user twice, and links for them.
func keepTheUser(t *testing.T, client *plaidlink.Client) {
	ctx := t.Context()
	var ids []string
	for range 2 {
		user, err := client.UserCreate(ctx, gen.UserCreateRequest{ClientUserID: "user-123", Identity: &gen.ClientUserIdentity{
			Emails: []gen.ClientUserIdentityEmail{{Data: "anna@example.com", Primary: true}},
		}})
		require.NoError(t, err, "201 the first time, 200 then")
		ids = append(ids, user.UserID)
	}
	require.Equal(t, ids[0], ids[1])
	created, err := client.LinkTokenCreate(ctx, gen.LinkTokenCreateRequest{
		ClientName: linkRequest.ClientName, Language: linkRequest.Language, CountryCodes: linkRequest.CountryCodes, Products: linkRequest.Products, UserID: ids[0],
	})
	require.NoError(t, err)
	require.Equal(t, ids[0], created.UserID)
	_, err = client.UserGet(ctx, gen.UserGetRequest{UserID: ids[0]})
	require.NoError(t, err)
	name := &gen.ClientUserIdentityName{GivenName: "Anna", FamilyName: "Charleston"}
	_, err = client.UserUpdate(ctx, gen.UserUpdateRequest{UserID: ids[0], Identity: &gen.ClientUserIdentity{Name: name}})
	require.NoError(t, err)
	_, err = client.UserUpdate(ctx, gen.UserUpdateRequest{UserID: ids[0], Identity: &gen.ClientUserIdentity{
		PhoneNumbers: []gen.ClientUserIdentityPhoneNumber{{Data: "1"}},
	}})
	require.ErrorIs(t, err, plaidlink.CodeInvalidUserIdentityData)
	_, err = client.UserRemove(ctx, gen.UserRemoveRequest{UserID: ids[0]})
	require.NoError(t, err)
}

// The check can fail: what the caller adds to a request is reported, and so is what a fault does to a response.
func TestDeparturesOfTheFlowAreFound(t *testing.T) {
	server := sandbox.NewServer()
	defer server.Close()
	var found []string
	note := func(d contract.Departure) bool {
		found = append(found, d.String())
		return true
	}
	client := contractClient(t, server, contracttest.Client(t, nil, note), plaidlink.WithMaxAttempts(1))
	req := linkRequest
	req.ExtraFields = gen.ExtraFields{"new_feature": []byte(`true`)}
	_, err := client.LinkTokenCreate(t.Context(), req)
	require.NoError(t, err)
	server.Fail("linkTokenGet", sandbox.HTML(502))
	_, err = wiretest.GetToken(t, client)
	require.Error(t, err)
	require.Equal(t, []string{
		"linkTokenCreate: request: /new_feature: unknown property: expected a property that the specification lists",
		"linkTokenGet: response 502: not JSON: expected the content type application/json",
	}, found)
}

func contractClient(t *testing.T, server *sandbox.Server, checked *http.Client, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	client, err := server.Client(append([]plaidlink.Option{plaidlink.WithHTTPClient(checked)}, opts...)...)
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// observe notes the path and status of each exchange.
func observe(note func(path string, status int)) wiretest.RoundTripper {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err == nil {
			note(req.URL.Path, resp.StatusCode)
		}
		return resp, err
	}
}

var linkRequest = gen.LinkTokenCreateRequest{
	ClientName:   "Example App",
	Language:     "en",
	CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
	User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
	Products:     []gen.Products{gen.ProductsAuth},
}
