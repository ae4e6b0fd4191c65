package sandbox

import (
	"slices"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// signIn checks what the user typed.
func (s *Sandbox) signIn(session *linkSession, username, password string) reply {
	v := session.visit
	v.username = shortened(username)
	s.tell(session, "SUBMIT_CREDENTIALS", gen.LinkEventMetadata{})
	if failure := bank.SignIn(*v.institution, username, password); failure != nil {
		s.fail(session, *failure)
		return goTo(v.path)
	}
	return s.signedIn(session)
}

// authorize comes back from the page of a bank with OAuth: by way of the app, where that is how the link token was made.
func (s *Sandbox) authorize(session *linkSession) reply {
	answer, v := s.signedIn(session), session.visit
	if address := session.token.appAddress(); address != "" && v.step == page.StepAccounts {
		v.atApp = true
		return goTo(address)
	}
	return answer
}

// deny comes back from the page of a bank with OAuth, and nothing was shared.
func (s *Sandbox) deny(session *linkSession) {
	s.tell(session, "CLOSE_OAUTH", gen.LinkEventMetadata{})
	if !s.back(session) {
		s.move(session, page.StepBank)
	}
	session.visit.problem = "You did not allow the bank to share anything. You can try again."
}

// fail stays at the step and tells what went wrong.
func (s *Sandbox) fail(session *linkSession, failure bank.Failure) {
	v := session.visit
	v.problem, v.code = failure.Advice, failure.Code
	v.mistake = &gen.PlaidError{ErrorType: failure.Type, ErrorCode: failure.Code, ErrorMessage: failure.Message, DisplayMessage: &failure.Advice}
	s.tell(session, "ERROR", gen.LinkEventMetadata{ErrorType: string(failure.Type), ErrorCode: failure.Code, ErrorMessage: failure.Message})
}

// signedIn goes on to the accounts, or ends the session where there are none to choose.
func (s *Sandbox) signedIn(session *linkSession) reply {
	v := session.visit
	v.mistake = nil
	if !session.token.choosesAccounts() {
		return s.succeedVisit(session)
	}
	s.offer(session)
	if len(v.offered) == 0 {
		s.fail(session, bank.NoAccounts)
	} else {
		s.move(session, page.StepAccounts)
	}
	return goTo(v.path)
}

// offer finds the accounts to choose from. Those that an update finds shared keep their ids and are chosen already.
func (s *Sandbox) offer(session *linkSession) {
	v, token := session.visit, session.token
	v.offered, v.chosen, v.balances = nil, nil, map[string]string{}
	if len(token.updates) > 0 {
		v.offered = slices.Clone(token.updates[0].linked.Accounts)
		v.chosen = v.offered
	}
	for _, account := range bank.Offered(token.metadata.InitialProducts, token.filters) {
		same := func(a Account) bool { return a.Name == account.Name && a.Mask == account.Mask }
		at := slices.IndexFunc(v.offered, same)
		if at < 0 {
			at = len(v.offered)
			v.offered = append(v.offered, Account{
				ID: s.ids.id(37), Name: account.Name, Mask: account.Mask, Type: account.Type, Subtype: account.Subtype,
			})
		}
		v.balances[v.offered[at].ID] = account.Balance
	}
}

func (s *Sandbox) chooseAccounts(session *linkSession, ids []string) {
	v := session.visit
	v.chosen = nil
	for _, account := range v.offered {
		if slices.Contains(ids, account.ID) {
			v.chosen = append(v.chosen, account)
		}
	}
	switch {
	case len(v.chosen) == 0:
		v.problem = "Choose an account to share."
	case len(v.chosen) > 1 && session.token.single():
		v.chosen, v.problem = nil, "Choose one account."
	default:
		s.move(session, page.StepConsent)
	}
}
