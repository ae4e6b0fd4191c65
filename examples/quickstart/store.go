package main

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite" // SQLite in Go, without cgo
)

//go:embed migrations/*.sql
var migrations embed.FS

// store is the database. One process has it, on one connection: writes come one after the other, and no other process can
// exchange the same public token.
type store struct {
	db   *sql.DB
	path string
	seal *sealer
	now  func() time.Time
	log  *slog.Logger
}

// openStore opens the database of a file, creates it where there is none, brings it up to date, and checks that the key
// fits: key, or if that is empty, the key file beside the database.
func openStore(ctx context.Context, path, key string, log *slog.Logger) (*store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{path, path + "-wal", keyFile(path), keyFile(path) + newSuffix} {
		if err := keepPrivate(name, log); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would let everybody read it
	if err != nil {
		return nil, fmt.Errorf("quickstart: opening the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	source := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_pragma": {"busy_timeout(1000)", "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
			"secure_delete(1)"}, // what is deleted, such as an access token, is overwritten
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &store{db: db, path: path, now: time.Now, log: log}
	if err = s.migrate(ctx, migrations); err == nil {
		err = s.unlock(ctx, key)
	}
	if err == nil {
		return s, nil
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqliteBusy {
		err = errors.New("another quickstart is running with it; stop that one, or choose another file with -db")
	}
	return nil, errors.Join(fmt.Errorf("quickstart: database %s: %w", filepath.Base(path), err), db.Close())
}

const sqliteBusy = 5 // SQLITE_BUSY: another process has the lock

// keepPrivate makes a file that other users of this machine could read its owner's alone.
func keepPrivate(path string, log *slog.Logger) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || runtime.GOOS == "windows" { // which has other permissions than these
		return nil
	}
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		if err = os.Chmod(path, 0o600); err == nil {
			log.Warn("other users of this machine could read this file, now its owner alone can; if somebody read the key, use -rotate-key",
				"file", filepath.Base(path), "mode", info.Mode().Perm())
		}
	}
	if err != nil {
		return fmt.Errorf("quickstart: expected a file that its owner alone can read: %w", err)
	}
	return nil
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

// changeOne executes a statement that must change exactly one row.
func changeOne(ctx context.Context, db interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, statement string, values ...any) error {
	result, err := db.ExecContext(ctx, statement, values...)
	if err != nil {
		return err
	}
	switch count, err := result.RowsAffected(); {
	case err != nil:
		return err
	case count == 0:
		return errNotFound
	case count > 1:
		return fmt.Errorf("quickstart: %d rows were changed, expected one", count)
	}
	return nil
}

// tx runs fn in a transaction, which is committed only if fn succeeds.
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
