package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"
)

type user struct{ ID, Name string }

// sessionLifetime is how long a user stays signed in.
const sessionLifetime = 7 * 24 * time.Hour

// signIn gives the cookie of a new session of the user with a name, who is made where there is none.
func (s *store) signIn(ctx context.Context, name string) (cookie string, err error) {
	cookie = rand.Text()
	hash := sha256.Sum256([]byte(cookie))
	now := s.now()
	return cookie, s.tx(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			statement string
			values    []any
		}{
			{"DELETE FROM sessions WHERE expires_at <= ?", []any{now.Unix()}},
			{"INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", []any{rand.Text(), name}},
			{"INSERT INTO sessions SELECT ?, id, ? FROM users WHERE name = ?", []any{hash[:], now.Add(sessionLifetime).Unix(), name}},
		} {
			if _, err := tx.ExecContext(ctx, step.statement, step.values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// userOf is whose session a cookie is of; false where there is none, or no more.
func (s *store) userOf(ctx context.Context, cookie string) (u user, ok bool, err error) {
	hash := sha256.Sum256([]byte(cookie))
	err = s.db.QueryRowContext(ctx, `SELECT users.id, users.name FROM sessions JOIN users ON users.id = user_id
		WHERE cookie_hash = ? AND expires_at > ?`, hash[:], s.now().Unix()).Scan(&u.ID, &u.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return user{}, false, nil
	}
	return u, err == nil, err
}

func (s *store) signOut(ctx context.Context, cookie string) error {
	hash := sha256.Sum256([]byte(cookie))
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE cookie_hash = ?", hash[:])
	return err
}
