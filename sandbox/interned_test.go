package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// Tokens of equal requests, and what comes of them, are independent all the same.
func TestEqualRequestsAreIndependent(t *testing.T) {
	server, client := start(t)
	req := pageRequest()
	var items []*gen.ItemPublicTokenExchangeResponse
	var tokens []string
	for _, user := range []string{"user-1", "user-2"} {
		req.User = &gen.LinkTokenCreateRequestUser{ClientUserID: user}
		token := create(t, client, req).LinkToken
		finished, err := server.FinishLink(token, sandbox.Success())
		require.NoError(t, err)
		tokens, items = append(tokens, token), append(items, exchange(t, client, finished.PublicTokens[0]))
	}
	require.NoError(t, failure(client.ItemWebhookUpdate(t.Context(), gen.ItemWebhookUpdateRequest{
		AccessToken: items[0].AccessToken, Webhook: "https://app.example/other",
	})))
	for n, want := range []string{"https://app.example/other", "https://app.example/webhook"} {
		item, err := client.ItemGet(t.Context(), gen.ItemGetRequest{AccessToken: items[n].AccessToken})
		require.NoError(t, err)
		require.Equal(t, want, *item.Item.Webhook)
		require.Equal(t, "https://app.example/webhook", *get(t, client, tokens[n]).Metadata.Webhook)
	}
	first, second := onlySession(t, client, tokens[0]), onlySession(t, client, tokens[1])
	require.Equal(t, first, onlySession(t, client, tokens[0]), "ids and times stay")
	require.Len(t, second.Events, len(first.Events))
	for n := range first.Events {
		require.Equal(t, first.Events[n].EventName, second.Events[n].EventName)
		require.NotEqual(t, first.Events[n].EventID, second.Events[n].EventID)
		require.NotEqual(t, first.Events[n].EventMetadata.RequestID, second.Events[n].EventMetadata.RequestID)
	}
}
