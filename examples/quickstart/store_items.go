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

var errNotFound = errors.New("quickstart: there is no such row, or it is another user's")

// items returns the Items of a user, oldest first.
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

// accessToken returns the access token of an Item of a user.
func (s *store) accessToken(ctx context.Context, userID, itemID string) (gen.AccessToken, error) {
	return s.openToken(ctx, itemID, "SELECT access_token, user_id FROM items WHERE item_id = ? AND user_id = ?", itemID, userID)
}

// tokenOf returns the access token of an Item, whoever has it.
func (s *store) tokenOf(ctx context.Context, itemID string) (gen.AccessToken, error) {
	return s.openToken(ctx, itemID, "SELECT access_token, user_id FROM items WHERE item_id = ?", itemID)
}

func (s *store) openToken(ctx context.Context, itemID, query string, values ...any) (gen.AccessToken, error) {
	var sealed []byte
	var userID string
	err := s.db.QueryRowContext(ctx, query, values...).Scan(&sealed, &userID)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errNotFound
	}
	if err != nil {
		return "", err
	}
	token, err := s.seal.open(sealed, itemID+" "+userID)
	return gen.AccessToken(token), err
}

// removeItem deletes an Item of a user, with its access token, and returns the name of its institution.
func (s *store) removeItem(ctx context.Context, userID, itemID string) (institution string, err error) {
	err = s.tx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "SELECT institution FROM items WHERE item_id = ? AND user_id = ?", itemID, userID).Scan(&institution)
		if errors.Is(err, sql.ErrNoRows) {
			return errNotFound
		}
		return errors.Join(err, changeOne(ctx, tx, "DELETE FROM items WHERE item_id = ?", itemID))
	})
	return institution, err
}

// setNeedsLogin records what a webhook reports of an Item, which may not be in this database.
func (s *store) setNeedsLogin(ctx context.Context, itemID string, needs bool) error {
	_, err := s.db.ExecContext(ctx, "UPDATE items SET needs_login = ? WHERE item_id = ?", needs, itemID)
	return err
}
