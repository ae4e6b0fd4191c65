package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
)

// link is a link token, and how far its user came with it:
//
//	open -> exited             the user left; the page can be opened again
//	open -> expired            Plaid does not know the token any more
//	(these three) -> pending   the user connected a bank, the public token waits for its exchange
//	(these three) -> done      the user signed in again, in update mode
//	pending -> done | failed   the exchange gave an access token | it never will
//
// What comes twice, late or in disorder finds a state that it does not change.
type link struct {
	ID, Token, HostedURL, State string
	ItemID                      string // in update mode
}

func (s *store) addLink(ctx context.Context, userID string, l link) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO links (id, user_id, item_id, link_token, hosted_url, created_at)
		VALUES (?, ?, nullif(?, ''), ?, ?, ?)`, l.ID, userID, l.ItemID, l.Token, l.HostedURL, s.now().Unix())
	return err
}

const selectLink = "SELECT id, link_token, hosted_url, state, coalesce(item_id, '') FROM links WHERE "

// link is one of a user.
func (s *store) link(ctx context.Context, userID, id string) (link, error) {
	return scanLink(s.db.QueryRowContext(ctx, selectLink+"user_id = ? AND id = ?", userID, id))
}

// hostedLifetime is how long Plaid's page can be opened.
const hostedLifetime = 30 * time.Minute

// unfinished is the last link of a user, if it can still be finished.
func (s *store) unfinished(ctx context.Context, userID string) (link, error) {
	l, err := scanLink(s.db.QueryRowContext(ctx, selectLink+`user_id = ? AND state IN ('open', 'pending') AND created_at > ?
		ORDER BY rowid DESC LIMIT 1`, userID, s.now().Add(-hostedLifetime).Unix()))
	if errors.Is(err, errNotFound) {
		return link{}, nil
	}
	return l, err
}

func scanLink(row *sql.Row) (l link, err error) {
	err = row.Scan(&l.ID, &l.Token, &l.HostedURL, &l.State, &l.ItemID)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return l, err
}

// expire gives up a link that was not finished: an empty id is all of them.
func (s *store) expire(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE links SET state = 'expired' WHERE state IN ('open', 'exited') AND ? IN ('', id)", id)
	return err
}

// ending is how a session of Link ended, as the webhook or /link/token/get tells it.
type ending struct {
	linkToken    string
	ended        bool // false while a session goes on
	success      bool
	publicTokens map[string]string // the institution's name by public token; empty where it is not known
}

// finish records how a session ended, in one transaction. It does nothing for what is recorded already, and for links of
// other programs.
func finish(ctx context.Context, tx *sql.Tx, e ending) error {
	if !e.ended {
		return nil
	}
	const unfinished = " AND state IN ('open', 'exited', 'expired')"
	var id, itemID string
	err := tx.QueryRowContext(ctx, "SELECT id, coalesce(item_id, '') FROM links WHERE link_token = ?"+unfinished, e.linkToken).
		Scan(&id, &itemID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	run := func(statement string, values ...any) {
		if err == nil {
			_, err = tx.ExecContext(ctx, statement, values...)
		}
	}
	switch {
	case !e.success:
		run("UPDATE links SET state = 'exited' WHERE id = ?", id)
	case itemID != "": // update mode: the access token stays as it is, and nothing is exchanged
		run("UPDATE items SET needs_login = 0 WHERE item_id = ?", itemID)
		run("UPDATE links SET state = 'done' WHERE id = ?", id)
	case len(e.publicTokens) > 0: // else it is not known yet what was connected
		for token, institution := range e.publicTokens {
			run("INSERT INTO public_tokens (public_token, link_id, institution) VALUES (?, ?, ?)", token, id, institution)
		}
		run("UPDATE links SET state = 'pending' WHERE id = ?", id)
	}
	return err
}

// waiting is a public token that is to be exchanged.
type waiting struct{ publicToken, linkToken, userID, institution string }

func (s *store) waiting(ctx context.Context) (all []waiting, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT public_token, link_token, user_id, institution FROM public_tokens
		JOIN links ON links.id = link_id WHERE public_tokens.state = 'waiting' ORDER BY public_tokens.rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var w waiting
		if err := rows.Scan(&w.publicToken, &w.linkToken, &w.userID, &w.institution); err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, rows.Err()
}

// connect stores the Item that a public token was exchanged for.
func (s *store) connect(ctx context.Context, w waiting, itemID string, token gen.AccessToken) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		sealed := s.seal.seal(string(token), itemID+" "+w.userID)
		_, err := tx.ExecContext(ctx, `INSERT INTO items (item_id, user_id, institution, access_token, created_at)
			VALUES (?, ?, ?, ?, ?) ON CONFLICT (item_id) DO UPDATE SET access_token = excluded.access_token
			WHERE user_id = excluded.user_id`, itemID, w.userID, w.institution, sealed, s.now().Unix())
		return errors.Join(err, settled(ctx, tx, w, "done", "done"))
	})
}

// lose records that a public token will never be exchanged.
func (s *store) lose(ctx context.Context, w waiting) error {
	return s.tx(ctx, func(tx *sql.Tx) error { return settled(ctx, tx, w, "lost", "failed") })
}

func settled(ctx context.Context, tx *sql.Tx, w waiting, tokenState, linkState string) error {
	_, err := tx.ExecContext(ctx, "UPDATE public_tokens SET state = ? WHERE public_token = ?", tokenState, w.publicToken)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE links SET state = ? WHERE link_token = ? AND state <> 'failed'", linkState, w.linkToken)
	return err
}
