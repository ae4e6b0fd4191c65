package sandbox

import (
	"slices"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// frame is what every page of a link has.
func (t *linkToken) frame(step page.Step, path string) page.Frame {
	return page.Frame{Step: step, Action: path, ClientName: t.clientName(), UpdateMode: len(t.updates) > 0}
}

// view is the page of the present step.
func (l *linkSession) view() any {
	v := l.visit
	frame := l.token.frame(v.step, v.path+"?"+formNumber+"="+v.number())
	frame.Path, frame.Problem, frame.Code = l.steps(), v.problem, v.code
	switch v.step {
	case page.StepInstitution:
		view := page.Institutions{Frame: frame, Query: v.query}
		for _, found := range bank.Search(v.query) {
			view.Found = append(view.Found, institutionView(found))
		}
		return view
	case page.StepBank:
		return page.Bank{Frame: frame, Institution: institutionView(*v.institution)}
	case page.StepCredentials:
		return page.Credentials{Frame: frame, Institution: institutionView(*v.institution), Username: v.username}
	case page.StepAccounts:
		return page.Accounts{
			Frame:       frame,
			Institution: institutionView(*v.institution),
			Accounts:    accountViews(v.offered, v.chosen, v.balances),
			Several:     !l.token.single(),
		}
	default:
		return page.Consent{
			Frame:       frame,
			Institution: institutionView(*v.institution),
			Accounts:    accountViews(v.chosen, nil, v.balances),
			Products:    l.token.productNames(),
			More:        l.mayAdd(),
		}
	}
}

// done is the page of a session that has ended.
func (l *linkSession) done() any {
	view := page.Done{Frame: l.token.frame(page.StepDone, l.visit.path), Exited: l.shown.Exit != nil}
	if to := l.onward(); to != l.visit.path {
		view.Continue = to
	}
	if v := l.visit; v.institution != nil {
		chosen := institutionView(*v.institution)
		view.Institution = &chosen
	}
	if !view.Exited {
		view.Accounts = accountViews(l.shown.Results.ItemAddResults[0].Accounts, nil, nil)
	}
	return view
}

func institutionView(i bank.Institution) page.Institution {
	view := page.Institution{ID: i.ID, Name: i.Name, Host: i.Host, OAuth: i.OAuth}
	if i.Slow {
		view.Warning = "Connections to this bank fail more often than usual today."
	}
	return view
}

func accountViews(accounts, chosen []Account, balances map[string]string) []page.Account {
	var views []page.Account
	for _, account := range accounts {
		views = append(views, page.Account{
			ID:      account.ID,
			Name:    account.Name,
			Mask:    account.Mask,
			Kind:    account.Subtype,
			Balance: balances[account.ID],
			Chosen:  slices.ContainsFunc(chosen, func(c Account) bool { return c.ID == account.ID }),
		})
	}
	return views
}

// shared says for people what a product lets the app see or do.
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

// productNames are in the order of the request. Where an update names no product, the app sees what it saw before.
func (t *linkToken) productNames() []string {
	if len(t.updates) > 0 && len(t.metadata.InitialProducts) == 0 {
		return []string{"What you share already"}
	}
	var names []string
	for _, product := range t.metadata.InitialProducts {
		name, ok := shared[product]
		if !ok {
			name = strings.ReplaceAll(string(product), "_", " ")
		}
		names = append(names, name)
	}
	return names
}
