package page

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// State shows a developer what the sandbox holds. Times and states are text for people; an empty text is drawn as a dash.
// Rows are shown in the order given, which is newest first.
type State struct {
	Now        string // of the sandbox's clock
	Counts     []Count
	LinkTokens []LinkToken
	Sessions   []Session
	Requests   []Request
	Deliveries []outbox.Delivery
	Settings   []Setting
}

// Count is a number of the summary.
type Count struct {
	Label  string // such as "link tokens"
	Number int
}

// LinkToken is one that was created.
type LinkToken struct {
	Token    string // shortened: the whole one opens Link
	Created  string
	Expires  string
	State    string // such as "open", "used up" or "expired"
	Sessions int
}

// Session is one of Link.
type Session struct {
	ID          string
	Status      string // such as "open", "SUCCESS" or "EXITED"
	Institution string // empty where none was chosen
	Events      int
}

// Request is one that the API received.
type Request struct {
	Time      string
	Operation string // operationId, or the path where there is none
	Status    int    // of the response; 0 without one
}

// Setting is how the sandbox behaves in one respect.
type Setting struct {
	Name  string // such as "rate limit of linkTokenCreate", "latency" or "queued faults of linkTokenGet"
	Value string
}

// Time returns a time for people.
func Time(t time.Time) string { return t.Format(time.DateTime) }

// outcome returns what became of a webhook, for people.
func outcome(d outbox.Delivery) string {
	text := string(d.State)
	if n := len(d.Attempts); n > 0 {
		text = statusText(d.Attempts[n-1].Status)
	}
	if !d.Next.IsZero() {
		text += ", again at " + Time(d.Next)
	}
	if d.Reason != "" {
		text += ": " + d.Reason
	}
	return text
}

// statusText returns the status of a response for people.
func statusText(status int) string {
	if status == 0 {
		return "no response"
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

// withoutSecrets returns a URL without the parts that can hold a key.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "not a URL"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
