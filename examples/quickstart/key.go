package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	keyCheck  = "key check" // name of a sealed value that opens with the key of the database alone
	newSuffix = ".new"      // of the file of the next key, while the database changes over to it
)

// keyFile returns the name of the key file of a database.
func keyFile(database string) string { return strings.TrimSuffix(database, ".db") + ".key" }

// unlock finds the key of the database: the one given, or if that is empty, that of the key file. A key file is created for
// a database that has no key yet, and never beside one that has: no new key opens old data.
func (s *store) unlock(ctx context.Context, key string) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		var check []byte
		err := tx.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = ?", keyCheck).Scan(&check)
		fresh := errors.Is(err, sql.ErrNoRows)
		switch {
		case err != nil && !fresh:
			return err
		case key != "":
			s.seal, err = newSealer(key)
		case fresh:
			s.seal, err = firstKey(keyFile(s.path))
		default:
			s.seal, err = presentKey(keyFile(s.path), check)
		}
		if err != nil {
			return err
		}
		if fresh {
			err = changeOne(ctx, tx, "INSERT INTO meta SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM items)",
				keyCheck, s.seal.seal("quickstart", keyCheck))
			if errors.Is(err, errNotFound) {
				err = errors.New("it has Items, but the value that checks their key is missing; restore a copy of the database")
			}
			return err
		}
		_, err = s.seal.open(check, keyCheck)
		return err
	})
}

// firstKey returns the key of a file, which it creates where it is missing or empty.
func firstKey(path string) (*sealer, error) {
	seal, err := readKey(path)
	if !errors.Is(err, errNoKey) {
		return seal, err
	}
	return writeKey(path)
}

// presentKey returns the key of a file, or where a rotation was interrupted, the next one.
func presentKey(path string, check []byte) (*sealer, error) {
	seal, err := readKey(path)
	if err == nil {
		if _, err = seal.open(check, keyCheck); err == nil {
			return seal, nil
		}
	}
	next, nextErr := readKey(path + newSuffix)
	if nextErr == nil {
		if _, nextErr = next.open(check, keyCheck); nextErr == nil {
			return next, os.Rename(path+newSuffix, path)
		}
	}
	if errors.Is(err, errNoKey) {
		err = fmt.Errorf("%w; put it back, or set QUICKSTART_KEY: without it nobody can read the access tokens. "+
			"To begin anew, move the database away", err)
	}
	return nil, err
}

var errNoKey = errors.New("missing or empty")

func readKey(path string) (*sealer, error) {
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && strings.TrimSpace(string(key)) == "" {
		return nil, fmt.Errorf("its key file %s is %w", filepath.Base(path), errNoKey)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	seal, err := newSealer(string(key))
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", filepath.Base(path), err)
	}
	return seal, nil
}

// writeKey makes a key and writes it to a file that its owner alone can read.
func writeKey(path string) (*sealer, error) {
	raw := make([]byte, keySize)
	rand.Read(raw) // never fails
	key := base64.StdEncoding.EncodeToString(raw)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = file.WriteString(key + "\n")
		err = errors.Join(err, file.Sync(), file.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("writing the key file: %w", err)
	}
	return newSealer(key)
}

// rotateKey seals every access token with a new key: the one given, or if that is empty, one that replaces the key file's.
// The file of the new key is written before the database changes over to it, and replaces the old one after, so that
// whenever this is interrupted, the key of the database is in one of the two files.
func (s *store) rotateKey(ctx context.Context, key string) error {
	path := keyFile(s.path)
	next, err := newSealer(key)
	if key == "" {
		next, err = writeKey(path + newSuffix)
	}
	if err != nil {
		return err
	}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		err := s.reseal(ctx, tx, next)
		return errors.Join(err, changeOne(ctx, tx, "UPDATE meta SET value = ? WHERE name = ?", next.seal("quickstart", keyCheck), keyCheck))
	})
	if err == nil && key == "" {
		err = os.Rename(path+newSuffix, path)
	}
	if err != nil {
		return fmt.Errorf("quickstart: rotating the key: %w", err)
	}
	s.seal = next
	return nil
}

func (s *store) reseal(ctx context.Context, tx *sql.Tx, next *sealer) error {
	rows, err := tx.QueryContext(ctx, "SELECT item_id, user_id, access_token FROM items")
	if err != nil {
		return err
	}
	defer rows.Close()
	sealed := map[string][]byte{}
	for rows.Next() {
		var itemID, userID string
		var old []byte
		if err := rows.Scan(&itemID, &userID, &old); err != nil {
			return err
		}
		token, err := s.seal.open(old, itemID+" "+userID)
		if err != nil {
			return fmt.Errorf("the access token of Item %s: %w", itemID, err)
		}
		sealed[itemID] = next.seal(token, itemID+" "+userID)
	}
	for itemID, value := range sealed {
		err = errors.Join(err, changeOne(ctx, tx, "UPDATE items SET access_token = ? WHERE item_id = ?", value, itemID))
	}
	return errors.Join(err, rows.Err())
}
