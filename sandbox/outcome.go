package sandbox

import (
	"cmp"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

// Outcome is how a Link session ends: what the user linked, or that the user left. [Success] and [Exited] make one.
// The zero Outcome is Success().
type Outcome struct {
	Items []Item // linked Items; by default one, zero Item. More than one needs enable_multi_item_link.
	Exit  *Exit  // set when the user left; Items is empty then

	// Events come between OPEN and the closing HANDOFF or EXIT. An event_id, timestamp or request_id that is empty is
	// filled in.
	Events []gen.LinkEvent
}

// Success is a session in which the user linked Items: by default one of First Platypus Bank with a checking account.
// In update mode the Items are the existing ones: give none, or for each what its user shares from now on, as Accounts; one
// without an id keeps that of an account with its name and mask, and gets a new one where the Item has no such account.
func Success(items ...Item) Outcome { return Outcome{Items: items} }

// Exited is a session that the user left.
func Exited(exit Exit) Outcome { return Outcome{Exit: &exit} }

// Item is one that a user links.
type Item struct {
	Institution Institution // by default First Platypus Bank, ins_109508
	Accounts    []Account   // by default one checking account; an empty id is filled in
}

// Account is what Link reports about an account.
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

// FinishLink opens a Link session with a link token and ends it at once, as a user does in the browser. Then
// /link/token/get shows the session for 6 hours, each public token in its results can be exchanged within 30 minutes, and
// the webhooks are on their way; see [Sandbox.WaitWebhooks].
// It returns what happened. The error is that the token is unknown, expired, used up by a success or of another environment, or what is wrong with
// the outcome.
func (s *Sandbox) FinishLink(linkToken string, outcome Outcome) (Finished, error) {
	finished, err := s.finish(linkToken, outcome)
	if err != nil {
		return finished, fmt.Errorf("sandbox: FinishLink: %w", err)
	}
	return finished, nil
}

// Finished is a session that [Sandbox.FinishLink] ended.
type Finished struct {
	LinkSessionID string   // link_session_id, of its events and webhooks too
	PublicTokens  []string // one for each Item; none after an exit
	ItemIDs       []string // in the order of PublicTokens
}

func (s *Sandbox) finish(linkToken string, outcome Outcome) (finished Finished, err error) {
	outcome, err = recast[Outcome](outcome) // a deep copy, so that what the caller changes later has no effect
	if err != nil {
		return finished, invalidField("the outcome has no JSON form: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	link, ok := s.store.linkTokens.get(linkToken)
	switch {
	case !ok:
		return finished, unknownToken(linkKind, linkToken)
	case link.expired(s.clock.now()):
		return finished, invalidToken(linkKind, "has expired")
	case link.orphaned():
		return finished, invalidToken(linkKind, "is for an Item or a user that was removed")
	case link.succeeded:
		return finished, invalidToken(linkKind, "was used up by a session that succeeded")
	}
	if err := outcome.check(link); err != nil {
		return finished, err
	}
	if outcome.Exit != nil {
		outcome.Exit.Status = cmp.Or(outcome.Exit.Status, gen.LinkSessionExitMetadataStatusRequiresCredentials)
	}
	session := s.store.open(link)
	for _, event := range outcome.Events {
		s.store.addEvent(session, event)
	}
	s.store.end(session, outcome)
	finished.LinkSessionID = session.id
	for _, added := range session.linked {
		finished.PublicTokens = append(finished.PublicTokens, added.publicToken)
		finished.ItemIDs = append(finished.ItemIDs, added.id)
	}
	return finished, nil
}

// recast returns what another type, or a copy, has of the JSON form of a value.
func recast[To any](from any) (to To, err error) {
	data, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(data, &to)
	}
	return to, err
}

// check refuses an outcome that cannot happen to a link token.
func (o Outcome) check(of *linkRecord) error {
	failure := orZero(o.Exit).Error
	return firstBroken(
		rule{o.Exit != nil && len(o.Items) > 0, invalidField("an outcome with Exit has no Items")},
		rule{failure != nil && (failure.ErrorType == "" || failure.ErrorCode == ""), invalidField("the Error of an Exit needs ErrorType and ErrorCode")},
		rule{
			len(of.updates) > 0 && !o.updates(of.updates),
			invalidField("in update mode the Items are the existing ones: give none, or what the user shares from now on, as Accounts of each"),
		},
		rule{len(o.Items) > 1 && !of.multiItem, invalidField("several Items need a link token with enable_multi_item_link")},
	)
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
