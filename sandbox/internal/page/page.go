// Package page draws the pages of the sandbox: the steps of Hosted Link, the bank's own page of OAuth, and the page that
// shows a person what the sandbox holds. They are HTML forms with one stylesheet, and work without JavaScript.
//
// Every form of Link is posted to Link.Action. Its field "step" names the step that the form belongs to, and its field
// "do" what the user wants: next, back, exit, search, more or, in the bank's page, deny. Every step offers exit, which asks
// once more, and back where a step comes before it, but for the bank's page, which has neither.
//
// Texts of a page, such as Problem and Title, are English; those that the file of words has are shown in Language.
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

// Link is a page of Link. The fields below Path are those of some steps.
type Link struct {
	Step       Step
	Action     string // URL path that the forms are posted to
	Language   string // of the text: en, es or fr; any other one is English
	ClientName string // the app that asks for the connection; empty where it is unknown
	Problem    string // what went wrong at this step, for the user; empty where nothing did
	Code       string // error_code behind Problem; may be empty
	UpdateMode bool   // the user signs in again to an Item that is there already
	Path       []Step // the steps of this session, for "Step 2 of 5" and the back button

	Institution bank.Institution   // the chosen one; zero where there is none
	Found       []bank.Institution // institution, embedded: those to choose from
	Query       string             // institution: what was searched for; empty at first
	Username    string             // credentials: as typed before
	Waiting     bool               // oauth: whether the user is at the bank, in another window
	Accounts    []Account          // accounts: those to choose from; consent: the chosen ones; done: the linked ones
	Several     bool               // accounts: whether several may be chosen
	Products    []string           // start, consent: for people, what the app will see, such as "Account and routing numbers"
	More        bool               // consent: whether the user may connect another bank before that, by do=more
	Exited      bool               // done: whether the user left
	Continue    string             // done: where to go on, an absolute URL; empty where there is nowhere
	Title       string             // closed: such as "This link has expired"
	Advice      string             // closed: what to do
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
