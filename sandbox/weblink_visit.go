package sandbox

import (
	"net/http"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// webFrame is what a session in the frame of an application has beside the others.
type webFrame struct {
	origin     string // of the application; empty in Hosted Link
	redirected bool   // whether the bank sends its user to the application, as it has no window of its own
	pending    func() // what the user decided at the bank, to be done when the application goes on; nil without
	resumed    bool   // whether the application went on, in another page than the one that opened Link
}

func (f webFrame) framed() bool { return f.origin != "" }

func (v *visit) bankPath() string { return v.path + "/bank" }

// appReturn is where a bank sends its user.
func (v *visit) appReturn() string {
	return withParameter(v.session.link.redirectURI(), "oauth_state_id", v.session.id)
}

// returnToApp sends the user to the application, which does the rest when it opens Link again.
func (v *visit) returnToApp(then func()) reply {
	v.pending = then
	return goTo(v.appReturn())
}

// show shows a view, and reports what the application gets.
func (v *visit) show(view any) reply {
	r := show(view)
	if v.framed() {
		r.report = v.report()
	}
	return r
}

// noMetadata is that of an event with nothing but the institution.
var noMetadata gen.LinkEventMetadata

// openAgain is the event of an application that goes on after the page of a bank: it has no view.
var openAgain = gen.LinkEvent{EventName: "OPEN"}

// The errors of an application that cannot open Link.
var (
	invalidEmbedded = webError(plaidlink.TypeInvalidRequest, plaidlink.CodeInvalidField,
		"createEmbedded takes a link_token without hosted_link, enable_multi_item_link, institution_id and access_token")
	oauthStateNotFound = webError(plaidlink.TypeOAuthError, plaidlink.CodeOAuthStateIDNotFound,
		"the oauth_state_id is not that of a session that is open: open Link with a new link_token")
	oauthStateProcessed = webError(plaidlink.TypeOAuthError, plaidlink.CodeOAuthStateIDAlreadyProcessed,
		"the oauth_state_id was used before, or the user has not been at the bank")
)

// invalidLinkToken is the error for a link token that cannot be used, for a reason.
func invalidLinkToken(reason string) *gen.PlaidError {
	return webError(plaidlink.TypeInvalidInput, plaidlink.CodeInvalidLinkToken, reason+": make a new link_token")
}

func webError(kind plaidlink.ErrorType, code plaidlink.ErrorCode, message string) *gen.PlaidError {
	return &gen.PlaidError{ErrorType: gen.PlaidErrorType(kind), ErrorCode: string(code), ErrorMessage: message}
}

// refuseWeb replies to an application that cannot open Link: there is no session.
func refuseWeb(origin string, because *gen.PlaidError) reply {
	exit := shownToWeb[*webExit](gen.LinkSessionExit{Error: because, Metadata: &gen.LinkSessionExitMetadata{}})
	return showClosed(http.StatusOK, "Link cannot open", because.ErrorMessage).reporting(webReport{Origin: origin, Exit: exit})
}

// reporting returns the reply with a report.
func (r reply) reporting(report webReport) reply {
	r.report = &report
	return r
}

// report returns what the frame reports of a session to its application.
func (v *visit) report() *webReport {
	shown, link := v.session.snapshot(), v.session.link
	r := &webReport{
		Origin:  v.origin,
		Path:    v.path,
		Session: shown.LinkSessionID,
		Events:  newWebEvents(shown, len(link.updates) > 0),
	}
	if v.resumed {
		r.Events = r.Events[1:] // the page before has had the first OPEN
	}
	switch {
	case shown.Exit != nil:
		r.Exit = shownToWeb[*webExit](shown.Exit)
	case shown.Results != nil:
		r.Success = newWebSuccess(shown, link.multiItem)
	case v.redirected:
		r.Go = v.bankPath()
	case v.step == page.StepOAuth || v.step == page.StepBank:
		r.Bank, r.Redirects = v.bankPath(), link.redirectURI() != ""
	}
	return r
}
