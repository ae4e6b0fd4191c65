package e2e_test

import (
	"testing"
	"time"

	"github.com/plaid/plaid-go/v20/plaid"
	"github.com/stretchr/testify/require"
)

// requireNewerProperties checks the properties of a session that version 20 of Plaid's client does not know: its events, which
// end with closing, and its results or its exit.
func requireNewerProperties(t *testing.T, session plaid.LinkTokenGetSessionsResponse, closing string, publicTokens ...string) {
	t.Helper()
	properties := session.AdditionalProperties
	require.IsType(t, []any{}, properties["events"])
	var names []string
	for _, event := range properties["events"].([]any) {
		names = append(names, event.(map[string]any)["event_name"].(string))
		require.NotEmpty(t, event.(map[string]any)["event_id"])
	}
	require.NotEmpty(t, names)
	require.Equal(t, "OPEN", names[0])
	require.Equal(t, closing, names[len(names)-1])
	if len(publicTokens) == 0 {
		require.NotNil(t, properties["exit"])
		require.Nil(t, properties["results"])
		return
	}
	require.Nil(t, properties["exit"])
	require.NotNil(t, properties["results"])
	var tokens []string
	for _, added := range properties["results"].(map[string]any)["item_add_results"].([]any) {
		tokens = append(tokens, added.(map[string]any)["public_token"].(string))
	}
	require.Equal(t, publicTokens, tokens)
}

// What programs read after webhooks and redirects.
func TestPlaidGoReadsKeysAndCorrelationIDs(t *testing.T) {
	ready := prepare(t)
	client := newPlaidGo(t, ready.site)

	plaidGo.check(t, "the key of webhooks is read", func(t *testing.T) {
		got, err := getWebhookKey(t.Context(), client, ready.KeyID)
		require.NoError(t, err)
		key := got.Key
		require.Equal(t, ready.KeyID, key.Kid)
		require.Equal(t, []string{"ES256", "P-256", "EC", "sig"}, []string{key.Alg, key.Crv, key.Kty, key.Use})
		require.Len(t, key.X, 43, "all 32 bytes, in base64url")
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
