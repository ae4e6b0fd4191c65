// Package page draws the pages of the sandbox: the steps of Hosted Link, the bank's own page of OAuth, and the page that
// shows a person what the sandbox holds. They are HTML forms with one stylesheet, and work without JavaScript.
//
// Every form of Link is posted to Frame.Action. Its field "step" names the step that the form belongs to, and its field
// "do" what the user wants: next, back, exit, search, more or, in the bank's page, deny. Every step offers exit, which asks
// once more, and back where a step comes before it, but for the bank's page, which has neither.
//
// Texts of a view, such as Frame.Problem and Closed.Title, are English; those that the file of words has are shown in
// Frame.Language.
package page

import "github.com/plaidlink/plaidlink-go/sandbox/internal/bank"

// Step is one page of Link.
type Step string

// The steps, in their order.
const (
	StepStart       Step = "start"       // do=next
	StepInstitution Step = "institution" // do=search with query; do=next with institution
	StepOAuth       Step = "oauth"       // the way to the bank's own page, for OAuth; do=next
	StepBank        Step = "bank"        // the bank's own page; do=next or deny
	StepCredentials Step = "credentials" // do=next with username and password
	StepAccounts    Step = "accounts"    // do=next with account, once for each that was chosen
	StepConsent     Step = "consent"     // do=next
	StepDone        Step = "done"        // the end: a link, no form
	StepClosed      Step = "closed"      // the end without a session: a link that expired, was used up or is unknown
	StepEmbedded    Step = "embedded"    // banks within the page of an app, before there is a session; do=next with institution
)

// Frame is what every page of Link has.
type Frame struct {
	Step       Step
	Action     string // URL path that the forms are posted to
	Language   string // of the text: en, es or fr; any other one is English
	ClientName string // the app that asks for the connection; empty where it is unknown
	Problem    string // what went wrong at this step, for the user; empty where nothing did
	Code       string // error_code behind Problem; may be empty
	UpdateMode bool   // the user signs in again to an Item that is there already
	Path       []Step // the steps of this session, for "Step 2 of 5" and the back button
}

// Account is one that the user may choose.
type Account struct {
	ID      string
	Name    string
	Mask    string // last digits
	Kind    string // for people, such as "checking" or "credit card"
	Balance string // for people, such as "$110.00"; may be empty
	Chosen  bool
}

// Start asks whether to go on.
type Start struct {
	Frame
	Products []string // for people: what the app will see, such as "Account and routing numbers"
}

// Institutions offers banks.
type Institutions struct {
	Frame
	Query string // what was searched for; empty at first
	Found []bank.Institution
}

// Embedded offers banks within the page of an app.
type Embedded struct {
	Frame
	Found []bank.Institution
}

// Credentials asks for the user name and password of the bank.
type Credentials struct {
	Frame
	Institution bank.Institution
	Username    string // as typed before
}

// OAuth sends the user to the page of a bank, in a window of its own or in the same.
type OAuth struct {
	Frame
	Institution bank.Institution
	Waiting     bool // whether the user is at the bank, in another window
}

// Bank is the page of a bank with OAuth. It looks like another site's.
type Bank struct {
	Frame
	Institution bank.Institution
}

// Accounts offers what the user has at the bank.
type Accounts struct {
	Frame
	Institution bank.Institution
	Accounts    []Account
	Several     bool // whether several may be chosen
}

// Consent shows what will be shared, once more.
type Consent struct {
	Frame
	Institution bank.Institution
	Accounts    []Account // the chosen ones
	Products    []string  // as in Start
	More        bool      // whether the user may connect another bank before that: do=more
}

// Done is the end of a session.
type Done struct {
	Frame
	Institution *bank.Institution // nil where none was chosen
	Accounts    []Account         // linked; empty after an exit
	Exited      bool
	Continue    string // where to go on, an absolute URL; empty where there is nowhere
}

// Closed is where a link leads that cannot be used.
type Closed struct {
	Frame
	Title  string // such as "This link has expired"
	Advice string // what to do
}
