package e2e_test

import (
	"testing"
	"time"

	"github.com/plaid/plaid-go/v20/plaid"
	"github.com/stretchr/testify/require"
)

// requireNewerMembers checks what a session has since version 20 of Plaid's client: its events, which end in a closing
// one, and its results or its exit.
func requireNewerMembers(t *testing.T, session plaid.LinkTokenGetSessionsResponse, closing string, publicTokens ...string) {
	t.Helper()
	members := session.AdditionalProperties
	require.IsType(t, []any{}, members["events"])
	var names []string
	for _, event := range members["events"].([]any) {
		names = append(names, event.(map[string]any)["event_name"].(string))
		require.NotEmpty(t, event.(map[string]any)["event_id"])
	}
	require.NotEmpty(t, names)
	require.Equal(t, "OPEN", names[0])
	require.Equal(t, closing, names[len(names)-1])
	if len(publicTokens) == 0 {
		require.NotNil(t, members["exit"])
		require.Nil(t, members["results"])
		return
	}
	require.Nil(t, members["exit"])
	require.NotNil(t, members["results"])
	var tokens []string
	for _, added := range members["results"].(map[string]any)["item_add_results"].([]any) {
		tokens = append(tokens, added.(map[string]any)["public_token"].(string))
	}
	require.Equal(t, publicTokens, tokens)
}

// What clients read after webhooks and redirects.
func TestPlaidGoReadsWhatIsPrepared(t *testing.T) {
	ready := prepare(t)
	client := newPlaidGo(t, ready.site)

	plaidGo.check(t, "the key of webhooks is read", func(t *testing.T) {
		got, err := getWebhookKey(t.Context(), client, ready.KeyID)
		require.NoError(t, err)
		key := got.Key
		require.Equal(t, ready.KeyID, key.Kid)
		require.Equal(t, []string{"ES256", "P-256", "EC", "sig"}, []string{key.Alg, key.Crv, key.Kty, key.Use})
		require.Len(t, key.X, 43, "32 bytes in base64url, which all are sent")
		require.Len(t, key.Y, 43)
		require.Nil(t, key.ExpiredAt.Get())
		require.WithinDuration(t, time.Now(), time.Unix(int64(key.CreatedAt), 0), 24*time.Hour)
		require.Empty(t, key.AdditionalProperties)
		require.Empty(t, got.AdditionalProperties)
		require.NotEmpty(t, got.RequestId)
	})
	plaidGo.check(t, "a correlation id is exchanged", func(t *testing.T) {
		got, err := exchangeCorrelationID(t.Context(), client, ready.CorrelationID)
		require.NoError(t, err)
		require.Regexp(t, "^link-sandbox-", got.LinkToken)
		require.NotEmpty(t, got.RequestId)
		require.Empty(t, got.AdditionalProperties)
	})
}
