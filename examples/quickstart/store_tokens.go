package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"

	"github.com/plaidlink/plaidlink-go/gen"
)

// waiting is a public token that is to be exchanged:
//
//	waiting    -> checked         it is of no bank that the user has connected already
//	waiting    -> asking          it seems to be, and the user is asked
//	asking     -> checked         the user wants it all the same
//	asking     -> declined        the user does not: it is never exchanged, and expires
//	checked    -> exchanging      reserved, before Plaid gets it
//	exchanging -> checked         Plaid did not carry the exchange out
//	exchanging -> done            the access token is stored
//	exchanging -> refused         Plaid does not accept it, or its Item is another user's
//	exchanging -> lost            Plaid does not accept it, and an earlier exchange may have been carried out
type waiting struct {
	publicToken, linkToken, userID string
	bank                           bank   // empty where it is not known yet
	state                          string // exchanging: an earlier exchange began, and nobody knows how it ended
}

// waiting returns what is to be exchanged, oldest first.
func (s *store) waiting(ctx context.Context) (all []waiting, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT public_token, link_token, user_id, bank, public_tokens.state
		FROM public_tokens JOIN links ON links.id = link_id WHERE public_tokens.state IN ('waiting', 'checked', 'exchanging')
		ORDER BY public_tokens.rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w waiting
		var text string
		if err := rows.Scan(&w.publicToken, &w.linkToken, &w.userID, &text, &w.state); err != nil {
			return nil, err
		}
		if text != "" {
			if err := json.Unmarshal([]byte(text), &w.bank); err != nil {
				return nil, err
			}
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// check records whether the user must be asked before an exchange.
func (s *store) check(ctx context.Context, w waiting, ask bool) error {
	state := "checked"
	if ask {
		state = "asking"
	}
	return changeOne(ctx, s.db, "UPDATE public_tokens SET state = ?, bank = ? WHERE public_token = ? AND state = 'waiting'",
		state, asJSON(w.bank), w.publicToken)
}

// decide records what the user wants: to connect a bank a second time, or not. It does nothing where nothing is asked.
func (s *store) decide(ctx context.Context, linkID string, connect bool) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		state := "declined"
		if connect {
			state = "checked"
		}
		_, err := tx.ExecContext(ctx, "UPDATE public_tokens SET state = ? WHERE link_id = ? AND state = 'asking'", state, linkID)
		if err != nil || connect {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE links SET state = 'done' WHERE id = ? AND state = 'pending' AND NOT EXISTS
			(SELECT 1 FROM public_tokens WHERE link_id = links.id AND state IN ('waiting', 'checked', 'exchanging'))`, linkID)
		return err
	})
}

// reserve records that an exchange begins. It fails where the database cannot be written, so that the exchange does not
// begin: there would be no place for the access token.
func (s *store) reserve(ctx context.Context, w waiting) error {
	return changeOne(ctx, s.db, `UPDATE public_tokens SET state = 'exchanging'
		WHERE public_token = ? AND state IN ('checked', 'exchanging')`, w.publicToken)
}

// release records that Plaid did not carry an exchange out.
func (s *store) release(ctx context.Context, w waiting) error {
	return changeOne(ctx, s.db, "UPDATE public_tokens SET state = 'checked' WHERE public_token = ? AND state = 'exchanging'", w.publicToken)
}

// connection is what a public token was exchanged for.
type connection struct {
	waiting
	itemID      string
	accessToken gen.AccessToken
}

// connect stores a new Item. It returns false where another user has that Item: then nothing of it changes.
func (s *store) connect(ctx context.Context, c connection) (ours bool, err error) {
	sealed := s.seal.seal(string(c.accessToken), c.itemID+" "+c.userID)
	err = s.tx(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO items (item_id, user_id, institution_id, institution, accounts, access_token, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (item_id) DO UPDATE SET access_token = excluded.access_token
			WHERE user_id = excluded.user_id`,
			c.itemID, c.userID, c.bank.ID, cmp.Or(c.bank.Name, unknownBank), asJSON(c.bank.Accounts), sealed, s.now().Unix())
		if err != nil {
			return err
		}
		count, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if ours = count == 1; !ours {
			return settled(ctx, tx, c.waiting, "refused", "failed")
		}
		return settled(ctx, tx, c.waiting, "done", "done")
	})
	return ours && err == nil, err
}

// giveUp records that a public token will never be exchanged.
func (s *store) giveUp(ctx context.Context, w waiting) error {
	state := "refused"
	if w.state == "exchanging" {
		state = "lost"
	}
	return s.tx(ctx, func(tx *sql.Tx) error { return settled(ctx, tx, w, state, "failed") })
}

// settled records how an exchange ended. Of several public tokens of a link, one that failed decides.
func settled(ctx context.Context, tx *sql.Tx, w waiting, tokenState, linkState string) error {
	err := changeOne(ctx, tx, "UPDATE public_tokens SET state = ? WHERE public_token = ?", tokenState, w.publicToken)
	if err != nil {
		return err
	}
	return changeOne(ctx, tx, "UPDATE links SET state = CASE state WHEN 'failed' THEN state ELSE ? END WHERE link_token = ?",
		linkState, w.linkToken)
}
