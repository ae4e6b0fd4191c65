package bank

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
)

// Account is one that the test user has at every institution.
type Account struct {
	Name, Mask, Type, Subtype string
	Balance                   string // for people
}

var accounts = []Account{
	{"Plaid Checking", "0000", "depository", "checking", "$110.00"},
	{"Plaid Saving", "1111", "depository", "savings", "$210.00"},
	{"Plaid CD", "2222", "depository", "cd", "$1,000.00"},
	{"Plaid Money Market", "4444", "depository", "money market", "$43,200.00"},
	{"Plaid Credit Card", "3333", "credit", "credit card", "$410.00"},
	{"Plaid IRA", "5555", "investment", "ira", "$320.76"},
	{"Plaid 401k", "6666", "investment", "401k", "$23,631.98"},
	{"Plaid Student Loan", "7777", "loan", "student", "$65,262.00"},
	{"Plaid Mortgage", "8888", "loan", "mortgage", "$56,302.06"},
}

// fits reports for a product whether it works with an account; a product that is not here works with every account.
var fits = map[gen.Products]func(Account) bool{
	gen.ProductsAuth:              payable,
	gen.ProductsTransfer:          payable,
	gen.ProductsSignal:            payable,
	gen.ProductsPaymentInitiation: payable,
	gen.ProductsLiabilities:       func(a Account) bool { return a.Type == "credit" || a.Type == "loan" },
	gen.ProductsInvestments:       func(a Account) bool { return a.Type == "investment" },
	gen.ProductsInvestmentsAuth:   func(a Account) bool { return a.Type == "investment" },
	gen.ProductsTransactions:      func(a Account) bool { return a.Type != "investment" },
}

// payable reports whether money can be moved to and from an account.
func payable(a Account) bool {
	return a.Type == "depository" && a.Subtype != "cd"
}

// Offered returns the accounts that may be shared: each works with one of the products or more, and passes the filters. A
// type of account that the filters do not name is left out where they name another.
func Offered(products []gen.Products, filters *gen.LinkTokenAccountFilters) []Account {
	var byType map[string]struct {
		Subtypes []string `json:"account_subtypes"`
	}
	if filters != nil {
		known := *filters
		known.ExtraFields = nil
		data, _ := json.Marshal(known)
		_ = json.Unmarshal(data, &byType) // the specification has them all in this form
	}
	var offered []Account
	for _, account := range accounts {
		works := len(products) == 0 || slices.ContainsFunc(products, func(p gen.Products) bool {
			check, limited := fits[p]
			return !limited || check(account)
		})
		subtypes := byType[account.Type].Subtypes
		passes := len(byType) == 0 || slices.Contains(subtypes, "all") || slices.Contains(subtypes, account.Subtype)
		if works && passes {
			offered = append(offered, account)
		}
	}
	return offered
}

// Known returns the account of the test user with a name and a mask; a zero one where there is none.
func Known(name, mask string) (known Account) {
	if at := slices.IndexFunc(accounts, func(a Account) bool { return a.Name == name && a.Mask == mask }); at >= 0 {
		known = accounts[at]
	}
	return known
}

// Balance returns the balance of an account of the test user as a number; false where there is no such account.
func Balance(name, mask string) (balance float64, ok bool) {
	balance, err := strconv.ParseFloat(strings.NewReplacer("$", "", ",", "").Replace(Known(name, mask).Balance), 64)
	return balance, err == nil
}
