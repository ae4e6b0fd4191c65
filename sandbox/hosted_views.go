package sandbox

import (
	"slices"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// page returns what every page of a link has.
func (link *linkRecord) page(step page.Step, action string) page.Link {
	return page.Link{
		Step: step, Action: action, Language: orZero(link.metadata.Language), ClientName: link.clientName(), UpdateMode: len(link.updates) > 0,
		Path: link.steps(nil), Products: link.productNames(),
	}
}

// view returns the page of the present step.
func (v *visit) view() page.Link {
	link := v.session.link
	view := link.page(v.step, v.path+"?"+formParameter+"="+v.formNumber())
	view.Path, view.Problem, view.Code = link.steps(v.institution), v.problem, v.code
	view.Institution, view.Username = orZero(v.institution), v.username
	switch v.step {
	case page.StepInstitution:
		view.Query, view.Found = v.query, bank.Search(v.query)
	case page.StepBank:
		if v.framed() {
			view.Step, view.Waiting = page.StepOAuth, true
		}
	case page.StepAccounts:
		view.Accounts, view.Several = accountViews(v.offered, v.chosen), !link.single()
	case page.StepConsent:
		view.Accounts, view.More = accountViews(v.chosen, nil), v.mayAdd()
	}
	return view
}

// lastView returns the page of a session that has ended.
func (v *visit) lastView() page.Link {
	view := v.session.link.page(page.StepDone, v.path)
	view.Institution, view.Exited = orZero(v.institution), v.session.exit != nil
	if to := v.onward(); to != v.path {
		view.Continue = to
	}
	if !view.Exited {
		view.Accounts = accountViews(v.session.linked[0].accounts, nil)
	}
	return view
}

func accountViews(accounts, chosen []Account) []page.Account {
	var views []page.Account
	for _, account := range accounts {
		views = append(views, page.Account{
			ID:      account.ID,
			Name:    account.Name,
			Mask:    account.Mask,
			Kind:    account.Subtype,
			Balance: bank.Known(account.Name, account.Mask).Balance,
			Chosen:  slices.ContainsFunc(chosen, func(c Account) bool { return c.ID == account.ID }),
		})
	}
	return views
}

// shared is what a product lets the app see or do, for people.
var shared = map[gen.Products]string{
	gen.ProductsAuth:              "Account and routing numbers",
	gen.ProductsIdentity:          "Name and contact details of the account's owner",
	gen.ProductsTransactions:      "Transactions",
	gen.ProductsLiabilities:       "Loans and credit cards, with what is owed",
	gen.ProductsInvestments:       "Investments",
	gen.ProductsAssets:            "Balances and their history",
	gen.ProductsPaymentInitiation: "A payment from your account",
	gen.ProductsTransfer:          "Transfers to and from your account",
	gen.ProductsStatements:        "Statements",
}

// productNames returns what the app will see, in the order of the request. Where an update names no product, the app sees
// what it saw before.
func (link *linkRecord) productNames() []string {
	if len(link.updates) > 0 && len(link.metadata.InitialProducts) == 0 {
		return []string{"What you share already"}
	}
	var names []string
	for _, product := range link.metadata.InitialProducts {
		name, ok := shared[product]
		if !ok {
			name = strings.ReplaceAll(string(product), "_", " ")
		}
		names = append(names, name)
	}
	return names
}
