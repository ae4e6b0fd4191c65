package main

import (
	"context"
	"database/sql"

	"github.com/plaidlink/plaidlink-go/gen"
)

// waiting is a public token that is to be exchanged:
//
//	waiting    -> exchanging      reserved, before Plaid gets it
//	exchanging -> waiting         Plaid did not carry the exchange out
//	exchanging -> done            the access token is stored
//	exchanging -> refused         Plaid does not accept it, or its Item is another user's
//	exchanging -> lost            Plaid does not accept it, and an earlier exchange may have been carried out
type waiting struct {
	publicToken, linkToken, userID, institution string
	exchanging                                  bool // an earlier exchange began, and nobody knows how it ended
}

// waiting returns what is to be exchanged, oldest first.
func (s *store) waiting(ctx context.Context) (all []waiting, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT public_token, link_token, user_id, institution, public_tokens.state = 'exchanging'
		FROM public_tokens JOIN links ON links.id = link_id WHERE public_tokens.state IN ('waiting', 'exchanging')
		ORDER BY public_tokens.rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w waiting
		if err := rows.Scan(&w.publicToken, &w.linkToken, &w.userID, &w.institution, &w.exchanging); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// reserve records that an exchange begins. It fails where the database cannot be written, so that the exchange does not
// begin: there would be no place for the access token.
func (s *store) reserve(ctx context.Context, w waiting) error {
	return changeOne(ctx, s.db, `UPDATE public_tokens SET state = 'exchanging'
		WHERE public_token = ? AND state IN ('waiting', 'exchanging')`, w.publicToken)
}

// release records that Plaid did not carry an exchange out.
func (s *store) release(ctx context.Context, w waiting) error {
	return changeOne(ctx, s.db, "UPDATE public_tokens SET state = 'waiting' WHERE public_token = ? AND state = 'exchanging'", w.publicToken)
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
		result, err := tx.ExecContext(ctx, `INSERT INTO items (item_id, user_id, institution, access_token, created_at)
			VALUES (?, ?, ?, ?, ?) ON CONFLICT (item_id) DO UPDATE SET access_token = excluded.access_token
			WHERE user_id = excluded.user_id`, c.itemID, c.userID, c.institution, sealed, s.now().Unix())
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
	if w.exchanging {
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
