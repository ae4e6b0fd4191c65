package sandbox

import (
	"cmp"
	"slices"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
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
func (s *Sandbox) FinishLink(linkToken string, outcome Outcome) (finished Finished, err error) {
	defer func() { err = named("FinishLink", err) }()
	outcome, err = recast[Outcome](outcome) // a deep copy, so that what the caller changes later has no effect
	if err != nil {
		return finished, invalidField("the outcome has no JSON form: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	link, ok := s.store.linkTokens.values[linkToken]
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

// Finished is a session that [Sandbox.FinishLink] ended.
type Finished struct {
	LinkSessionID string   // link_session_id, of its events and webhooks too
	PublicTokens  []string // one for each Item; none after an exit
	ItemIDs       []string // in the order of PublicTokens
}

// recast returns what another type, or a copy, has of the JSON form of a value.
func recast[To any](from any) (to To, err error) {
	data, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(data, &to)
	}
	return to, err
}

// sameJSON is recast for what is the sandbox's own, or was decoded: both have a JSON form, which fits.
func sameJSON[To any](from any) To {
	to, _ := recast[To](from)
	return to
}

// check refuses an outcome that cannot happen to a link token.
func (o Outcome) check(of *linkRecord) error {
	failure, isNew := orZero(o.Exit).Error, func(i Item) bool { return i.Institution != Institution{} || len(i.Accounts) == 0 }
	return firstBroken(
		rule{o.Exit != nil && len(o.Items) > 0, invalidField("an outcome with Exit has no Items")},
		rule{failure != nil && (failure.ErrorType == "" || failure.ErrorCode == ""), invalidField("the Error of an Exit needs ErrorType and ErrorCode")},
		rule{len(of.updates) > 0 && (len(o.Items) > len(of.updates) || slices.ContainsFunc(o.Items, isNew)),
			invalidField("in update mode the Items are the existing ones: give none, or what the user shares from now on, as Accounts of each")},
		rule{len(o.Items) > 1 && !of.multiItem, invalidField("several Items need a link token with enable_multi_item_link")},
	)
}

func (i Institution) withDefaults() Institution {
	i.ID = cmp.Or(i.ID, bank.Default)
	known, _ := bank.Find(i.ID)
	i.Name = cmp.Or(i.Name, known.Name, "Bank "+i.ID)
	return i
}

func (i Item) withDefaults(ids *ids) Item {
	i.Institution = i.Institution.withDefaults()
	if len(i.Accounts) == 0 {
		i.Accounts = []Account{{Name: "Plaid Checking", Mask: "0000", Type: "depository", Subtype: "checking"}}
	}
	identify(i.Accounts, nil, ids)
	return i
}

// identify fills in the ids of accounts: that of a known one with the same name and mask, or a new one.
func identify(accounts, known []Account, ids *ids) {
	for n := range accounts {
		account := &accounts[n]
		if account.ID != "" {
			continue
		}
		account.ID = ids.id(37)
		for _, k := range known {
			if k.Name == account.Name && k.Mask == account.Mask {
				account.ID = k.ID
			}
		}
	}
}

// orphaned reports whether the link token can lead to nothing: its Items or its user were removed.
func (link *linkRecord) orphaned() bool {
	return link.origin.orphaned() || slices.ContainsFunc(link.updates, func(i *itemRecord) bool { return i.gone })
}

// updatesUser reports whether a request asks for update mode of a user, in place of an access token.
func updatesUser(req gen.LinkTokenCreateRequest) bool { return orZero(orZero(req.Update).User) }

// updatesOf returns the Items of update mode: those of the access tokens, or those of the user that the request names, and
// else the one of the user that broke last.
func (st *store) updatesOf(req gen.LinkTokenCreateRequest, user *userRecord) (updates []*itemRecord, err error) {
	tokens := req.AccessTokens
	if req.AccessToken != "" {
		tokens = append([]gen.AccessToken{req.AccessToken}, tokens...)
	}
	switch {
	case !updatesUser(req):
		return st.findItems(tokens)
	case user == nil:
		return nil, invalidRequest(plaidlink.CodeMissingFields, "update.user needs user_id or user_token")
	case len(tokens) > 0:
		return nil, invalidField("update.user and access_token must not both be set")
	}
	for _, id := range req.Update.ItemIDs {
		item, ok := st.items.values[id]
		if !ok || item.user != user {
			return nil, invalidField("update.item_ids has an id that is not of an Item of the user")
		}
		updates = append(updates, item)
	}
	if len(updates) > 0 {
		return updates, nil
	}
	broken := slices.DeleteFunc(st.items.all(), func(i *itemRecord) bool { return i.user != user || i.failure == nil })
	if len(broken) == 0 {
		return nil, invalidField("update.user needs an Item of the user in an error state, or update.item_ids")
	}
	slices.SortStableFunc(broken, func(a, b *itemRecord) int { return a.brokenAt.Compare(b.brokenAt) })
	return broken[len(broken)-1:], nil
}

// update mends the Items of a link token, whose tokens and ids stay, and returns them: all of them, or the next one where the
// link token is for a user. A success uses the link token up once none is left.
func (st *store) update(link *linkRecord, shared []Item) []*itemRecord {
	items := link.updates
	if link.ofUser && len(items) > 1 {
		items, link.updates = items[:1], items[1:]
	} else {
		link.succeeded = true
	}
	for n, item := range items {
		if n < len(shared) {
			identify(shared[n].Accounts, item.linked.Accounts, st.ids)
			item.linked.Accounts = shared[n].Accounts
		}
		st.repair(item)
	}
	return items
}
