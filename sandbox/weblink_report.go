package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// webReport is what a page in a frame reports to its application, by way of the frame's script.
type webReport struct {
	Origin    string      `json:"origin"`              // of the application, which nothing else is sent to
	Path      string      `json:"path,omitempty"`      // of the session
	Session   string      `json:"session,omitempty"`   // link_session_id
	Events    []webEvent  `json:"events,omitempty"`    // all, oldest first
	Success   *webSuccess `json:"success,omitempty"`   // how the session ended
	Exit      *webExit    `json:"exit,omitempty"`      // how it ended, or why there is none
	Bank      string      `json:"bank,omitempty"`      // path of the bank's own page, for a window
	Redirects bool        `json:"redirects,omitempty"` // whether the application can be left for that page
	Go        string      `json:"go,omitempty"`        // path of the bank's own page, for which the application is left
	Close     bool        `json:"close,omitempty"`     // whether the window is done
	Embedded  bool        `json:"embedded,omitempty"`  // whether these are banks within the page of the application
}

// addTo adds the report to a page, with the script that sends it, and returns the policy that lets the application show it.
func (r *webReport) addTo(html []byte) (framed []byte, policy string, err error) {
	data, err := json.Marshal(r)
	return page.Framed(html, data), page.FramedPolicy(r.Origin), err
}

// webEvent are the arguments of onEvent. In the metadata every key is there, and null where it is not used.
type webEvent struct {
	Name     string           `json:"eventName"`
	Metadata webEventMetadata `json:"metadata"`
}

type webEventMetadata struct {
	AccountNumberMask      *string `json:"account_number_mask"`
	ErrorType              *string `json:"error_type"`
	ErrorCode              *string `json:"error_code"`
	ErrorMessage           *string `json:"error_message"`
	ExitStatus             *string `json:"exit_status"`
	InstitutionID          *string `json:"institution_id"`
	InstitutionName        *string `json:"institution_name"`
	InstitutionSearchQuery *string `json:"institution_search_query"`
	IsUpdateMode           *string `json:"is_update_mode"`
	MatchReason            *string `json:"match_reason"`
	MfaType                *string `json:"mfa_type"`
	RoutingNumber          *string `json:"routing_number"`
	Selection              *string `json:"selection"`
	ViewName               *string `json:"view_name"`
	Timestamp              string  `json:"timestamp"`
	LinkSessionID          string  `json:"link_session_id"`
	RequestID              string  `json:"request_id"`
}

// webTime is how the script writes times, in UTC.
const webTime = "2006-01-02T15:04:05.000Z"

func newWebEvents(session gen.LinkTokenGetSessionsResponse, isUpdate bool) (events []webEvent) {
	for _, event := range session.Events {
		metadata := sameJSON[webEventMetadata](event.EventMetadata)
		at, _ := time.Parse(time.RFC3339Nano, event.Timestamp) // as addEvent wrote it
		metadata.Timestamp, metadata.LinkSessionID = at.UTC().Format(webTime), session.LinkSessionID
		if event.EventName == "OPEN" {
			metadata.IsUpdateMode = new(strconv.FormatBool(isUpdate))
		}
		events = append(events, webEvent{event.EventName, metadata})
	}
	return events
}

// webSuccess are the arguments of onSuccess.
type webSuccess struct {
	PublicToken *string            `json:"public_token"`
	Metadata    webSuccessMetadata `json:"metadata"`
}

type webSuccessMetadata struct {
	PublicToken    *string         `json:"public_token"`
	Institution    *webInstitution `json:"institution"`
	Accounts       []webAccount    `json:"accounts"`
	Account        *webAccount     `json:"account"`    // deprecated: the first of Accounts
	AccountID      *string         `json:"account_id"` // deprecated: its id
	LinkSessionID  string          `json:"link_session_id"`
	Status         *string         `json:"status"`
	TransferStatus *string         `json:"transfer_status"`
}

type webInstitution struct {
	Name          string `json:"name"`
	InstitutionID string `json:"institution_id"`
}

type webAccount struct {
	ID                 string  `json:"id"`
	Name               string  `json:"name"`
	Mask               *string `json:"mask"`
	Type               string  `json:"type"`
	Subtype            string  `json:"subtype"`
	VerificationStatus *string `json:"verification_status"`
	ClassType          *string `json:"class_type"`
}

// newWebSuccess has no token and no accounts where the session may link several Items: these come by webhook.
func newWebSuccess(session gen.LinkTokenGetSessionsResponse, several bool) *webSuccess {
	if several {
		return &webSuccess{Metadata: webSuccessMetadata{Accounts: []webAccount{}, LinkSessionID: session.LinkSessionID}}
	}
	success := sameJSON[webSuccess](session.OnSuccess)
	m := &success.Metadata
	m.PublicToken = success.PublicToken
	if len(m.Accounts) > 0 {
		m.Account, m.AccountID = &m.Accounts[0], &m.Accounts[0].ID
	}
	return &success
}

// webExit are the arguments of onExit.
type webExit struct {
	Error *struct {
		Type    string  `json:"error_type"`
		Code    string  `json:"error_code"`
		Message string  `json:"error_message"`
		Display *string `json:"display_message"`
	} `json:"error"`
	Metadata struct {
		Institution   *webInstitution `json:"institution"`
		Status        *string         `json:"status"`
		LinkSessionID string          `json:"link_session_id"`
		RequestID     string          `json:"request_id"`
	} `json:"metadata"`
}

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
	exit := sameJSON[*webExit](gen.LinkSessionExit{Error: because, Metadata: &gen.LinkSessionExitMetadata{}})
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
		r.Exit = sameJSON[*webExit](shown.Exit)
	case shown.Results != nil:
		r.Success = newWebSuccess(shown, link.multiItem)
	case v.redirected:
		r.Go = v.bankPath()
	case v.step == page.StepOAuth || v.step == page.StepBank:
		r.Bank, r.Redirects = v.bankPath(), link.redirectURI() != ""
	}
	return r
}
