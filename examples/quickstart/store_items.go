package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// bank is an institution, with the accounts that a user shares of it.
type bank struct {
	ID       string    `json:"id"` // such as ins_109508
	Name     string    `json:"name"`
	Accounts []account `json:"accounts"`
}

// account is as Plaid reported it last. Name and Mask may be empty, as may be Balance.
type account struct {
	Name    string `json:"name"`
	Mask    string `json:"mask"` // last characters of its number
	Balance string `json:"balance,omitempty"`
}

// item is a connected bank.
type item struct {
	ID, UserID  string
	Bank        bank
	Code        plaidlink.ErrorCode // why it does not work; empty while it does
	RenewBy     time.Time           // when the access ends, where Plaid warned of it
	NewAccounts bool                // there are some that the user does not share
	Rotation    string              // of its access token, see rotate.go
	Connected   time.Time
	Read        time.Time // when Plaid was asked last; zero: it must be asked
	Unread      bool      // Plaid was asked just now, and did not respond
	webhook     string
	sealed      []byte // its access token
}

// State returns the word for what the user has to know: connected, soon, new, login, error, gone or lost.
func (i item) State() string {
	switch {
	case i.Rotation == "lost":
		return "lost"
	case plaidlink.ItemGone(i.Code):
		return "gone"
	case i.Code.NeedsUpdateMode():
		return "login"
	case i.Code != "":
		return "error"
	case !i.RenewBy.IsZero():
		return "soon"
	case i.NewAccounts:
		return "new"
	}
	return "connected"
}

// asJSON returns what the database keeps of a bank or of accounts.
func asJSON(v any) string {
	text, _ := json.Marshal(v) // never fails for these types
	return string(text)
}

// NeedsVisit reports whether the user has to do something at the bank before a new login.
func (i item) NeedsVisit() bool {
	switch i.Code {
	case plaidlink.CodeItemLocked, plaidlink.CodeUserSetupRequired, plaidlink.CodePasswordResetRequired:
		return true
	}
	return false
}

var errNotFound = errors.New("quickstart: there is no such row, or it is another user's")

// items returns the Items of a user, oldest first.
func (s *store) items(ctx context.Context, userID string) ([]item, error) {
	return s.selectItems(ctx, "user_id = ?", userID)
}

// item returns an Item of a user; of any user where userID is empty.
func (s *store) item(ctx context.Context, userID, itemID string) (item, error) {
	all, err := s.selectItems(ctx, "item_id = ? AND ? IN ('', user_id)", itemID, userID)
	if err == nil && len(all) == 0 {
		err = errNotFound
	}
	if err != nil {
		return item{}, err
	}
	return all[0], nil
}

func (s *store) selectItems(ctx context.Context, where string, values ...any) (all []item, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT item_id, user_id, institution_id, institution, accounts, error_code, renew_by,
		new_accounts, rotation, created_at, read_at, webhook, access_token FROM items WHERE `+where+" ORDER BY created_at, rowid", values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i item
		var accounts []byte
		var renew, created, read int64
		err := rows.Scan(&i.ID, &i.UserID, &i.Bank.ID, &i.Bank.Name, &accounts, &i.Code, &renew,
			&i.NewAccounts, &i.Rotation, &created, &read, &i.webhook, &i.sealed)
		if err == nil {
			err = json.Unmarshal(accounts, &i.Bank.Accounts)
		}
		if err != nil {
			return nil, err
		}
		i.RenewBy, i.Connected, i.Read = at(renew), at(created), at(read)
		all = append(all, i)
	}
	return all, rows.Err()
}

// at returns a time of the database; the zero time for 0.
func at(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// open returns the access token of an Item.
func (s *store) open(i item) (gen.AccessToken, error) {
	token, err := s.seal.open(i.sealed, i.ID+" "+i.UserID)
	return gen.AccessToken(token), err
}

// record writes what Plaid reports of an Item, and drops a warning that the consent has outlived. It changes nothing where
// the access token was replaced meanwhile, or is being replaced: then the report is about the old one.
func (s *store) record(ctx context.Context, i item, consentEnds time.Time) error {
	_, err := s.db.ExecContext(ctx, `UPDATE items SET institution_id = ?, institution = ?, accounts = ?, error_code = ?, webhook = ?,
		read_at = ?, renew_by = CASE WHEN ? > renew_by THEN 0 ELSE renew_by END
		WHERE item_id = ? AND access_token = ? AND rotation IN ('', 'wanted')`, i.Bank.ID, i.Bank.Name, asJSON(i.Bank.Accounts), string(i.Code),
		i.webhook, seconds(i.Read), seconds(consentEnds), i.ID, i.sealed)
	return err
}

// seconds is the reverse of at.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// warn records that the access to an Item ends.
func (s *store) warn(ctx context.Context, itemID string, ends time.Time) error {
	_, err := s.db.ExecContext(ctx, "UPDATE items SET renew_by = ? WHERE item_id = ?", seconds(ends), itemID)
	return err
}

// offer records that an Item has accounts that the user does not share.
func (s *store) offer(ctx context.Context, itemID string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE items SET new_accounts = 1 WHERE item_id = ?", itemID)
	return err
}

// updated records that the user went through update mode: nothing is asked of them any more, and the Item is read anew.
func updated(ctx context.Context, tx *sql.Tx, itemID string) error {
	return changeOne(ctx, tx, "UPDATE items SET error_code = '', renew_by = 0, new_accounts = 0, read_at = 0 WHERE item_id = ?", itemID)
}

// reread has every Item read anew.
func (s *store) reread(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, "UPDATE items SET read_at = 0")
	return err
}

// removeItem deletes an Item, with its access token.
func (s *store) removeItem(ctx context.Context, itemID string) error {
	return changeOne(ctx, s.db, "DELETE FROM items WHERE item_id = ?", itemID)
}

// rotations returns the Items whose access token is to be replaced.
func (s *store) rotations(ctx context.Context) ([]item, error) {
	return s.selectItems(ctx, "rotation IN ('wanted', 'rotating')")
}

// setRotation records how far the rotation of an access token is.
func (s *store) setRotation(ctx context.Context, i item, rotation string) error {
	return changeOne(ctx, s.db, "UPDATE items SET rotation = ? WHERE item_id = ?", rotation, i.ID)
}

// rotated stores the access token that replaces that of an Item.
func (s *store) rotated(ctx context.Context, i item, token gen.AccessToken) error {
	return changeOne(ctx, s.db, "UPDATE items SET access_token = ?, rotation = '' WHERE item_id = ?",
		s.seal.seal(string(token), i.ID+" "+i.UserID), i.ID)
}
