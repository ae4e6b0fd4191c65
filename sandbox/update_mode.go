package sandbox

import (
	"slices"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// orphaned reports whether the link token can lead to nothing: its Items or its user were removed.
func (link *linkRecord) orphaned() bool {
	return link.origin.orphaned() || slices.ContainsFunc(link.updates, func(i *itemRecord) bool { return i.gone })
}

// updatesUser reports whether a request asks for update mode of a user, in place of an access token.
func updatesUser(req gen.LinkTokenCreateRequest) bool {
	return req.Update != nil && orZero(req.Update.User)
}

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
		item, ok := st.items.get(id)
		if !ok || item.user != user {
			return nil, invalidField("update.item_ids has an id that is not of an Item of the user")
		}
		updates = append(updates, item)
	}
	if len(updates) > 0 {
		return updates, nil
	}
	var last *itemRecord
	for _, item := range st.items.all() {
		if item.user == user && item.failure != nil && (last == nil || !item.brokenAt.Before(last.brokenAt)) {
			last = item
		}
	}
	if last == nil {
		return nil, invalidField("update.user needs an Item of the user in an error state, or update.item_ids")
	}
	return []*itemRecord{last}, nil
}

// updates reports whether an outcome can be one of update mode.
func (o Outcome) updates(existing []*itemRecord) bool {
	return len(o.Items) <= len(existing) && !slices.ContainsFunc(o.Items, func(i Item) bool {
		return i.Institution != Institution{} || len(i.Accounts) == 0
	})
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
			item.share(shared[n].Accounts, st.ids)
		}
		st.repair(item)
	}
	return items
}

// share sets what the user shares. An account without an id keeps that of one with its name and mask.
func (item *itemRecord) share(accounts []Account, ids *ids) {
	for n := range accounts {
		account := &accounts[n]
		if account.ID != "" {
			continue
		}
		account.ID = ids.id(37)
		for _, known := range item.linked.Accounts {
			if known.Name == account.Name && known.Mask == account.Mask {
				account.ID = known.ID
			}
		}
	}
	item.linked.Accounts = accounts
}
