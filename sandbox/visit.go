package sandbox

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const (
	abandonedAfter = 10 * time.Minute // a session on a hosted page ends when nobody goes on with it
	maxRunning     = 10_000           // sessions on hosted pages at a time; the oldest are abandoned
)

// visit is where a user is on the hosted page.
type visit struct {
	path    string // of the page
	opener  string // number of the form that opened the session
	forms   int    // taken so far
	step    page.Step
	touched time.Time
	abandon *time.Timer

	query         string // what was searched for
	institution   *bank.Institution
	username      string
	offered       []Account
	balances      map[string]string // by account_id, for people
	chosen        []Account
	added         []Item          // linked before, where the session links several
	atApp         bool            // whether the bank sent the user to the app
	problem, code string          // of this step, for the user
	mistake       *gen.PlaidError // the last one at this bank, for the exit
}

// number tells the forms of the present page from those of pages before.
func (v *visit) number() string { return strconv.Itoa(v.forms) }

// hostedStart is the page of a link before there is a session: opening it does nothing yet, so that a preview of the link
// in a chat begins no session.
func (s *Sandbox) hostedStart(token *linkToken, path, number string, form url.Values) reply {
	if refused := unusable(token, s.now()); refused != nil {
		return *refused
	}
	if session := token.goingOn(number); session != nil {
		return goTo(session.visit.path)
	}
	if form == nil {
		frame := token.frame(page.StepStart, path+"?"+formNumber+"="+s.ids.id(22))
		frame.Path = token.steps(nil)
		return show(page.Start{Frame: frame, Products: token.productNames()})
	}
	session := s.begin(token, path, number)
	if form.Get("do") == "exit" {
		return s.leave(session)
	}
	s.enter(session)
	return goTo(session.visit.path)
}

// unusable says why a link is of no use; nil where it is.
func unusable(token *linkToken, now time.Time) *reply {
	var r reply
	switch {
	case token.succeeded:
		r = closed(http.StatusGone, "This link was used", "Your account is connected already. You can close this window.")
	case token.expired(now):
		r = closed(http.StatusGone, "This link has expired", "Ask the app for a new one.")
	default:
		return nil
	}
	return &r
}

// goingOn is the session to which the page of the link leads: one that the same form opened before, or one whose user a
// bank sent to the app, which opens the link again. It is nil where there is none.
func (t *linkToken) goingOn(number string) *linkSession {
	for _, session := range t.sessions {
		v := session.visit
		if v != nil && (number != "" && number == v.opener || !session.ended() && v.atApp) {
			return session
		}
	}
	return nil
}

// begin opens a session on the hosted page.
func (s *Sandbox) begin(token *linkToken, path, number string) *linkSession {
	session := s.open(token)
	session.visit = &visit{path: path + "/" + session.shown.LinkSessionID, opener: shortened(number), touched: s.now()}
	session.visit.abandon = time.AfterFunc(abandonedAfter, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if left := s.endWhenAbandoned(session); left > 0 { // the user went on at the last moment
			session.visit.abandon.Reset(left)
		}
	})
	if s.closed {
		session.visit.abandon.Stop()
	}
	s.running.put(session.shown.LinkSessionID, session)
	return session
}

// touch puts off the end of a session.
func (s *Sandbox) touch(session *linkSession) {
	session.visit.touched = s.now()
	session.visit.postpone(abandonedAfter)
}

// postpone sets the timer, unless Close has stopped it.
func (v *visit) postpone(left time.Duration) {
	if v.abandon.Stop() {
		v.abandon.Reset(left)
	}
}

// endWhenAbandoned tells how long the session may rest before its end; zero or less when it has ended.
func (s *Sandbox) endWhenAbandoned(session *linkSession) (left time.Duration) {
	v, now := session.visit, s.now()
	if now.Before(v.touched) { // the clock was moved back
		v.touched = now
	}
	left = abandonedAfter - now.Sub(v.touched)
	switch {
	case session.ended():
		return 0
	case left <= 0:
		s.leave(session)
	}
	return left
}

// endAbandoned goes through the sessions when the clock was moved.
func (s *Sandbox) endAbandoned() {
	for _, session := range s.running.all() {
		if left := s.endWhenAbandoned(session); left > 0 {
			session.visit.postpone(left)
		}
	}
}

// exitStatuses say how far a user who leaves had come.
var exitStatuses = map[page.Step]gen.LinkSessionExitMetadataStatus{
	page.StepBank:        gen.LinkSessionExitMetadataStatusRequiresOAuth,
	page.StepCredentials: gen.LinkSessionExitMetadataStatusRequiresCredentials,
	page.StepAccounts:    gen.LinkSessionExitMetadataStatusRequiresAccountSelection,
}

// leave ends a session as an exit, or with what was added before the user left.
func (s *Sandbox) leave(session *linkSession) reply {
	v := session.visit
	if len(v.added) > 0 && !session.token.succeeded {
		s.end(session, Success(v.added...))
		return goTo(session.onward())
	}
	exit := Exit{Status: exitStatuses[v.step], Error: v.mistake}
	if v.institution != nil {
		exit.Institution = &Institution{ID: v.institution.ID, Name: v.institution.Name}
	}
	if v.step == page.StepInstitution && v.query != "" && len(bank.Search(v.query)) == 0 {
		exit.Status = gen.LinkSessionExitMetadataStatusInstitutionNotFound
	}
	s.end(session, Exited(exit))
	return goTo(session.onward())
}

// item is what the user is about to link.
func (v *visit) item() Item {
	return Item{Institution: Institution{ID: v.institution.ID, Name: v.institution.Name}, Accounts: v.chosen}
}

// succeedVisit ends a session with what the user chose.
func (s *Sandbox) succeedVisit(session *linkSession) reply {
	v, outcome := session.visit, Success()
	if len(session.token.updates) == 0 {
		outcome = Success(append(v.added, v.item())...)
	} else if v.chosen != nil {
		session.token.updates[0].linked.Accounts = v.chosen
	}
	s.end(session, outcome)
	return goTo(session.onward())
}

// onward is where the browser goes when the session has ended: to the app, or to the last page.
func (l *linkSession) onward() string {
	return cmp.Or(l.token.completionURI, l.visit.path)
}

// appAddress is where an OAuth bank sends its user, when the app has to learn of it; empty where the user stays here.
func (t *linkToken) appAddress() string {
	if t.correlationID == "" || t.exchanged {
		return ""
	}
	address, fragment, marked := strings.Cut(t.redirectURI(), "#")
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	address += separator + "link_correlation_id=" + t.correlationID
	if marked {
		address += "#" + fragment
	}
	return address
}
