package e2e_test

import (
	"testing"
	"time"

	"github.com/plaid/plaid-go/v20/plaid"
	"github.com/stretchr/testify/require"
)

// Plaid's client for Go goes through Link: a new Item, an exit, update mode.
func TestPlaidGoGoesThroughLink(t *testing.T) {
	running := startSandbox(t)
	client := newPlaidGo(t, running)
	var linkToken string
	var item plaid.ItemPublicTokenExchangeResponse

	plaidGo.check(t, "a link token is created", func(t *testing.T) {
		created, err := createLinkToken(t.Context(), client)
		require.NoError(t, err)
		require.Regexp(t, "^link-sandbox-", created.LinkToken)
		require.WithinDuration(t, time.Now().Add(4*time.Hour), created.Expiration, time.Minute)
		require.NotEmpty(t, created.RequestId)
		require.Nil(t, created.HostedLinkUrl)
		require.Empty(t, created.AdditionalProperties)
		linkToken = created.LinkToken
	})
	plaidGo.check(t, "credentials in the body are accepted", func(t *testing.T) {
		_, err := createLinkToken(t.Context(), newPlaidGo(t, running, withoutCredentials), func(r *plaid.LinkTokenCreateRequest) {
			r.SetClientId(running.ClientID)
			r.SetSecret(running.Secret)
		})
		require.NoError(t, err)
	})
	plaidGo.check(t, "a hosted page has a URL", func(t *testing.T) {
		created, err := createLinkToken(t.Context(), client, func(r *plaid.LinkTokenCreateRequest) {
			r.SetHostedLink(*plaid.NewLinkTokenCreateHostedLink())
			r.SetWebhook("https://example.com/webhook")
		})
		require.NoError(t, err)
		require.Regexp(t, `^https?://.`, created.GetHostedLinkUrl())
		require.WithinDuration(t, time.Now().Add(30*time.Minute), created.Expiration, time.Minute)
	})
	plaidGo.check(t, "a link token is read back", func(t *testing.T) {
		got, err := getLinkToken(t.Context(), client, linkToken)
		require.NoError(t, err)
		require.Equal(t, linkToken, got.LinkToken)
		require.WithinDuration(t, time.Now(), *got.CreatedAt.Get(), time.Minute)
		require.Equal(t, 4*time.Hour, got.Expiration.Get().Sub(*got.CreatedAt.Get()))
		require.Empty(t, got.GetLinkSessions())
		require.Equal(t, "Example App", *got.Metadata.ClientName.Get())
		require.Equal(t, "en", *got.Metadata.Language.Get())
		require.Equal(t, []plaid.CountryCode{plaid.COUNTRYCODE_US}, got.Metadata.CountryCodes)
		require.Equal(t, []plaid.Products{plaid.PRODUCTS_AUTH}, got.Metadata.InitialProducts)
		require.Nil(t, got.Metadata.Webhook.Get())
		require.Empty(t, got.Metadata.AdditionalProperties)
		require.Empty(t, got.AdditionalProperties)
	})
	plaidGo.check(t, "a success has a public token, which is exchanged", func(t *testing.T) {
		ended := running.finish(t, linkToken, "success")
		require.Len(t, ended.PublicTokens, 1)
		got, err := getLinkToken(t.Context(), client, linkToken)
		require.NoError(t, err)
		require.Len(t, got.GetLinkSessions(), 1)
		session := got.GetLinkSessions()[0]
		require.Equal(t, ended.LinkSessionID, session.LinkSessionId)
		require.NotNil(t, session.StartedAt)
		require.NotNil(t, session.FinishedAt.Get())
		require.Nil(t, session.OnExit.Get())
		success := session.OnSuccess.Get()
		require.NotNil(t, success)
		require.Equal(t, ended.PublicTokens[0], success.PublicToken)
		metadata := success.Metadata.Get()
		require.Equal(t, "ins_109508", metadata.Institution.Get().GetInstitutionId())
		require.Equal(t, "First Platypus Bank", metadata.Institution.Get().GetName())
		require.Equal(t, session.LinkSessionId, metadata.GetLinkSessionId())
		require.Len(t, metadata.GetAccounts(), 1)
		account := metadata.GetAccounts()[0]
		require.NotEmpty(t, account.GetId())
		require.Equal(t, []string{"depository", "checking"}, []string{account.GetType(), account.GetSubtype()})
		requireNewerProperties(t, session, "HANDOFF", success.PublicToken)

		item, err = exchangeToken(t.Context(), client, success.PublicToken)
		require.NoError(t, err)
		require.Regexp(t, "^access-sandbox-", item.AccessToken)
		require.NotEmpty(t, item.ItemId)
		require.Empty(t, item.AdditionalProperties)
	})
	plaidGo.check(t, "an exit has no public token", func(t *testing.T) {
		created, err := createLinkToken(t.Context(), client)
		require.NoError(t, err)
		ended := running.finish(t, created.LinkToken, "exit")
		require.Empty(t, ended.PublicTokens)
		got, err := getLinkToken(t.Context(), client, created.LinkToken)
		require.NoError(t, err)
		require.Len(t, got.GetLinkSessions(), 1)
		session := got.GetLinkSessions()[0]
		require.Nil(t, session.OnSuccess.Get())
		exit := session.OnExit.Get()
		require.NotNil(t, exit)
		require.Nil(t, exit.Error.Get())
		require.Equal(t, "requires_credentials", exit.Metadata.Get().GetStatus())
		require.Equal(t, session.LinkSessionId, exit.Metadata.Get().GetLinkSessionId())
		require.NotEmpty(t, exit.Metadata.Get().GetRequestId())
		requireNewerProperties(t, session, "EXIT")
	})
	plaidGo.check(t, "update mode keeps the Item", func(t *testing.T) {
		created, err := createLinkToken(t.Context(), client, func(r *plaid.LinkTokenCreateRequest) {
			r.Products = nil
			r.SetAccessToken(item.AccessToken)
		})
		require.NoError(t, err)
		require.WithinDuration(t, time.Now().Add(30*time.Minute), created.Expiration, time.Minute)
		again, err := exchangeToken(t.Context(), client, running.finish(t, created.LinkToken, "success").PublicTokens[0])
		require.NoError(t, err)
		require.Equal(t, []string{item.ItemId, item.AccessToken}, []string{again.ItemId, again.AccessToken})
	})
	plaidGo.check(t, "a public token is created without Link", func(t *testing.T) {
		created, err := createPublicToken(t.Context(), client, "ins_109509")
		require.NoError(t, err)
		require.Regexp(t, "^public-sandbox-", created.PublicToken)
		require.Empty(t, created.AdditionalProperties)
		other, err := exchangeToken(t.Context(), client, created.PublicToken)
		require.NoError(t, err)
		require.NotEqual(t, item.ItemId, other.ItemId)
	})
}
