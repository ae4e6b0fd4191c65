package page

// State shows a developer what the sandbox holds. Times, durations and states are text for people; an empty text is drawn
// as a dash. Give rows in the order in which they are to be shown, newest first.
type State struct {
	Now        string // of the sandbox's clock
	Counts     []Count
	LinkTokens []LinkToken
	Sessions   []Session
	Requests   []Request
	Deliveries []Delivery
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
	Status      string // such as "at credentials", "SUCCESS" or "EXITED"
	Institution string // empty where none was chosen
	Events      int
}

// Request is one that the API received.
type Request struct {
	Time      string
	Operation string // operationId, or the path where there is none
	Status    string // such as "200" or "400 INVALID_LINK_TOKEN"
}

// Delivery is one attempt to send a webhook.
type Delivery struct {
	Time    string
	Webhook string // such as "LINK SESSION_FINISHED"
	Target  string // URL, without a secret
	Attempt int    // from 1
	Outcome string // such as "200", or "503, again at 10:00:30"
}

// Setting is one of how the sandbox behaves.
type Setting struct {
	Name  string // such as "rate limit of linkTokenCreate", "latency" or "queued faults of linkTokenGet"
	Value string
}
