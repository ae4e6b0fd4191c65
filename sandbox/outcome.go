package sandbox

import (
	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

// Outcome is how a Link session ends: what the user linked, or that the user left. Success and Exited make one.
// The zero Outcome is Success().
type Outcome struct {
	Items []Item // linked Items; by default one, zero Item. More than one needs enable_multi_item_link.
	Exit  *Exit  // set when the user left; Items is empty then

	// Events stand between OPEN and the closing HANDOFF or EXIT. An event_id, timestamp or request_id that is empty is
	// filled in.
	Events []gen.LinkEvent
}

// Success is a session in which the user linked Items: First Platypus Bank with a checking account, unless said otherwise.
// In update mode the Items are those of the access tokens, and none may be given.
func Success(items ...Item) Outcome { return Outcome{Items: items} }

// Exited is a session that the user left.
func Exited(exit Exit) Outcome { return Outcome{Exit: &exit} }

// Item is one that a user links.
type Item struct {
	Institution Institution // by default First Platypus Bank, ins_109508
	Accounts    []Account   // by default one checking account; an empty id is filled in
}

// Account is what Link tells about an account.
type Account = gen.LinkSessionSuccessMetadataAccount

// Institution is a bank. The name of one of Plaid's test institutions is filled in.
type Institution struct {
	ID   string // such as ins_109508
	Name string // for display; see above
}

// Exit is how a user left.
type Exit struct {
	Status      gen.LinkSessionExitMetadataStatus // by default requires_credentials
	Error       *gen.PlaidError                   // nil when the user left without one; else its type and code are needed
	Institution *Institution                      // nil when none was chosen
}

func (i Institution) withDefaults() Institution {
	if i.ID == "" {
		i.ID = bank.Default
	}
	if known, ok := bank.Find(i.ID); ok && i.Name == "" {
		i.Name = known.Name
	}
	if i.Name == "" {
		i.Name = "Bank " + i.ID
	}
	return i
}

func (i Item) withDefaults(ids *ids) Item {
	i.Institution = i.Institution.withDefaults()
	if len(i.Accounts) == 0 {
		i.Accounts = []Account{{Name: "Plaid Checking", Mask: "0000", Type: "depository", Subtype: "checking"}}
	}
	for n := range i.Accounts {
		if i.Accounts[n].ID == "" {
			i.Accounts[n].ID = ids.id(37)
		}
	}
	return i
}

// check refuses an outcome that cannot happen to a link token.
func (o Outcome) check(of *linkToken) *refusal {
	invalid := func(message string) *refusal { return invalidRequest(plaidlink.CodeInvalidField, "%s", message) }
	switch {
	case o.Exit != nil && len(o.Items) > 0:
		return invalid("an outcome with Exit has no Items")
	case o.Exit != nil && o.Exit.Error != nil && (o.Exit.Error.ErrorType == "" || o.Exit.Error.ErrorCode == ""):
		return invalid("the Error of an Exit needs ErrorType and ErrorCode")
	case len(of.updates) > 0 && len(o.Items) > 0:
		return invalid("in update mode the Items are the existing ones; give none")
	case len(o.Items) > 1 && !of.multiItem:
		return invalid("several Items need a link token with enable_multi_item_link")
	}
	return nil
}
