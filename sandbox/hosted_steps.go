package sandbox

import (
	"net/url"
	"slices"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// steps returns those of a session, in their order; the bank is nil before one is chosen. Where the link token names the
// bank, there is none to choose.
func (link *linkRecord) steps(at *bank.Institution) []page.Step {
	var steps []page.Step
	if !link.namesBank() {
		steps = append(steps, page.StepInstitution)
	}
	if at != nil && at.OAuth {
		steps = append(steps, page.StepOAuth)
	} else {
		steps = append(steps, page.StepCredentials)
	}
	if link.choosesAccounts() {
		steps = append(steps, page.StepAccounts, page.StepConsent)
	}
	return steps
}

func (link *linkRecord) namesBank() bool { return len(link.updates) > 0 || link.institutionID != "" }

// choosesAccounts reports whether the user does so; an update needs no more than the sign-in, unless it asks for more.
func (link *linkRecord) choosesAccounts() bool { return len(link.updates) == 0 || link.selectsAccounts }

// single reports whether just one account can be shared, as a payment is made from one.
func (link *linkRecord) single() bool {
	return slices.Contains(link.metadata.InitialProducts, gen.ProductsPaymentInitiation)
}

// enter goes on from the start: to the banks, or to the sign-in where the bank is known.
func (v *visit) enter() {
	switch link := v.session.link; {
	case len(link.updates) > 0:
		v.institution = bankOf(link.updates[0].linked.Institution)
	case link.institutionID != "":
		v.institution = bankOf(Institution{ID: link.institutionID}.withDefaults())
	}
	steps := v.session.link.steps(v.institution)
	if v.institution != nil && steps[0] == page.StepInstitution { // chosen before, in the page of the app
		steps = steps[1:]
	}
	v.move(steps[0])
}

// bankOf returns the bank of an institution, which need not be one of those that the page offers.
func bankOf(institution Institution) *bank.Institution {
	found, _ := bank.Find(institution.ID)
	found.ID, found.Name = institution.ID, institution.Name
	return &found
}

// take does what a form of the present step asks for.
func (v *visit) take(form url.Values) reply {
	v.forms++
	v.problem, v.code, v.atApp = "", "", false
	v.touch()
	switch do := form.Get("do"); {
	case do == "exit":
		return v.exit()
	case do == "force": // the app ends the session, no view comes in between
		return v.leave()
	case do == "back":
		v.back()
	case do == "search" && v.step == page.StepInstitution:
		v.search(form.Get("query"))
	case do == "deny" && v.step == page.StepBank:
		return v.deny()
	case do == "closed" && v.step == page.StepBank:
		v.closeBank()
	case do == "redirect" && v.step == page.StepOAuth:
		v.redirected = true
		v.openBank()
	case do == "more" && v.step == page.StepConsent && v.mayAdd():
		v.added = append(v.added, v.selection())
		v.transition("CONNECTED")
		v.store.handOff(v.session, v.selection().Institution)
		v.institution, v.username, v.query = nil, "", ""
		v.move(page.StepInstitution)
	case do == "next":
		return v.next(form)
	}
	return goTo(v.path)
}

// maxAdded is how many Items a session on a hosted page links at most.
const maxAdded = 20

// mayAdd reports whether the user may link another Item after the present one.
func (v *visit) mayAdd() bool {
	link := v.session.link
	return link.multiItem && !link.namesBank() && len(v.added)+1 < maxAdded
}

func (v *visit) next(form url.Values) reply {
	switch v.step {
	case page.StepStart:
		v.enter()
	case page.StepOAuth:
		v.openBank()
	case page.StepInstitution:
		v.chooseBank(form.Get("institution"))
	case page.StepBank:
		return v.authorize()
	case page.StepCredentials:
		return v.signIn(form.Get("username"), form.Get("password"))
	case page.StepAccounts:
		v.chooseAccounts(form["account"])
	case page.StepConsent:
		return v.succeed()
	}
	return goTo(v.path)
}

// viewNames are Plaid's names of the steps, in events. The page that asks once more before it shares has none.
var viewNames = map[page.Step]string{
	page.StepStart:       "CONSENT",
	page.StepInstitution: "SELECT_INSTITUTION",
	page.StepOAuth:       "OAUTH",
	page.StepCredentials: "CREDENTIAL",
	page.StepAccounts:    "SELECT_ACCOUNT",
}

// move goes to a step.
func (v *visit) move(step page.Step) {
	v.step = step
	if name := viewNames[step]; name != "" {
		v.transition(name)
	}
	if step == page.StepOAuth && !v.framed() {
		v.openBank()
	}
}

func (v *visit) transition(view string) {
	v.addEvent("TRANSITION_VIEW", gen.LinkEventMetadata{ViewName: view})
}

// addEvent adds an event with the institution chosen so far.
func (v *visit) addEvent(name string, metadata gen.LinkEventMetadata) {
	if v.institution != nil {
		metadata.InstitutionID, metadata.InstitutionName = v.institution.ID, v.institution.Name
	}
	v.store.addEvent(v.session, gen.LinkEvent{EventName: name, EventMetadata: metadata})
}

// back goes to the step before, where there is one; else the page has no button for it.
func (v *visit) back() {
	steps := v.session.link.steps(v.institution)
	at := slices.Index(steps, v.step)
	if v.step == page.StepBank {
		at = slices.Index(steps, page.StepOAuth)
	}
	if at < 1 {
		return
	}
	if steps[at-1] == page.StepInstitution {
		v.institution, v.username = nil, ""
	}
	v.move(steps[at-1])
}

func (v *visit) search(query string) {
	v.query = shortened(query)
	v.addEvent("SEARCH_INSTITUTION", gen.LinkEventMetadata{InstitutionSearchQuery: v.query})
}

// shortened bounds what a form brought, in characters, and makes it valid UTF-8, which an event must be.
func shortened(text string) string {
	characters := []rune(text)
	return string(characters[:min(len(characters), 200)])
}

// chooseBank goes on to the sign-in of a bank.
func (v *visit) chooseBank(id string) {
	institution, ok := bank.Find(id)
	if !ok {
		v.problem = "Choose one of the banks."
		return
	}
	v.institution, v.mistake = &institution, nil
	v.addEvent("SELECT_INSTITUTION", gen.LinkEventMetadata{})
	steps := v.session.link.steps(v.institution)
	v.move(steps[slices.Index(steps, page.StepInstitution)+1])
}
