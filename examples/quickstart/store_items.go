package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
)

// item is a connected bank.
type item struct {
	ID, Institution string
	NeedsLogin      bool
	Connected       time.Time
}

var errNotFound = errors.New("quickstart: there is no such thing, or it is another user's")

// items are those of a user, oldest first.
func (s *store) items(ctx context.Context, userID string) (all []item, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT item_id, institution, needs_login, created_at FROM items WHERE user_id = ?
		ORDER BY created_at, rowid`, userID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i item
		var created int64
		if err := rows.Scan(&i.ID, &i.Institution, &i.NeedsLogin, &created); err != nil {
			return nil, err
		}
		i.Connected = time.Unix(created, 0).UTC()
		all = append(all, i)
	}
	return all, rows.Err()
}

// accessToken is that of an Item of a user.
func (s *store) accessToken(ctx context.Context, userID, itemID string) (gen.AccessToken, error) {
	var sealed []byte
	err := s.db.QueryRowContext(ctx, "SELECT access_token FROM items WHERE item_id = ? AND user_id = ?",
		itemID, userID).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errNotFound
	}
	if err != nil {
		return "", err
	}
	token, err := s.seal.open(sealed, itemID+" "+userID)
	return gen.AccessToken(token), err
}

// removeItem forgets an Item of a user, and its access token.
func (s *store) removeItem(ctx context.Context, userID, itemID string) error {
	result, err := s.db.ExecContext(ctx, "DELETE FROM items WHERE item_id = ? AND user_id = ?", itemID, userID)
	if err != nil {
		return err
	}
	if count, err := result.RowsAffected(); err != nil || count == 0 {
		return errors.Join(err, errNotFound)
	}
	return nil
}

// eventMemory is how long the id of a webhook is kept: Plaid delivers again for up to 24 hours. It is not kept for ever,
// because an Item's webhooks have no id and no time of their own: the next lost login has the same body, and so the same id.
const eventMemory = 25 * time.Hour

// record runs fn once for a webhook, in the transaction that records its id: a repetition does nothing, and succeeds.
func (s *store) record(ctx context.Context, eventID string, fn func(*sql.Tx) error) error {
	now := s.now()
	return s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM events WHERE received_at <= ?", now.Add(-eventMemory).Unix()); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "INSERT INTO events VALUES (?, ?) ON CONFLICT DO NOTHING", eventID, now.Unix())
		if err != nil {
			return err
		}
		if count, err := result.RowsAffected(); err != nil || count == 0 {
			return err
		}
		return fn(tx)
	})
}

// setNeedsLogin is the effect of a webhook on an Item, which may not be ours.
func (s *store) setNeedsLogin(ctx context.Context, eventID, itemID string, needs bool) error {
	return s.record(ctx, eventID, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE items SET needs_login = ? WHERE item_id = ?", needs, itemID)
		return err
	})
}
