package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

// link is a link token, and how far its user came with it:
//
//	open -> exited             the user left; the page can be opened again
//	open -> expired            Plaid does not know the token any more
//	(these three) -> pending   the user connected a bank, the public token waits for its exchange
//	(these three) -> done      the user signed in again, in update mode
//	pending -> done | failed   the access token is stored | it never will be
//
// News that arrives twice, late or out of order finds a state that it does not change.
type link struct {
	ID, Token, HostedURL, State string
	ItemID                      string // in update mode
	Lost                        bool   // Plaid exchanged its public token, and nobody has the access token
	Twice                       bank   // that is connected already, where the user is asked; else empty
}

func (s *store) addLink(ctx context.Context, userID string, l link) error {
	return changeOne(ctx, s.db, `INSERT INTO links (id, user_id, item_id, link_token, hosted_url, created_at)
		VALUES (?, ?, nullif(?, ''), ?, ?, ?)`, l.ID, userID, l.ItemID, l.Token, l.HostedURL, s.now().Unix())
}

const selectLink = `SELECT id, link_token, hosted_url, state, coalesce(item_id, ''),
	EXISTS (SELECT 1 FROM public_tokens WHERE link_id = links.id AND state = 'lost'),
	coalesce((SELECT bank FROM public_tokens WHERE link_id = links.id AND state = 'asking' LIMIT 1), '{}') FROM links WHERE `

// link returns a link of a user.
func (s *store) link(ctx context.Context, userID, id string) (link, error) {
	return scanLink(s.db.QueryRowContext(ctx, selectLink+"user_id = ? AND id = ?", userID, id))
}

const (
	hostedLifetime = 30 * time.Minute // how long Plaid's page can be opened
	newsLifetime   = 24 * time.Hour   // how long a user reads that a link waits or failed
)

// newest returns the newest link of a user where there is something to read about it: it is unfinished, waits or failed. An
// older one is of no interest, because the user did something else since.
func (s *store) newest(ctx context.Context, userID string) (link, error) {
	now := s.now()
	l, err := scanLink(s.db.QueryRowContext(ctx, selectLink+`rowid = (SELECT max(rowid) FROM links WHERE user_id = ?)
		AND (state = 'open' AND created_at > ? OR state IN ('pending', 'failed') AND created_at > ?)`,
		userID, now.Add(-hostedLifetime).Unix(), now.Add(-newsLifetime).Unix()))
	if errors.Is(err, errNotFound) {
		return link{}, nil
	}
	return l, err
}

func scanLink(row *sql.Row) (l link, err error) {
	var twice []byte
	err = row.Scan(&l.ID, &l.Token, &l.HostedURL, &l.State, &l.ItemID, &l.Lost, &twice)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	if err == nil {
		err = json.Unmarshal(twice, &l.Twice)
	}
	return l, err
}

// expire gives up a link that was not finished; an empty id means all of them.
func (s *store) expire(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE links SET state = 'expired' WHERE state IN ('open', 'exited') AND ? IN ('', id)", id)
	return err
}

// ending is how a session of Link ended, as the webhook or /link/token/get reports it.
type ending struct {
	linkToken    string
	ended        bool // false while a session goes on
	success      bool
	publicTokens map[string]bank // what each is of; empty where it is not known
}

// finish records how a session ended, in one transaction. It changes nothing where that is recorded already, and for links
// of other programs.
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
			err = changeOne(ctx, tx, statement, values...)
		}
	}
	switch {
	case !e.success:
		run("UPDATE links SET state = 'exited' WHERE id = ?", id)
	case itemID != "": // update mode: the access token stays as it is, and nothing is exchanged
		run("UPDATE links SET state = 'done' WHERE id = ?", id)
		err = errors.Join(err, updated(ctx, tx, itemID))
	case len(e.publicTokens) > 0: // else it is not known yet what was connected
		for token, b := range e.publicTokens {
			run("INSERT INTO public_tokens (public_token, link_id, bank) VALUES (?, ?, ?)", token, id, known(b))
		}
		run("UPDATE links SET state = 'pending' WHERE id = ?", id)
	}
	return err
}

// known returns what is stored of a bank: nothing where Link did not report it.
func known(b bank) string {
	if b.Name == "" {
		return ""
	}
	return asJSON(b)
}
