package sandbox_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"

func TestLinkTokenCreateAndGet(t *testing.T) {
	server := newServer(t, sandbox.WithTime(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)), sandbox.WithLegacyUsers())
	client := newClient(t, server)
	user, err := client.UserCreate(t.Context(), gen.UserCreateRequest{ClientUserID: "user-123"})
	require.NoError(t, err)
	req := createRequest()
	req.Products = []gen.Products{gen.ProductsAuth, gen.ProductsTransactions}
	req.RedirectURI = "https://example.com/back"
	req.Webhook = "https://example.com/plaid"
	req.UserToken = user.UserToken
	req.InstitutionData = &gen.LinkTokenCreateInstitutionData{RoutingNumber: "021000021"}
	req.AccountFilters = &gen.LinkTokenAccountFilters{
		Depository: &gen.DepositoryFilter{AccountSubtypes: []gen.DepositoryAccountSubtype{gen.DepositoryAccountSubtypeChecking}},
		Other:      &gen.OtherFilter{AccountSubtypes: []gen.OtherAccountSubtype{gen.OtherAccountSubtypeAll}},
	}
	created := create(t, client, req)
	require.Regexp(t, "^link-sandbox-"+uuid, created.LinkToken)
	require.Empty(t, created.HostedLinkURL)

	got := get(t, client, created.LinkToken)
	require.Equal(t, created.LinkToken, got.LinkToken)
	require.Equal(t, created.Expiration, *got.Expiration)
	require.WithinDuration(t, time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC), *got.CreatedAt, time.Minute)
	require.Empty(t, got.LinkSessions)
	require.Equal(t, req.ClientName, *got.Metadata.ClientName)
	require.Equal(t, req.Language, *got.Metadata.Language)
	require.Equal(t, req.CountryCodes, got.Metadata.CountryCodes)
	require.Equal(t, req.Products, got.Metadata.InitialProducts)
	require.Equal(t, req.RedirectURI, *got.Metadata.RedirectURI)
	require.Equal(t, req.Webhook, *got.Metadata.Webhook)
	require.Equal(t, req.InstitutionData, got.Metadata.InstitutionData)
	sent, err := json.Marshal(req.AccountFilters)
	require.NoError(t, err)
	shown, err := json.Marshal(got.Metadata.AccountFilters)
	require.NoError(t, err)
	require.JSONEq(t, string(sent), string(shown), "every filter comes back, also the one that the response's type does not list")
}

func TestLinkTokenGetOfTheSmallestRequest(t *testing.T) {
	_, client := start(t)
	got := get(t, client, create(t, client, createRequest()).LinkToken)
	require.Nil(t, got.Metadata.Webhook)
	require.Nil(t, got.Metadata.RedirectURI)
	require.Nil(t, got.Metadata.AccountFilters)
}

func TestLinkTokenLifetime(t *testing.T) {
	server, client := start(t)
	access := exchange(t, client, newPublicToken(t, client)).AccessToken
	hosted := func(h gen.LinkTokenCreateHostedLink) func(*gen.LinkTokenCreateRequest) {
		return func(req *gen.LinkTokenCreateRequest) {
			req.HostedLink = &h
			req.User.PhoneNumber = "+14155550123"
			req.User.EmailAddress = "user@example.com"
		}
	}
	for name, test := range map[string]struct {
		edit func(*gen.LinkTokenCreateRequest)
		want time.Duration
	}{
		"new Item":           {func(*gen.LinkTokenCreateRequest) {}, 4 * time.Hour},
		"update mode":        {func(r *gen.LinkTokenCreateRequest) { r.AccessToken = access }, 30 * time.Minute},
		"several updates":    {func(r *gen.LinkTokenCreateRequest) { r.AccessTokens = []gen.AccessToken{access} }, 30 * time.Minute},
		"hosted":             {hosted(gen.LinkTokenCreateHostedLink{}), 30 * time.Minute},
		"hosted, by SMS":     {hosted(gen.LinkTokenCreateHostedLink{DeliveryMethod: gen.HostedLinkDeliveryMethodSMS}), 24 * time.Hour},
		"hosted, by e-mail":  {hosted(gen.LinkTokenCreateHostedLink{DeliveryMethod: gen.HostedLinkDeliveryMethodEmail}), 7 * 24 * time.Hour},
		"hosted, as asked":   {hosted(gen.LinkTokenCreateHostedLink{URLLifetimeSeconds: new(90)}), 90 * time.Second},
		"hosted, at most":    {hosted(gen.LinkTokenCreateHostedLink{URLLifetimeSeconds: new(1814400)}), 21 * 24 * time.Hour},
		"hosted, both given": {hosted(gen.LinkTokenCreateHostedLink{URLLifetimeSeconds: new(90), DeliveryMethod: gen.HostedLinkDeliveryMethodSMS}), 90 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			req := createRequest()
			test.edit(&req)
			created := create(t, client, req)
			require.Equal(t, req.HostedLink != nil, created.HostedLinkURL != "")
			got := get(t, client, created.LinkToken)
			require.Equal(t, test.want, got.Expiration.Sub(*got.CreatedAt))

			server.Advance(test.want - time.Minute)
			get(t, client, created.LinkToken)
			server.Advance(time.Minute)
			_, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: created.LinkToken})
			requireRefused(t, err, plaidlink.CodeInvalidLinkToken, "has expired")
		})
	}
}

func TestLinkTokenCreateRefuses(t *testing.T) {
	_, client := start(t)
	for name, test := range map[string]struct {
		edit    func(*gen.LinkTokenCreateRequest)
		code    plaidlink.ErrorCode
		message string
	}{
		"balance, as the specification demands": {
			func(r *gen.LinkTokenCreateRequest) { r.Products = []gen.Products{gen.ProductsBalance} },
			plaidlink.CodeInvalidProduct, "balance",
		},
		"an access token that nobody got": {
			func(r *gen.LinkTokenCreateRequest) { r.AccessToken = "access-sandbox-1" },
			plaidlink.CodeInvalidAccessToken, "was not made by this sandbox",
		},
		"the same in the list": {
			func(r *gen.LinkTokenCreateRequest) { r.AccessTokens = []gen.AccessToken{"access-sandbox-1"} },
			plaidlink.CodeInvalidAccessToken, "was not made by this sandbox",
		},
		"an access token of another environment": {
			func(r *gen.LinkTokenCreateRequest) { r.AccessToken = "access-production-1" },
			plaidlink.CodeInvalidAccessToken, "environment production",
		},
		"a hosted URL for more than 21 days": {
			func(r *gen.LinkTokenCreateRequest) {
				r.HostedLink = &gen.LinkTokenCreateHostedLink{URLLifetimeSeconds: new(1814401)}
			},
			plaidlink.CodeInvalidField, "hosted_link.url_lifetime_seconds",
		},
		"a hosted URL for no time": {
			func(r *gen.LinkTokenCreateRequest) {
				r.HostedLink = &gen.LinkTokenCreateHostedLink{URLLifetimeSeconds: new(0)}
			},
			plaidlink.CodeInvalidField, "hosted_link.url_lifetime_seconds",
		},
		"an SMS to nobody": {
			func(r *gen.LinkTokenCreateRequest) {
				r.HostedLink = &gen.LinkTokenCreateHostedLink{DeliveryMethod: gen.HostedLinkDeliveryMethodSMS}
			},
			plaidlink.CodeInvalidField, "user.phone_number",
		},
		"an e-mail to nobody": {
			func(r *gen.LinkTokenCreateRequest) {
				r.HostedLink = &gen.LinkTokenCreateHostedLink{DeliveryMethod: gen.HostedLinkDeliveryMethodEmail}
			},
			plaidlink.CodeInvalidField, "user.email_address",
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := createRequest()
			test.edit(&req)
			_, err := client.LinkTokenCreate(t.Context(), req)
			requireRefused(t, err, test.code, test.message)
		})
	}
}

func TestLinkTokenGetRefusesTokensOfOthers(t *testing.T) {
	_, client := start(t)
	for token, message := range map[string]string{
		"link-sandbox-33792986-2b9c-4b80-b1f2-518caaac6183":    "was not made by this sandbox",
		"link-production-33792986-2b9c-4b80-b1f2-518caaac6183": "environment production",
		"link-development-3379":                                "environment development",
		"public-sandbox-3379":                                  "was not made by this sandbox",
		"":                                                     "was not made by this sandbox",
	} {
		_, err := client.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: token})
		requireRefused(t, err, plaidlink.CodeInvalidLinkToken, message)
	}
}
