package sandbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestAccountsGet(t *testing.T) {
	l := begin(t, newServer(t))
	l.link(sandbox.Item{Accounts: []sandbox.Account{
		{Name: "Plaid Checking", Mask: "0000", Type: "depository", Subtype: "checking"},
		{Name: "Plaid Credit Card", Mask: "3333", Type: "credit", Subtype: "credit card"},
		{ID: "account-3", Name: "Mine", Type: "other"},
	}})
	accounts, err := l.accounts()
	require.NoError(t, err)
	require.Len(t, accounts, 3)
	checking, card, mine := accounts[0], accounts[1], accounts[2]
	require.Equal(t, []float64{110, 110}, []float64{*checking.Balances.Available, *checking.Balances.Current})
	require.Equal(t, []string{"Plaid Checking", "0000", "checking", "USD"}, []string{checking.Name, *checking.Mask, string(*checking.Subtype), *checking.Balances.IsoCurrencyCode})
	require.Empty(t, checking.PersistentAccountID, "this bank has none")
	require.Nil(t, card.Balances.Available)
	require.InDelta(t, 410, *card.Balances.Current, 0)
	require.Equal(t, "account-3", mine.AccountID)
	require.Nil(t, mine.Mask)
	require.Nil(t, mine.Subtype)
	require.Nil(t, mine.Balances.Current)

	filtered, err := l.client.AccountsGet(t.Context(), gen.AccountsGetRequest{
		AccessToken: l.token, Options: &gen.AccountsGetRequestOptions{AccountIDs: []string{"account-3"}},
	})
	require.NoError(t, err)
	require.Len(t, filtered.Accounts, 1)
	require.Equal(t, l.id, filtered.Item.ItemID)
	_, err = l.client.AccountsGet(t.Context(), gen.AccountsGetRequest{
		AccessToken: l.token, Options: &gen.AccountsGetRequestOptions{AccountIDs: []string{"account-3", "account-4"}},
	})
	requireRefused(t, err, plaidlink.CodeInvalidAccountID, "not of this Item")
}

func TestItemGet(t *testing.T) {
	l := begin(t, newServer(t))
	item := l.item()
	require.Equal(t, []string{l.id, "ins_109508", "First Platypus Bank", l.app.url}, []string{item.ItemID, item.InstitutionID, item.InstitutionName, *item.Webhook})
	require.Equal(t, []gen.Products{gen.ProductsAuth, gen.ProductsTransactions}, item.BilledProducts)
	require.Contains(t, item.AvailableProducts, gen.ProductsAssets)
	require.NotContains(t, item.AvailableProducts, gen.ProductsAuth, "no product is both")
	require.WithinDuration(t, l.server.Now(), item.CreatedAt, time.Minute)
	got, err := l.client.ItemGet(t.Context(), gen.ItemGetRequest{AccessToken: l.token})
	require.NoError(t, err)
	require.Nil(t, got.Status, "no webhook was sent")
}

func TestInstitutionsGetByID(t *testing.T) {
	_, client := start(t)
	read := func(req gen.InstitutionsGetByIDRequest) (*gen.InstitutionsGetByIDResponse, error) {
		return client.InstitutionsGetByID(t.Context(), req)
	}
	us := []gen.CountryCode{gen.CountryCodeUS}
	got, err := read(gen.InstitutionsGetByIDRequest{InstitutionID: "ins_127287", CountryCodes: us})
	require.NoError(t, err)
	require.Equal(t, "Platypus OAuth Bank", got.Institution.Name)
	require.True(t, got.Institution.OAuth)
	require.Equal(t, us, got.Institution.CountryCodes)
	require.Contains(t, got.Institution.Products, gen.ProductsTransactions)
	require.Empty(t, got.Institution.URL)

	got, err = read(gen.InstitutionsGetByIDRequest{
		InstitutionID: "ins_109508", CountryCodes: us, Options: &gen.InstitutionsGetByIDRequestOptions{IncludeOptionalMetadata: new(true)},
	})
	require.NoError(t, err)
	require.False(t, got.Institution.OAuth)
	require.Equal(t, "https://platypus.example", got.Institution.URL)

	got, err = read(gen.InstitutionsGetByIDRequest{InstitutionID: "ins_3", CountryCodes: us})
	require.NoError(t, err)
	require.Equal(t, "Bank ins_3", got.Institution.Name)

	_, err = read(gen.InstitutionsGetByIDRequest{InstitutionID: "first", CountryCodes: us})
	requireRefused(t, err, plaidlink.CodeInvalidInstitution, "ins_")
	_, err = read(gen.InstitutionsGetByIDRequest{InstitutionID: "ins_3", CountryCodes: []gen.CountryCode{}})
	requireRefused(t, err, plaidlink.CodeInvalidField, "country_codes")
}
