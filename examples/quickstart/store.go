package main

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // SQLite in Go, without cgo
)

//go:embed migrations/*.sql
var migrations embed.FS

// store is the database. One process has it, on one connection: writes come one after the other, and no other process can
// exchange the same public token.
type store struct {
	db   *sql.DB
	seal *sealer
	now  func() time.Time
}

// openStore opens the database of a file, makes it where there is none, brings it up to date, and checks that the key fits.
func openStore(ctx context.Context, path string, seal *sealer) (*store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would let everybody read it
	if err != nil {
		return nil, fmt.Errorf("quickstart: opening the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	source := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_pragma": {"busy_timeout(1000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &store{db: db, seal: seal, now: time.Now}
	if err = s.migrate(ctx, migrations); err == nil {
		err = s.checkKey(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("quickstart: opening the database %s: %w", filepath.Base(path), err), db.Close())
	}
	return s, nil
}

func (s *store) close() error { return s.db.Close() }

// migrate applies the files that the database does not have yet, in the order of their names, each with its number in one
// transaction.
func (s *store) migrate(ctx context.Context, files fs.FS) error {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return err
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
			return err
		}
		if have > len(names) {
			return fmt.Errorf("it is of version %d, this program knows %d", have, len(names))
		}
		for _, name := range names[have:] {
			statements, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(names)))
		return err
	})
}

// checkKey finds out at the start, not at the first use, that the key is another one.
func (s *store) checkKey(ctx context.Context) error {
	const name = "key check"
	return s.tx(ctx, func(tx *sql.Tx) error {
		var sealed []byte
		err := tx.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = ?", name).Scan(&sealed)
		if errors.Is(err, sql.ErrNoRows) {
			_, err = tx.ExecContext(ctx, "INSERT INTO meta VALUES (?, ?)", name, s.seal.seal("quickstart", name))
			return err
		}
		if err != nil {
			return err
		}
		_, err = s.seal.open(sealed, name)
		return err
	})
}

// tx runs fn in a transaction, which counts only if fn succeeds.
func (s *store) tx(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
