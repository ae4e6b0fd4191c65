package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// offered are the names of the accounts on the page.
func offered(v *visitor) []string {
	var names []string
	for _, label := range v.page.all("label") {
		if inputs := label.all("input"); len(inputs) == 1 && inputs[0].attr["name"] == "account" {
			names = append(names, label.all("bdi")[0].text)
		}
	}
	return names
}

func TestHostedOffersAccounts(t *testing.T) {
	server, client := start(t)
	for name, test := range map[string]struct {
		products []gen.Products
		filters  *gen.LinkTokenAccountFilters
		want     []string
	}{
		"auth":        {[]gen.Products{gen.ProductsAuth}, nil, []string{"Plaid Checking", "Plaid Saving", "Plaid Money Market"}},
		"liabilities": {[]gen.Products{gen.ProductsLiabilities}, nil, []string{"Plaid Credit Card", "Plaid Student Loan", "Plaid Mortgage"}},
		"filters by subtype": {
			[]gen.Products{gen.ProductsTransactions},
			&gen.LinkTokenAccountFilters{Depository: &gen.DepositoryFilter{AccountSubtypes: []gen.DepositoryAccountSubtype{"savings", "cd"}}},
			[]string{"Plaid Saving", "Plaid CD"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := pageRequest()
			req.Products, req.AccountFilters = test.products, test.filters
			v := visit(t, server, create(t, client, req).HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_good")
			require.Equal(t, test.want, offered(v))
			v.share(test.want[1])
			require.NotEmpty(t, v.left)
		})
	}
}

func TestHostedOneAccountIsChosenAlready(t *testing.T) {
	server, client := start(t)
	req := pageRequest()
	req.AccountFilters = &gen.LinkTokenAccountFilters{Depository: &gen.DepositoryFilter{AccountSubtypes: []gen.DepositoryAccountSubtype{"savings"}}}
	created := create(t, client, req)
	visit(t, server, created.HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_good").press("next").press("next")
	accounts := onlySession(t, client, created.LinkToken).Results.ItemAddResults[0].Accounts
	require.Len(t, accounts, 1)
	require.Equal(t, "Plaid Saving", accounts[0].Name)
}

func TestHostedNoAccountIsLeft(t *testing.T) {
	server, client := start(t)
	for institution, status := range map[string]gen.LinkSessionExitMetadataStatus{
		"ins_109508": gen.LinkSessionExitMetadataStatusRequiresCredentials,
		"ins_127287": gen.LinkSessionExitMetadataStatusRequiresOAuth,
	} {
		req := pageRequest()
		req.Products = []gen.Products{gen.ProductsInvestments}
		req.AccountFilters = &gen.LinkTokenAccountFilters{Credit: &gen.CreditFilter{AccountSubtypes: []gen.CreditAccountSubtype{"all"}}}
		created := create(t, client, req)
		v := visit(t, server, created.HostedLinkURL).choose(institution)
		if institution == "ins_127287" {
			v.press("next")
			require.Contains(t, v.page.text, "None of your accounts here can be used")
			v.press("exit")
		} else {
			v.signIn("user_good", "pass_good")
			require.Contains(t, v.page.text, "Error code NO_ACCOUNTS")
			v.press("exit")
		}
		session := onlySession(t, client, created.LinkToken)
		require.Equal(t, "NO_ACCOUNTS", session.Exit.Error.ErrorCode)
		require.Equal(t, gen.PlaidErrorTypeItemError, session.Exit.Error.ErrorType)
		require.Equal(t, status, session.Exit.Metadata.Status)
	}
}

func TestHostedChoiceOfAccounts(t *testing.T) {
	server, client := start(t)
	req := pageRequest()
	created := create(t, client, req)
	v := visit(t, server, created.HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_good")
	action, sent := v.form("next")
	v.send("POST", action, sent)
	require.Contains(t, v.page.text, "Choose an account to share")
	action, sent = v.form("next", "account", v.account("Plaid Saving"))
	sent["account"] = []string{"unknown"}
	v.send("POST", action, sent)
	require.Contains(t, v.page.text, "Choose an account to share")
	action, sent = v.form("next", "account", v.account("Plaid Saving"))
	sent["account"] = append(sent["account"], "unknown", sent.Get("account"))
	v.send("POST", action, sent)
	v.press("next")
	accounts := onlySession(t, client, created.LinkToken).Results.ItemAddResults[0].Accounts
	require.Len(t, accounts, 1, "an unknown one counts for nothing, and one that is said twice is shared once")
	require.Equal(t, "Plaid Saving", accounts[0].Name)
}

func TestHostedPaymentIsMadeFromOneAccount(t *testing.T) {
	server, client := start(t)
	req := paymentRequest()
	req.HostedLink = pageRequest().HostedLink
	v := visit(t, server, create(t, client, req).HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_good")
	require.Equal(t, "Choose your account", v.title())
	for _, input := range v.page.all("input") {
		require.NotEqual(t, "checkbox", input.attr["type"])
	}
	action, sent := v.form("next", "account", v.account("Plaid Checking"), "account", v.account("Plaid Saving"))
	require.Len(t, sent["account"], 2)
	v.send("POST", action, sent)
	require.Contains(t, v.page.text, "Choose one account")
	_, sent = v.form("next")
	require.Len(t, sent["account"], 2, "what was chosen is not lost")
	v.share("Plaid Saving")
	require.NotEmpty(t, v.left)
}
