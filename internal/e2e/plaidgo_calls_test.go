package e2e_test

import (
	"context"
	"testing"

	"github.com/plaid/plaid-go/v20/plaid"
)

// plaidAPI is Plaid's client for Go.
type plaidAPI = *plaid.PlaidApiService

// newPlaidGo returns a client with the credentials of the sandbox, which edit can change.
func newPlaidGo(t *testing.T, of site, edit ...func(*plaid.Configuration)) plaidAPI {
	t.Helper()
	configuration := plaid.NewConfiguration()
	configuration.HTTPClient = newHTTPClient(t)
	configuration.UseEnvironment(plaid.Environment(of.URL))
	configuration.AddDefaultHeader("PLAID-CLIENT-ID", of.ClientID)
	configuration.AddDefaultHeader("PLAID-SECRET", of.Secret)
	for _, fn := range edit {
		fn(configuration)
	}
	return plaid.NewAPIClient(configuration).PlaidApi
}

// editCreate changes a request for a link token.
type editCreate = func(*plaid.LinkTokenCreateRequest)

// createRequest returns the smallest valid request for a new Item, with the changes of edit.
func createRequest(edit ...editCreate) plaid.LinkTokenCreateRequest {
	user := plaid.LinkTokenCreateRequestUser{ClientUserId: "user-123"}
	request := plaid.NewLinkTokenCreateRequest("Example App", "en", []plaid.CountryCode{plaid.COUNTRYCODE_US}, user)
	request.SetProducts([]plaid.Products{plaid.PRODUCTS_AUTH})
	for _, fn := range edit {
		fn(request)
	}
	return *request
}

func createLinkToken(ctx context.Context, client plaidAPI, edit ...editCreate) (plaid.LinkTokenCreateResponse, error) {
	created, _, err := client.LinkTokenCreate(ctx).LinkTokenCreateRequest(createRequest(edit...)).Execute()
	return created, err
}

func getLinkToken(ctx context.Context, client plaidAPI, token string) (plaid.LinkTokenGetResponse, error) {
	got, _, err := client.LinkTokenGet(ctx).LinkTokenGetRequest(*plaid.NewLinkTokenGetRequest(token)).Execute()
	return got, err
}

func exchangeToken(ctx context.Context, client plaidAPI, token string) (plaid.ItemPublicTokenExchangeResponse, error) {
	request := plaid.NewItemPublicTokenExchangeRequest(token)
	item, _, err := client.ItemPublicTokenExchange(ctx).ItemPublicTokenExchangeRequest(*request).Execute()
	return item, err
}

func createPublicToken(ctx context.Context, client plaidAPI, institution string) (plaid.SandboxPublicTokenCreateResponse, error) {
	request := plaid.NewSandboxPublicTokenCreateRequest(institution, []plaid.Products{plaid.PRODUCTS_AUTH})
	created, _, err := client.SandboxPublicTokenCreate(ctx).SandboxPublicTokenCreateRequest(*request).Execute()
	return created, err
}

func getWebhookKey(ctx context.Context, client plaidAPI, id string) (plaid.WebhookVerificationKeyGetResponse, error) {
	request := plaid.NewWebhookVerificationKeyGetRequest(id)
	got, _, err := client.WebhookVerificationKeyGet(ctx).WebhookVerificationKeyGetRequest(*request).Execute()
	return got, err
}

func exchangeCorrelationID(
	ctx context.Context, client plaidAPI, id string,
) (plaid.LinkOAuthCorrelationIdExchangeResponse, error) {
	request := plaid.NewLinkOAuthCorrelationIdExchangeRequest(id)
	got, _, err := client.LinkOauthCorrelationIdExchange(ctx).LinkOAuthCorrelationIdExchangeRequest(*request).Execute()
	return got, err
}
