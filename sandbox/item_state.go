package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"time"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
)

const (
	day             = 24 * time.Hour
	loginLifetime   = 30 * day  // then an Item of Plaid's sandbox needs a new login by itself
	consentLifetime = 180 * day // in Europe
	consentNotice   = 7 * day   // before consent ends
)

// lostLogin returns the failure of an Item whose user has to sign in again. The reason is that of an OAuth bank, or empty.
func lostLogin(reason string) *gen.PlaidError {
	return &gen.PlaidError{
		ErrorType:       gen.PlaidErrorTypeItemError,
		ErrorCode:       string(plaidlink.CodeItemLoginRequired),
		ErrorCodeReason: reason,
		ErrorMessage:    "the user has to sign in again: open Link in update mode",
	}
}

// RequireLogin puts an Item, by its item_id, into the error state ITEM_LOGIN_REQUIRED, as a new password at the bank does and
// as /sandbox/item/reset_login does: an ITEM/ERROR webhook is sent, /item/get shows the error, /accounts/get fails with it,
// and a success in update mode mends it. An Item that is in that state already stays so, and no webhook is sent.
// The error is that no Item has this id whose public token was exchanged, or that it is gone.
func (s *Sandbox) RequireLogin(itemID string) error {
	return s.change("RequireLogin", itemID, func(item *itemRecord) error {
		s.store.fail(item, lostLogin(""))
		return nil
	})
}

// RepairElsewhere mends an Item that needs a new login in the way of another app in which the user signed in: a LOGIN_REPAIRED
// webhook is sent, which none is after update mode in your own app. The error is that of [Sandbox.RequireLogin], or that the
// Item does not need a new login.
func (s *Sandbox) RepairElsewhere(itemID string) error {
	return s.change("RepairElsewhere", itemID, func(item *itemRecord) error {
		if item.failure == nil {
			return errors.New("the Item does not need a new login")
		}
		s.store.repair(item)
		s.store.sendItem(item, "LOGIN_REPAIRED", nil)
		return nil
	})
}

// SetConsentExpiration sets when the consent to an Item ends, in place of the 180 days that an Item has whose link token named
// neither the US nor Canada. 7 days before, PENDING_EXPIRATION is sent, or PENDING_DISCONNECT in the US and Canada; at the time
// the Item needs a new login. A success in update mode renews the consent for 180 days. The error is that of
// [Sandbox.RequireLogin].
func (s *Sandbox) SetConsentExpiration(itemID string, at time.Time) error {
	return s.change("SetConsentExpiration", itemID, func(item *itemRecord) error {
		item.consentEnds, item.warned = at.UTC(), false
		s.store.age(item)
		return nil
	})
}

// RevokeAtPlaid takes back the access to an Item as its user does at my.plaid.com: USER_PERMISSION_REVOKED is sent, and from
// then on its access token fails with ITEM_NOT_FOUND. The error is that of [Sandbox.RequireLogin].
func (s *Sandbox) RevokeAtPlaid(itemID string) error {
	return s.change("RevokeAtPlaid", itemID, func(item *itemRecord) error {
		s.store.sendItem(item, "USER_PERMISSION_REVOKED", permissionRevoked())
		s.store.removeItem(item)
		return nil
	})
}

// RevokeAtBank takes back the access to an Item as its user does at an OAuth bank: USER_PERMISSION_REVOKED is sent, and the Item
// needs a new login, which update mode brings about. The error is that of [Sandbox.RequireLogin].
func (s *Sandbox) RevokeAtBank(itemID string) error {
	return s.change("RevokeAtBank", itemID, func(item *itemRecord) error {
		s.store.sendItem(item, "USER_PERMISSION_REVOKED", permissionRevoked())
		s.store.fail(item, lostLogin("OAUTH_USER_REVOKED"))
		return nil
	})
}

// RevokeAccount takes back the access to one account, as a user does at an OAuth bank. PNC (ins_13) reports it by a
// USER_ACCOUNT_REVOKED webhook, elsewhere the account is just gone. The error is that of [Sandbox.RequireLogin], or that the
// Item has no such account.
func (s *Sandbox) RevokeAccount(itemID, accountID string) error {
	return s.change("RevokeAccount", itemID, func(item *itemRecord) error {
		if !item.dropAccount(accountID) {
			return errors.New("the Item has no account with this id")
		}
		if item.linked.Institution.ID == bank.PNC {
			s.store.sendItem(item, "USER_ACCOUNT_REVOKED", map[string]any{"account_id": accountID})
		}
		return nil
	})
}

// change does something to an Item for an exported method.
func (s *Sandbox) change(method, itemID string, do func(*itemRecord) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	item, ok := s.store.items.values[itemID]
	if !ok {
		return named(method, errors.New("no Item that is kept has this item_id; it has one once its public token was exchanged, until it is removed"))
	}
	s.store.age(item)
	return named(method, do(item))
}

// fail puts an Item into an error state; one that is in such a state already stays in it.
func (st *store) fail(item *itemRecord, failure *gen.PlaidError) {
	if item.failure == nil {
		item.failure, item.brokenAt = failure, st.clock.now()
	} else if !st.choices.ErrorIsSentAgain {
		return
	}
	shown := *item.failure
	shown.Status = new(http.StatusBadRequest) // as webhooks have it
	st.sendItem(item, "ERROR", map[string]any{"error": &shown})
}

// repair makes an Item healthy and renews its consent. No webhook reports it.
func (st *store) repair(item *itemRecord) {
	now := st.clock.now()
	item.failure, item.loginDue = nil, now.Add(loginLifetime)
	if !item.consentEnds.IsZero() {
		item.consentEnds, item.warned = now.Add(consentLifetime), false
	}
	st.breakDuplicates(item)
}

// removeItem ends an Item and its access token, for good.
func (st *store) removeItem(item *itemRecord) {
	item.gone = true
	st.items.remove(item.id)
}

// breakDuplicates makes the other Items of the same person at the same bank need a new login, where the bank allows one
// connection at a time.
func (st *store) breakDuplicates(item *itemRecord) {
	if item.owner == "" || !bank.AllowsOne(item.linked.Institution.ID) {
		return
	}
	for _, other := range st.items.all() {
		if other != item && other.owner == item.owner && other.linked.Institution.ID == item.linked.Institution.ID {
			st.fail(other, lostLogin("OAUTH_INVALID_TOKEN"))
		}
	}
}

// dropAccount ends the sharing of an account; false where there is none. What results of Link show stays as it was.
func (item *itemRecord) dropAccount(id string) bool {
	before := len(item.linked.Accounts)
	item.linked.Accounts = slices.DeleteFunc(slices.Clone(item.linked.Accounts), func(a Account) bool { return a.ID == id })
	return len(item.linked.Accounts) < before
}

// age brings about what time does to an Item.
func (st *store) age(item *itemRecord) {
	if item.gone || item.failure != nil {
		return
	}
	now, ends := st.clock.now(), item.consentEnds
	if !ends.IsZero() && !item.warned && !now.Before(ends.Add(-consentNotice)) {
		item.warned = true
		if item.european {
			st.sendItem(item, "PENDING_EXPIRATION", map[string]any{"consent_expiration_time": ends})
		} else {
			st.sendItem(item, "PENDING_DISCONNECT", map[string]any{
				"disconnect_time": ends, "reason": gen.PendingDisconnectWebhookReasonInstitutionTokenExpiration,
			})
		}
	}
	switch {
	case !ends.IsZero() && !now.Before(ends):
		st.fail(item, lostLogin("OAUTH_CONSENT_EXPIRED"))
	case !now.Before(item.loginDue):
		st.fail(item, lostLogin(""))
	}
}

func (st *store) sandboxItemResetLogin(in incoming, item *itemRecord, _ gen.SandboxItemResetLoginRequest) (*gen.SandboxItemResetLoginResponse, error) {
	st.fail(item, lostLogin(""))
	return &gen.SandboxItemResetLoginResponse{ResetLogin: true, RequestID: in.requestID}, nil
}

// LinkedItem is an Item that [Sandbox.NewItem] made.
type LinkedItem struct {
	AccessToken gen.AccessToken // what calls about the Item take; it is hidden where it is printed
	ItemID      string          // as in the responses and webhooks of the Item
	Institution Institution     // the bank
	Accounts    []Account       // those that the user shared, with their ids
}

// NewItem makes an Item as a success of Link and the exchange of its public token do, for a test of what comes after these.
// It is healthy, has the products auth and transactions, and no webhook: /item/webhook/update sets one.
// Without an argument it is at First Platypus Bank, with a checking account; the first argument is another one.
func (s *Sandbox) NewItem(shared ...Item) LinkedItem {
	linked := slices.Concat(shared, []Item{{}})[0]
	linked.Accounts = slices.Clone(linked.Accounts)
	s.mu.Lock()
	defer s.mu.Unlock()
	item := s.store.newItem(linked, origin{
		linkRequest: &linkRequest{products: []gen.Products{gen.ProductsAuth, gen.ProductsTransactions}},
	})
	s.store.keepItem(item)
	return LinkedItem{gen.AccessToken(item.accessToken), item.id, item.linked.Institution, slices.Clone(item.linked.Accounts)}
}
