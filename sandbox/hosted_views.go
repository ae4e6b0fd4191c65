package sandbox

import (
	"slices"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// frame returns what every page of a link has.
func (link *linkRecord) frame(step page.Step, action string) page.Frame {
	return page.Frame{
		Step: step, Action: action, Language: orZero(link.metadata.Language), ClientName: link.clientName(), UpdateMode: len(link.updates) > 0,
	}
}

// view returns the page of the present step.
func (v *visit) view() any {
	link := v.session.link
	frame := link.frame(v.step, v.path+"?"+formParameter+"="+v.formNumber())
	frame.Path, frame.Problem, frame.Code = link.steps(v.institution), v.problem, v.code
	switch v.step {
	case page.StepInstitution:
		return page.Institutions{Frame: frame, Query: v.query, Found: bank.Search(v.query)}
	case page.StepStart:
		return page.Start{Frame: frame, Products: link.productNames()}
	case page.StepBank:
		if v.framed() {
			frame.Step = page.StepOAuth
			return page.OAuth{Frame: frame, Institution: *v.institution, Waiting: true}
		}
		return page.Bank{Frame: frame, Institution: *v.institution}
	case page.StepOAuth:
		return page.OAuth{Frame: frame, Institution: *v.institution}
	case page.StepCredentials:
		return page.Credentials{Frame: frame, Institution: *v.institution, Username: v.username}
	case page.StepAccounts:
		return page.Accounts{
			Frame:       frame,
			Institution: *v.institution,
			Accounts:    accountViews(v.offered, v.chosen, v.balances),
			Several:     !link.single(),
		}
	default:
		return page.Consent{
			Frame:       frame,
			Institution: *v.institution,
			Accounts:    accountViews(v.chosen, nil, v.balances),
			Products:    link.productNames(),
			More:        v.mayAdd(),
		}
	}
}

// lastView returns the page of a session that has ended.
func (v *visit) lastView() any {
	shown := v.session.shown
	view := page.Done{Frame: v.session.link.frame(page.StepDone, v.path), Institution: v.institution, Exited: shown.Exit != nil}
	if to := v.onward(); to != v.path {
		view.Continue = to
	}
	if !view.Exited {
		view.Accounts = accountViews(shown.Results.ItemAddResults[0].Accounts, nil, nil)
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
