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
	Items      []Item
	Sessions   []Session
	Requests   []Request
	Deliveries []outbox.Delivery
	Settings   []Setting

	Problem string   // why the last button did nothing; empty where it did
	Shown   *Request // the one whose bodies are shown; nil for none. The page does not refresh itself then
	Held    bool     // whether somebody has stopped it from refreshing itself, which takes the focus away
}

// StatePath is where the page is, and what its buttons post to begins with it.
const StatePath = "/_sandbox/"

// Refreshes reports whether the page loads itself again: not while somebody reads.
func (s State) Refreshes() bool { return s.Shown == nil && s.Problem == "" && !s.Held }

// Item is one that is linked.
type Item struct {
	ID          string
	Institution string
	State       string // such as "healthy" or "ITEM_LOGIN_REQUIRED"
	Healthy     bool
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

	Whole string // the whole token, for buttons; empty where they would do nothing
	Link  string // URL of its hosted page; empty for none
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
	Code      string // error_code; empty for a success
	ID        string // request_id; empty without a response in JSON
	Older     bool   // whether there is a newer one of the same operation

	Body, Response string // masked JSON; empty where they are not kept
}

// Setting is how the sandbox behaves in one respect.
type Setting struct {
	Name  string // such as "rate limit of linkTokenCreate", "latency" or "queued faults of linkTokenGet"
	Value string
}

// Href returns Link where a browser can open it, and nothing otherwise.
func (t LinkToken) Href() string {
	u, err := url.Parse(t.Link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// Failable returns the operation that a button can make fail, beside its newest request; empty where nothing is played at its
// path.
func (r Request) Failable() string {
	if r.Older || r.Status == http.StatusNotFound && r.Code == "NOT_FOUND" {
		return ""
	}
	return r.Operation
}

// Move is a button that moves the clock.
type Move struct{ Label, Seconds string }

// moves returns the usual ones: past a public token, a link token, a day and the time after which a login is needed again.
func moves() []Move {
	return []Move{{"+30 min", "1800"}, {"+4 h", "14400"}, {"+1 day", "86400"}, {"+30 days", "2592000"}}
}

// pair is a name and a value, for a template of two arguments.
func pair(name, value string) []string { return []string{name, value} }

// wasSent reports whether a webhook was sent, and so can be sent again.
func wasSent(d outbox.Delivery) bool { return d.State != outbox.NotSent }

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
