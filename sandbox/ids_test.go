package sandbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// identifiers are those of a few requests, one after the other.
func identifiers(t testing.TB, opts ...sandbox.Option) []string {
	server := newServer(t, opts...)
	client := newClient(t, server)
	made := create(t, client, webhookRequest("http://127.0.0.1:1/refused"))
	require.NoError(t, failure(server.FinishLink(made.LinkToken, sandbox.Success())))
	got := get(t, client, made.LinkToken)
	session := got.LinkSessions[0]
	result := session.Results.ItemAddResults[0]
	item := exchange(t, client, result.PublicToken)
	return []string{
		made.LinkToken, made.RequestID, made.HostedLinkURL[len(server.URL):], got.RequestID, session.LinkSessionID,
		session.Events[0].EventID, result.PublicToken, result.Accounts[0].ID, item.ItemID, string(item.AccessToken), item.RequestID,
		server.Deliveries()[0].ID, newPublicToken(t, client),
	}
}

func TestWithSeed(t *testing.T) {
	first := identifiers(t, sandbox.WithSeed(7))
	require.Equal(t, first, identifiers(t, sandbox.WithSeed(7), sandbox.WithTime(time.Unix(0, 0))), "the time does not matter")
	unlike := [][]string{identifiers(t, sandbox.WithSeed(8)), identifiers(t, sandbox.WithSeed(0)), identifiers(t), identifiers(t)}
	for i := range first {
		seen := map[string]bool{first[i]: true}
		for _, other := range unlike {
			require.False(t, seen[other[i]], "identifier %d", i)
			seen[other[i]] = true
		}
	}
	require.NotEqual(t, sandbox.New(sandbox.WithSeed(7)).WebhookKeyID(), sandbox.New(sandbox.WithSeed(7)).WebhookKeyID())
}
