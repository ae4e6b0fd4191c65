package sandbox

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// visit is a session on a page, and where its user is: of Hosted Link, or in the frame of an app.
type visit struct {
	store   *store
	session *session

	path    string // of the page
	opener  string // number of the form that opened the session
	forms   int    // taken so far
	step    page.Step
	touched time.Time   // when the user last went on
	timer   *time.Timer // ends the session when nobody goes on

	query         string // what was searched for
	institution   *bank.Institution
	username      string
	offered       []Account
	chosen        []Account
	added         []Item          // linked before, where the session links several
	atApp         bool            // whether the bank sent the user to the app
	problem, code string          // of this step, for the user
	mistake       *gen.PlaidError // the last one at this bank, for the exit
	webFrame                      // zero in Hosted Link
}

// formNumber distinguishes the forms of the present page from those of pages before.
func (v *visit) formNumber() string { return strconv.Itoa(v.forms) }

// findVisit returns the session with an id, where it is on the hosted page; nil where there is none.
func (link *linkRecord) findVisit(sessionID string) *visit {
	for _, session := range link.sessions {
		if session.id == sessionID {
			return session.visit
		}
	}
	return nil
}

// visitThatGoesOn returns the session to which the page of the link leads: one that the same form opened before, or one
// whose user a bank sent to the app, which opens the link again. It is nil where there is none.
func (link *linkRecord) visitThatGoesOn(number string) *visit {
	for _, session := range link.sessions {
		v := session.visit
		if v != nil && (number != "" && number == v.opener || !session.ended() && v.atApp) {
			return v
		}
	}
	return nil
}

// beginVisit opens a session on the hosted page.
func (st *store) beginVisit(link *linkRecord, path, number string) *visit {
	session := st.open(link)
	v := &visit{store: st, session: session, path: path + "/" + session.id, opener: shortened(number), step: page.StepStart}
	session.visit = v
	v.startTimer()
	st.visits.put(session.id, v)
	return v
}

// exitStatuses are how far a user who leaves has come.
var exitStatuses = map[page.Step]gen.LinkSessionExitMetadataStatus{
	page.StepInstitution: gen.LinkSessionExitMetadataStatusInstitutionNotFound,
	page.StepOAuth:       gen.LinkSessionExitMetadataStatusRequiresOAuth,
	page.StepBank:        gen.LinkSessionExitMetadataStatusRequiresOAuth,
	page.StepCredentials: gen.LinkSessionExitMetadataStatusRequiresCredentials,
	page.StepAccounts:    gen.LinkSessionExitMetadataStatusRequiresAccountSelection,
}

// exit ends the session as its user asks for.
func (v *visit) exit() reply {
	v.transition("EXIT")
	return v.leave()
}

// leave ends the session as an exit, or with what was added before the user left.
func (v *visit) leave() reply {
	if len(v.added) > 0 && !v.session.link.succeeded {
		return v.end(Success(v.added...))
	}
	exit := Exit{Status: exitStatuses[v.step], Error: v.mistake}
	if v.institution != nil {
		exit.Institution = &Institution{ID: v.institution.ID, Name: v.institution.Name}
	}
	return v.end(Exited(exit))
}

// succeed ends the session with what the user chose.
func (v *visit) succeed() reply {
	v.transition("CONNECTED")
	updates := v.session.link.updates
	if len(updates) == 0 {
		return v.end(Success(append(v.added, v.selection())...))
	}
	if v.chosen != nil {
		updates[0].linked.Accounts = v.chosen
	}
	return v.end(Success())
}

func (v *visit) end(outcome Outcome) reply {
	v.store.end(v.session, outcome)
	return goTo(v.onward())
}

// selection returns what the user is about to link.
func (v *visit) selection() Item {
	return Item{Institution: Institution{ID: v.institution.ID, Name: v.institution.Name}, Accounts: v.chosen}
}

// onward returns where the browser goes when the session has ended: to the app, or to the last page.
func (v *visit) onward() string {
	if v.framed() { // the frame stays, and reports the end
		return v.path
	}
	return cmp.Or(v.session.link.completionURI, v.path)
}

// appAddress returns where an OAuth bank sends its user, when the app has to learn of it; empty where the user stays here.
func (link *linkRecord) appAddress() string {
	if link.correlationID == "" || link.exchanged {
		return ""
	}
	return withParameter(link.redirectURI(), "link_correlation_id", link.correlationID)
}

// withParameter adds the only parameter to an address, as a redirect_uri has no query of its own.
func withParameter(address, name, value string) string {
	address, fragment, marked := strings.Cut(address, "#")
	address += "?" + name + "=" + value
	if marked {
		address += "#" + fragment
	}
	return address
}
