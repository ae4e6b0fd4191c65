package sandbox

import (
	"net/url"
	"slices"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// steps are those of a session, in their order; the bank is nil before one is chosen. Where the link token names the bank,
// there is none to choose.
func (t *linkToken) steps(at *bank.Institution) []page.Step {
	var steps []page.Step
	if !t.namesBank() {
		steps = append(steps, page.StepInstitution)
	}
	if at != nil && at.OAuth {
		steps = append(steps, page.StepBank)
	} else {
		steps = append(steps, page.StepCredentials)
	}
	if t.choosesAccounts() {
		steps = append(steps, page.StepAccounts, page.StepConsent)
	}
	return steps
}

func (l *linkSession) steps() []page.Step { return l.token.steps(l.visit.institution) }

func (t *linkToken) namesBank() bool { return len(t.updates) > 0 || t.institutionID != "" }

// choosesAccounts says whether the user does so; an update needs no more than the sign-in, unless it asks for more.
func (t *linkToken) choosesAccounts() bool { return len(t.updates) == 0 || t.choosable }

// single says whether just one account can be shared, as a payment is made from one.
func (t *linkToken) single() bool {
	return slices.Contains(t.metadata.InitialProducts, gen.ProductsPaymentInitiation)
}

// enter goes to the first step of a session.
func (s *Sandbox) enter(session *linkSession) {
	token := session.token
	switch {
	case len(token.updates) > 0:
		session.visit.institution = bankOf(token.updates[0].linked.Institution)
	case token.namesBank():
		session.visit.institution = bankOf(Institution{ID: token.institutionID}.withDefaults())
	}
	s.move(session, session.steps()[0])
}

// bankOf is the bank of an institution, which need not be one of those that the page offers.
func bankOf(institution Institution) *bank.Institution {
	found, _ := bank.Find(institution.ID)
	found.ID, found.Name = institution.ID, institution.Name
	return &found
}

// take does what a form of the present step asks for.
func (s *Sandbox) take(session *linkSession, form url.Values) reply {
	v := session.visit
	v.forms++
	v.problem, v.code, v.atApp = "", "", false
	s.touch(session)
	switch do := form.Get("do"); {
	case do == "exit":
		return s.leave(session)
	case do == "back":
		s.back(session)
	case do == "search" && v.step == page.StepInstitution:
		s.search(session, form.Get("query"))
	case do == "deny" && v.step == page.StepBank:
		s.deny(session)
	case do == "more" && v.step == page.StepConsent && session.mayAdd():
		v.added = append(v.added, v.item())
		v.institution, v.username, v.query = nil, "", ""
		s.move(session, page.StepInstitution)
	case do == "next":
		return s.next(session, form)
	}
	return goTo(v.path)
}

// maxAdded is how many Items a session on a hosted page links at most.
const maxAdded = 20

// mayAdd says whether the user may link another Item after the present one.
func (l *linkSession) mayAdd() bool {
	return l.token.multiItem && !l.token.namesBank() && len(l.visit.added)+1 < maxAdded
}

func (s *Sandbox) next(session *linkSession, form url.Values) reply {
	v := session.visit
	switch v.step {
	case page.StepInstitution:
		s.choose(session, form.Get("institution"))
	case page.StepBank:
		return s.authorize(session)
	case page.StepCredentials:
		return s.signIn(session, form.Get("username"), form.Get("password"))
	case page.StepAccounts:
		s.chooseAccounts(session, form["account"])
	case page.StepConsent:
		return s.succeedVisit(session)
	}
	return goTo(v.path)
}

// viewNames are Plaid's names of the steps, in events.
var viewNames = map[page.Step]string{
	page.StepInstitution: "SELECT_INSTITUTION",
	page.StepBank:        "OAUTH",
	page.StepCredentials: "CREDENTIAL",
	page.StepAccounts:    "SELECT_ACCOUNT",
	page.StepConsent:     "CONSENT",
}

// move goes to a step.
func (s *Sandbox) move(session *linkSession, step page.Step) {
	session.visit.step = step
	s.tell(session, "TRANSITION_VIEW", gen.LinkEventMetadata{ViewName: viewNames[step]})
	if step == page.StepBank {
		s.tell(session, "OPEN_OAUTH", gen.LinkEventMetadata{})
	}
}

// tell adds an event with the institution chosen so far.
func (s *Sandbox) tell(session *linkSession, name string, metadata gen.LinkEventMetadata) {
	if chosen := session.visit.institution; chosen != nil {
		metadata.InstitutionID, metadata.InstitutionName = chosen.ID, chosen.Name
	}
	s.addEvent(session, gen.LinkEvent{EventName: name, EventMetadata: metadata})
}

// back goes to the step before; false where there is none, and the page has no button for it.
func (s *Sandbox) back(session *linkSession) bool {
	v, steps := session.visit, session.steps()
	at := slices.Index(steps, v.step)
	if at < 1 {
		return false
	}
	if steps[at-1] == page.StepInstitution {
		v.institution, v.username = nil, ""
	}
	s.move(session, steps[at-1])
	return true
}

func (s *Sandbox) search(session *linkSession, query string) {
	session.visit.query = shortened(query)
	s.tell(session, "SEARCH_INSTITUTION", gen.LinkEventMetadata{InstitutionSearchQuery: session.visit.query})
}

// shortened bounds what a form brought, in characters, and makes it valid UTF-8, which an event must be.
func shortened(text string) string {
	characters := []rune(text)
	return string(characters[:min(len(characters), 200)])
}

// choose chooses a bank and goes on to its sign-in.
func (s *Sandbox) choose(session *linkSession, id string) {
	v := session.visit
	institution, ok := bank.Find(id)
	if !ok {
		v.problem = "Choose one of the banks."
		return
	}
	v.institution, v.mistake = &institution, nil
	s.tell(session, "SELECT_INSTITUTION", gen.LinkEventMetadata{})
	steps := session.steps()
	s.move(session, steps[slices.Index(steps, page.StepInstitution)+1])
}
