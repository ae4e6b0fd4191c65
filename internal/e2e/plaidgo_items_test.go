package e2e_test

import (
	"context"
	"testing"

	"github.com/plaid/plaid-go/v20/plaid"
	"github.com/stretchr/testify/require"
)

// newItem links an Item whose webhooks go to an address; an empty one is none.
func newItem(ctx context.Context, t *testing.T, client plaidAPI, webhook string) plaid.ItemPublicTokenExchangeResponse {
	t.Helper()
	created, err := createPublicToken(ctx, client, "ins_109508")
	require.NoError(t, err)
	item, err := exchangeToken(ctx, client, created.PublicToken)
	require.NoError(t, err)
	if webhook != "" {
		request := plaid.NewItemWebhookUpdateRequest(item.AccessToken)
		request.SetWebhook(webhook)
		_, _, err := client.ItemWebhookUpdate(ctx).ItemWebhookUpdateRequest(*request).Execute()
		require.NoError(t, err)
	}
	return item
}

func getItem(ctx context.Context, client plaidAPI, token string) (plaid.ItemGetResponse, error) {
	got, _, err := client.ItemGet(ctx).ItemGetRequest(*plaid.NewItemGetRequest(token)).Execute()
	return got, err
}

func getAccounts(ctx context.Context, client plaidAPI, token string, ids ...string) (plaid.AccountsGetResponse, error) {
	request := plaid.NewAccountsGetRequest(token)
	if len(ids) > 0 {
		request.SetOptions(plaid.AccountsGetRequestOptions{AccountIds: &ids})
	}
	got, _, err := client.AccountsGet(ctx).AccountsGetRequest(*request).Execute()
	return got, err
}

func resetLogin(ctx context.Context, client plaidAPI, token string) error {
	request := *plaid.NewSandboxItemResetLoginRequest(token)
	_, _, err := client.SandboxItemResetLogin(ctx).SandboxItemResetLoginRequest(request).Execute()
	return err
}

func fireWebhook(ctx context.Context, client plaidAPI, token, code string) error {
	request := *plaid.NewSandboxItemFireWebhookRequest(token, code)
	_, _, err := client.SandboxItemFireWebhook(ctx).SandboxItemFireWebhookRequest(request).Execute()
	return err
}

func invalidateToken(ctx context.Context, client plaidAPI, token string) (string, error) {
	request := *plaid.NewItemAccessTokenInvalidateRequest(token)
	got, _, err := client.ItemAccessTokenInvalidate(ctx).ItemAccessTokenInvalidateRequest(request).Execute()
	return got.NewAccessToken, err
}

func removeItem(ctx context.Context, client plaidAPI, token string) error {
	_, _, err := client.ItemRemove(ctx).ItemRemoveRequest(*plaid.NewItemRemoveRequest(token)).Execute()
	return err
}

// Plaid's client for Go goes through the life of an Item, as far as version 20 knows it.
func TestPlaidGoGoesThroughTheLifeOfAnItem(t *testing.T) {
	running := startSandbox(t)
	client := newPlaidGo(t, running)
	item := newItem(t.Context(), t, client, "")
	token := item.AccessToken

	plaidGo.check(t, "an Item is read", func(t *testing.T) {
		got, err := getItem(t.Context(), client, token)
		require.NoError(t, err)
		require.Equal(t, item.ItemId, got.Item.ItemId)
		require.Equal(t, "ins_109508", got.Item.GetInstitutionId())
		require.Equal(t, []plaid.Products{plaid.PRODUCTS_AUTH}, got.Item.BilledProducts)
		require.Nil(t, got.Item.Error.Get())
		require.Nil(t, got.Item.Webhook.Get())
	})
	plaidGo.check(t, "accounts are read", func(t *testing.T) {
		got, err := getAccounts(t.Context(), client, token)
		require.NoError(t, err)
		require.Len(t, got.Accounts, 1)
		require.Equal(t, "Plaid Checking", got.Accounts[0].Name)
		require.InDelta(t, 110, got.Accounts[0].Balances.GetCurrent(), 0)
		require.Equal(t, plaid.ACCOUNTTYPE_DEPOSITORY, got.Accounts[0].Type)
		require.Empty(t, got.Accounts[0].AdditionalProperties)
		one, err := getAccounts(t.Context(), client, token, got.Accounts[0].AccountId)
		require.NoError(t, err)
		require.Len(t, one.Accounts, 1)
	})
	plaidGo.check(t, "an institution is read", func(t *testing.T) {
		request := *plaid.NewInstitutionsGetByIdRequest("ins_127287", []plaid.CountryCode{plaid.COUNTRYCODE_US})
		got, _, err := client.InstitutionsGetById(t.Context()).InstitutionsGetByIdRequest(request).Execute()
		require.NoError(t, err)
		require.Equal(t, "Platypus OAuth Bank", got.Institution.Name)
		require.True(t, got.Institution.Oauth)
	})
	plaidGo.check(t, "the address of webhooks changes", func(t *testing.T) {
		request := plaid.NewItemWebhookUpdateRequest(token)
		request.SetWebhook("http://127.0.0.1:1/plaid")
		got, _, err := client.ItemWebhookUpdate(t.Context()).ItemWebhookUpdateRequest(*request).Execute()
		require.NoError(t, err)
		require.Equal(t, "http://127.0.0.1:1/plaid", got.Item.GetWebhook())
		require.NoError(t, fireWebhook(t.Context(), client, token, "NEW_ACCOUNTS_AVAILABLE"))
		read, err := getItem(t.Context(), client, token)
		require.NoError(t, err)
		require.Equal(t, "NEW_ACCOUNTS_AVAILABLE", read.Status.Get().LastWebhook.Get().GetCodeSent())
	})
	plaidGo.check(t, "a lost login is repaired", func(t *testing.T) {
		require.NoError(t, resetLogin(t.Context(), client, token))
		broken, err := getItem(t.Context(), client, token)
		require.NoError(t, err)
		require.Equal(t, "ITEM_LOGIN_REQUIRED", broken.Item.Error.Get().ErrorCode)
		created, err := createLinkToken(t.Context(), client, func(r *plaid.LinkTokenCreateRequest) {
			r.Products = nil
			r.SetAccessToken(token)
		})
		require.NoError(t, err)
		running.finish(t, created.LinkToken, "success")
		repaired, err := getItem(t.Context(), client, token)
		require.NoError(t, err)
		require.Nil(t, repaired.Item.Error.Get())
	})
	plaidGo.check(t, "a token is replaced, and its Item removed", func(t *testing.T) {
		rotated, err := invalidateToken(t.Context(), client, token)
		require.NoError(t, err)
		got, err := getItem(t.Context(), client, rotated)
		require.NoError(t, err)
		require.Equal(t, item.ItemId, got.Item.ItemId)
		require.NoError(t, removeItem(t.Context(), client, rotated))
	})
	plaidGo.check(t, "a user is made", func(t *testing.T) {
		request := *plaid.NewUserCreateRequest("user-123")
		made, response, err := client.UserCreate(t.Context()).UserCreateRequest(request).Execute()
		require.NoError(t, err)
		require.Equal(t, 201, response.StatusCode)
		require.Regexp(t, "^usr_", made.UserId)
	})
}
