package sandbox

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

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
	if err != nil {
		return nil, "", fmt.Errorf("report to the application: %w", err)
	}
	return page.Framed(html, data), page.FramedPolicy(r.Origin), nil
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
		metadata := shownToWeb[webEventMetadata](event.EventMetadata)
		metadata.Timestamp, metadata.LinkSessionID = event.Timestamp, session.LinkSessionID
		if at, err := time.Parse(time.RFC3339Nano, event.Timestamp); err == nil {
			metadata.Timestamp = at.UTC().Format(webTime)
		}
		if event.EventName == "OPEN" {
			metadata.IsUpdateMode = new(strconv.FormatBool(isUpdate))
		}
		events = append(events, webEvent{event.EventName, metadata})
	}
	return events
}

// shownToWeb returns what /link/token/get shows in the form of the script, in which nothing is left out. The texts of a
// session in a frame are the sandbox's own, or were made valid, so that they have a JSON form.
func shownToWeb[To any](shown any) To {
	to, _ := recast[To](shown)
	return to
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
	success := shownToWeb[webSuccess](session.OnSuccess)
	m := &success.Metadata
	m.PublicToken = success.PublicToken
	if len(m.Accounts) > 0 {
		m.Account, m.AccountID = &m.Accounts[0], &m.Accounts[0].ID
	}
	return &success
}

// webExit are the arguments of onExit.
type webExit struct {
	Error    *webExitError   `json:"error"`
	Metadata webExitMetadata `json:"metadata"`
}

type webExitError struct {
	Type    string  `json:"error_type"`
	Code    string  `json:"error_code"`
	Message string  `json:"error_message"`
	Display *string `json:"display_message"`
}

type webExitMetadata struct {
	Institution   *webInstitution `json:"institution"`
	Status        *string         `json:"status"`
	LinkSessionID string          `json:"link_session_id"`
	RequestID     string          `json:"request_id"`
}
