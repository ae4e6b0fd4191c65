package bank_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

var (
	payable = []string{"checking", "savings", "money market"}
	every   = []string{"checking", "savings", "cd", "money market", "credit card", "ira", "401k", "student", "mortgage"}
)

func subtypes(accounts []bank.Account) []string {
	var all []string
	for _, account := range accounts {
		all = append(all, account.Subtype)
	}
	return all
}

func TestOfferedByProducts(t *testing.T) {
	for name, test := range map[string]struct {
		products []gen.Products
		want     []string
	}{
		"none, as in update mode":         {nil, every},
		"auth":                            {[]gen.Products{gen.ProductsAuth}, payable},
		"transfer":                        {[]gen.Products{gen.ProductsTransfer}, payable},
		"signal":                          {[]gen.Products{gen.ProductsSignal}, payable},
		"payment_initiation":              {[]gen.Products{gen.ProductsPaymentInitiation}, payable},
		"liabilities":                     {[]gen.Products{gen.ProductsLiabilities}, []string{"credit card", "student", "mortgage"}},
		"investments":                     {[]gen.Products{gen.ProductsInvestments}, []string{"ira", "401k"}},
		"investments_auth":                {[]gen.Products{gen.ProductsInvestmentsAuth}, []string{"ira", "401k"}},
		"transactions":                    {[]gen.Products{gen.ProductsTransactions}, []string{"checking", "savings", "cd", "money market", "credit card", "student", "mortgage"}},
		"identity":                        {[]gen.Products{gen.ProductsIdentity}, every},
		"one that is new":                 {[]gen.Products{"newest"}, every},
		"two: what one of them can use":   {[]gen.Products{gen.ProductsAuth, gen.ProductsInvestments}, []string{"checking", "savings", "money market", "ira", "401k"}},
		"two: one of them can use it all": {[]gen.Products{gen.ProductsAuth, gen.ProductsIdentity}, every},
	} {
		require.Equal(t, test.want, subtypes(bank.Offered(test.products, nil)), name)
	}
}

func TestOfferedByFilters(t *testing.T) {
	depository := func(subtypes ...gen.DepositoryAccountSubtype) *gen.DepositoryFilter {
		return &gen.DepositoryFilter{AccountSubtypes: subtypes}
	}
	for name, test := range map[string]struct {
		filters gen.LinkTokenAccountFilters
		want    []string
	}{
		"none named":          {gen.LinkTokenAccountFilters{}, every},
		"a subtype":           {gen.LinkTokenAccountFilters{Depository: depository("savings")}, []string{"savings"}},
		"two":                 {gen.LinkTokenAccountFilters{Depository: depository("cd", "savings")}, []string{"savings", "cd"}},
		"all":                 {gen.LinkTokenAccountFilters{Depository: depository("all")}, []string{"checking", "savings", "cd", "money market"}},
		"one that no one has": {gen.LinkTokenAccountFilters{Depository: depository("hsa")}, nil},
		"an empty list":       {gen.LinkTokenAccountFilters{Depository: depository()}, nil},
		"two kinds": {
			gen.LinkTokenAccountFilters{
				Credit: &gen.CreditFilter{AccountSubtypes: []gen.CreditAccountSubtype{"credit card"}},
				Loan:   &gen.LoanFilter{AccountSubtypes: []gen.LoanAccountSubtype{"mortgage"}},
			},
			[]string{"credit card", "mortgage"},
		},
		"investment": {
			gen.LinkTokenAccountFilters{Investment: &gen.InvestmentFilter{AccountSubtypes: []gen.InvestmentAccountSubtype{"ira"}}},
			[]string{"ira"},
		},
		"other": {
			gen.LinkTokenAccountFilters{Other: &gen.OtherFilter{AccountSubtypes: []gen.OtherAccountSubtype{"all"}}},
			nil,
		},
	} {
		require.Equal(t, test.want, subtypes(bank.Offered(nil, &test.filters)), name)
	}
	require.Empty(t, bank.Offered([]gen.Products{gen.ProductsInvestments}, &gen.LinkTokenAccountFilters{Depository: depository("all")}))
}

func TestAccounts(t *testing.T) {
	masks := map[string]bool{}
	for _, account := range bank.Offered(nil, nil) {
		require.Regexp(t, "^[0-9]{4}$", account.Mask)
		require.False(t, masks[account.Mask], "each account has a mask of its own")
		masks[account.Mask] = true
		require.Regexp(t, `^\$[0-9,]+\.[0-9]{2}$`, account.Balance)
	}
}
