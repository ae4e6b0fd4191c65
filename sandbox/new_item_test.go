package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// A test of what comes after Link needs no link token.
func ExampleSandbox_NewItem() {
	server := sandbox.NewServer()
	defer server.Close()
	client, err := server.Client()
	if err != nil {
		log.Fatal(err)
	}
	item := server.NewItem()
	if err := server.RequireLogin(item.ItemID); err != nil {
		log.Fatal(err)
	}
	_, err = client.AccountsGet(context.Background(), gen.AccountsGetRequest{AccessToken: item.AccessToken})
	fmt.Println(item.Institution.Name, errors.Is(err, plaidlink.CodeItemLoginRequired))
	// Output: First Platypus Bank true
}

func TestNewItemIsLinked(t *testing.T) {
	server, client := start(t)
	mine := []sandbox.Account{{Name: "A", Type: "credit", Subtype: "credit card"}, {ID: "b", Name: "B", Type: "loan", Subtype: "mortgage"}}
	for name, made := range map[string]sandbox.LinkedItem{
		"Plaid Checking at ins_109508": server.NewItem(),
		"A at ins_56":                  server.NewItem(sandbox.Item{Institution: sandbox.Institution{ID: "ins_56"}, Accounts: mine}),
	} {
		accounts, err := client.AccountsGet(t.Context(), gen.AccountsGetRequest{AccessToken: made.AccessToken})
		require.NoError(t, err, name)
		require.Equal(t, made.ItemID, accounts.Item.ItemID)
		require.Equal(t, name, accounts.Accounts[0].Name+" at "+accounts.Item.InstitutionID)
		require.Equal(t, made.Institution, sandbox.Institution{ID: accounts.Item.InstitutionID, Name: accounts.Item.InstitutionName})
		require.Len(t, accounts.Accounts, len(made.Accounts))
		for i, account := range accounts.Accounts {
			require.Equal(t, made.Accounts[i].ID, account.AccountID)
		}
		require.NoError(t, failure(client.ItemWebhookUpdate(t.Context(), gen.ItemWebhookUpdateRequest{
			AccessToken: made.AccessToken, Webhook: "http://127.0.0.1:1/webhook",
		})))
		created := create(t, client, updateRequest(&gen.ItemPublicTokenExchangeResponse{AccessToken: made.AccessToken}))
		require.NoError(t, failure(server.FinishLink(created.LinkToken, sandbox.Success())))
		require.NoError(t, failure(client.ItemRemove(t.Context(), gen.ItemRemoveRequest{AccessToken: made.AccessToken})))
	}
	require.Empty(t, mine[0].ID, "what the caller has stays as it is")
}
