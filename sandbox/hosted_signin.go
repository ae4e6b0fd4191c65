package sandbox

import (
	"slices"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// signIn checks what the user typed.
func (v *visit) signIn(username, password string) reply {
	v.username = shortened(username)
	v.addEvent("SUBMIT_CREDENTIALS", gen.LinkEventMetadata{})
	v.transition("LOADING")
	if failure := bank.SignIn(*v.institution, username, password); failure != nil {
		v.showFailure(*failure)
		return goTo(v.path)
	}
	return v.signedIn()
}

// openBank sends the user to the page of a bank with OAuth.
func (v *visit) openBank() {
	v.step, v.mistake = page.StepBank, nil
	v.addEvent("OPEN_OAUTH", gen.LinkEventMetadata{})
}

// closeBank comes back from the page of a bank with OAuth, whose window the user closed.
func (v *visit) closeBank() {
	v.addEvent("CLOSE_OAUTH", gen.LinkEventMetadata{})
	v.step, v.problem = page.StepOAuth, "You closed the window of the bank. You can try again."
}

// authorize comes back from the page of a bank with OAuth: by way of the app, where that is how the link token was made.
func (v *visit) authorize() reply {
	if v.redirected {
		return v.returnToApp(func() { v.signedIn() })
	}
	next := v.signedIn()
	if address := v.session.link.appAddress(); address != "" && v.step == page.StepAccounts {
		v.atApp = true
		return goTo(address)
	}
	return next
}

// deny comes back from the page of a bank with OAuth, and nothing was shared.
func (v *visit) deny() reply {
	refuse := func() {
		v.step = page.StepOAuth
		v.showFailure(bank.Denied)
	}
	if v.redirected {
		return v.returnToApp(refuse)
	}
	refuse()
	return goTo(v.path)
}

// showFailure stays at the step and shows what went wrong.
func (v *visit) showFailure(failure bank.Failure) {
	v.problem, v.code = failure.Advice, failure.Code
	v.mistake = &gen.PlaidError{ErrorType: failure.Type, ErrorCode: failure.Code, ErrorMessage: failure.Message, DisplayMessage: &failure.Advice}
	v.addEvent("ERROR", gen.LinkEventMetadata{ErrorType: string(failure.Type), ErrorCode: failure.Code, ErrorMessage: failure.Message})
	v.transition("ERROR")
}

// signedIn goes on to the accounts, or ends the session where there are none to choose.
func (v *visit) signedIn() reply {
	v.mistake = nil
	if !v.session.link.choosesAccounts() {
		return v.succeed()
	}
	v.offerAccounts()
	if len(v.offered) == 0 {
		if v.step == page.StepBank {
			v.step = page.StepOAuth // the bank knows nothing of it
		}
		v.showFailure(bank.NoAccounts)
	} else {
		v.move(page.StepAccounts)
	}
	return goTo(v.path)
}

// offerAccounts finds the accounts to choose from. Those that an update finds shared keep their ids and are chosen already.
func (v *visit) offerAccounts() {
	link := v.session.link
	v.offered, v.chosen = nil, nil
	if len(link.updates) > 0 {
		v.offered = slices.Clone(link.updates[0].linked.Accounts)
		v.chosen = v.offered
	}
	for _, account := range bank.Offered(link.metadata.InitialProducts, link.filters) {
		same := func(a Account) bool { return a.Name == account.Name && a.Mask == account.Mask }
		if !slices.ContainsFunc(v.offered, same) {
			v.offered = append(v.offered, Account{
				ID: v.store.ids.id(37), Name: account.Name, Mask: account.Mask, Type: account.Type, Subtype: account.Subtype,
			})
		}
	}
	if len(v.offered) == 1 {
		v.chosen = v.offered
	}
}

func (v *visit) chooseAccounts(ids []string) {
	v.chosen = nil
	for _, account := range v.offered {
		if slices.Contains(ids, account.ID) {
			v.chosen = append(v.chosen, account)
		}
	}
	switch {
	case len(v.chosen) == 0:
		v.problem = "Choose an account to share."
	case len(v.chosen) > 1 && v.session.link.single():
		v.problem = "Choose one account."
	default:
		v.move(page.StepConsent)
	}
}
