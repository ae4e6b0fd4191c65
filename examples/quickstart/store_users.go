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

// signIn begins a session of the user with a name, who is created where there is none, and returns its cookie. The session
// that the browser had before, if any, ends.
func (s *store) signIn(ctx context.Context, name, oldCookie string) (cookie string, err error) {
	cookie = rand.Text()
	old := sha256.Sum256([]byte(oldCookie))
	hash := sha256.Sum256([]byte(cookie))
	now := s.now()
	return cookie, s.tx(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			statement string
			values    []any
		}{
			{"DELETE FROM sessions WHERE cookie_hash = ? OR expires_at <= ?", []any{old[:], now.Unix()}},
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

// userOf returns the user whose session a cookie is of; false where there is no such session, or it expired.
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
