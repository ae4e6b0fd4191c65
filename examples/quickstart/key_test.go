package main

import (
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// itsKey is a database whose key is in the file beside it.
func itsKey(t *testing.T, path string) (*store, error) {
	t.Helper()
	return openStore(t.Context(), path, "", slog.New(slog.DiscardHandler))
}

// withItem returns the name of a database that has one Item, of which the access token is "access-sandbox-1".
func withItem(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "quickstart.db")
	s, err := itsKey(t, path)
	require.NoError(t, err)
	_, err = s.db.Exec("INSERT INTO users VALUES ('ada', 'Ada')")
	require.NoError(t, err)
	_, err = s.db.Exec("INSERT INTO items (item_id, user_id, institution, access_token, created_at) VALUES ('item', 'ada', 'Bank', ?, 0)", s.seal.seal("access-sandbox-1", "item ada"))
	require.NoError(t, err)
	require.NoError(t, s.close())
	return path
}

func requireToken(t *testing.T, s *store) {
	t.Helper()
	i, err := s.item(t.Context(), "ada", "item")
	require.NoError(t, err)
	token, err := s.open(i)
	require.NoError(t, err)
	require.Equal(t, gen.AccessToken("access-sandbox-1"), token)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// What is wrong with a key file is refused in one line beside data, and nothing is created or changed.
func TestKeyFileBesideData(t *testing.T) {
	for name, c := range map[string]struct {
		content string // of the key file; "missing" where there is none
		err     string
	}{
		"missing":           {"missing", "its key file quickstart.key is missing or empty; put it back, or set QUICKSTART_KEY"},
		"empty":             {"", "its key file quickstart.key is missing or empty; put it back"},
		"white space":       {"\n", "its key file quickstart.key is missing or empty; put it back"},
		"cut":               {testKey[:20], "key file quickstart.key: quickstart: the key must be 32 bytes in base64"},
		"of other data":     {otherKey, "the key is another one"},
		"one too many":      {testKey + testKey, "32 bytes in base64"},
		"of another format": {"-----BEGIN KEY-----", "32 bytes in base64"},
	} {
		t.Run(name, func(t *testing.T) {
			path := withItem(t)
			good := read(t, keyFile(path))
			require.NoError(t, os.Remove(keyFile(path)))
			if c.content != "missing" {
				require.NoError(t, os.WriteFile(keyFile(path), []byte(c.content), 0o600))
			}
			_, err := itsKey(t, path)
			require.ErrorContains(t, err, c.err)
			require.NotContains(t, err.Error(), "\n")
			t.Attr("got", fmt.Sprintf("a key file that is %s: %v", name, err))
			if len(c.content) > 10 {
				require.NotContains(t, err.Error(), c.content)
			}
			if c.content == "missing" {
				require.NoFileExists(t, keyFile(path), "no new key beside old data")
			} else {
				require.Equal(t, c.content, read(t, keyFile(path)))
			}
			require.NoError(t, os.WriteFile(keyFile(path), []byte(good), 0o600))
			s, err := itsKey(t, path)
			require.NoError(t, err, "the key is put back")
			requireToken(t, s)
			require.NoError(t, s.close())
		})
	}
}

// A key file is created for a new database; what a first start that was interrupted left is used or mended.
func TestFirstKey(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		keep    bool
	}{
		"empty, of a start that was killed": {"", false},
		"a key, and no database yet":        {testKey + "\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "quickstart.db")
			require.NoError(t, os.WriteFile(keyFile(path), []byte(c.content), 0o600))
			s, err := itsKey(t, path)
			require.NoError(t, err)
			require.NoError(t, s.close())
			require.Equal(t, c.keep, read(t, keyFile(path)) == c.content)
			s, err = itsKey(t, path)
			require.NoError(t, err, "again, with the same key")
			require.NoError(t, s.close())
		})
	}
	path := filepath.Join(t.TempDir(), "quickstart.db")
	require.NoError(t, os.WriteFile(keyFile(path), []byte("something else"), 0o600))
	_, err := itsKey(t, path)
	require.ErrorContains(t, err, "32 bytes in base64", "what is not a key is not overwritten")
	require.Equal(t, "something else", read(t, keyFile(path)))
}

// Items whose key nobody knows do not get a new one.
func TestItemsWithoutKeyCheck(t *testing.T) {
	path := withItem(t)
	s, err := itsKey(t, path)
	require.NoError(t, err)
	_, err = s.db.Exec("DELETE FROM meta")
	require.NoError(t, err)
	require.NoError(t, s.close())
	_, err = openTestStore(t, path, otherKey)
	require.ErrorContains(t, err, "restore a copy of the database")
}

// Files that others could read become their owner's alone, with a line in the log.
func TestFilesAreMadePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs the permissions of Unix")
	}
	path := withItem(t)
	files := []string{path, keyFile(path), keyFile(path) + newSuffix}
	require.NoError(t, os.WriteFile(files[2], nil, 0o644))
	for _, name := range files {
		require.NoError(t, os.Chmod(name, 0o644))
	}
	logs := &safeBuffer{}
	s, err := openStore(t.Context(), path, "", slog.New(slog.NewTextHandler(logs, nil)))
	require.NoError(t, err)
	defer s.close()
	for _, name := range append(files, path+"-wal") {
		info, err := os.Stat(name)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), name)
		t.Attr("got", fmt.Sprintf("a file of mode 0644: mode=%o", info.Mode().Perm()))
	}
	require.Equal(t, 3, strings.Count(logs.String(), "other users of this machine could read this file"), logs.String())
	require.Equal(t, 1, strings.Count(logs.String(), "file=quickstart.key "))
}

func TestRotateKey(t *testing.T) {
	path := withItem(t)
	before := read(t, keyFile(path))
	out := &safeBuffer{}
	require.NoError(t, run(t.Context(), config{database: path, rotateKey: true}, out, io.Discard))
	require.Contains(t, out.String(), "the key file has it")
	after := read(t, keyFile(path))
	require.NotEqual(t, before, after)
	require.NoFileExists(t, keyFile(path)+newSuffix)
	_, err := openTestStore(t, path, before)
	require.ErrorContains(t, err, "the key is another one", "the old key opens nothing any more")
	t.Attr("got", fmt.Sprintf("the old key after a rotation: %v", err))
	s, err := itsKey(t, path)
	require.NoError(t, err)
	requireToken(t, s)
	require.NoError(t, s.close())

	out = &safeBuffer{}
	require.NoError(t, run(t.Context(), config{database: path, rotateKey: true, newKey: otherKey}, out, io.Discard))
	require.Contains(t, out.String(), "set QUICKSTART_KEY to it")
	require.NotContains(t, out.String(), otherKey)
	require.Equal(t, after, read(t, keyFile(path)), "the file is not in use any more")
	s, err = openTestStore(t, path, otherKey)
	require.NoError(t, err)
	requireToken(t, s)
	require.NoError(t, s.close())
	require.ErrorContains(t, run(t.Context(), config{database: path, key: otherKey, rotateKey: true, newKey: "short"}, out, io.Discard),
		"32 bytes in base64")
}

// Whenever a rotation is interrupted, the next start finds the key of the database.
func TestInterruptedRotation(t *testing.T) {
	for name, interrupt := range map[string]func(t *testing.T, s *store){
		"before the new key was written": func(*testing.T, *store) {},
		"while the new key was written": func(t *testing.T, s *store) {
			require.NoError(t, os.WriteFile(keyFile(s.path)+newSuffix, []byte(testKey[:7]), 0o600))
		},
		"before the transaction": func(t *testing.T, s *store) {
			_, err := writeKey(keyFile(s.path) + newSuffix)
			require.NoError(t, err)
		},
		"in the transaction": func(t *testing.T, s *store) {
			_, err := s.db.Exec("CREATE TEMP TRIGGER failpoint BEFORE UPDATE ON meta BEGIN SELECT RAISE(FAIL, 'the disk is full'); END")
			require.NoError(t, err)
			require.ErrorContains(t, s.rotateKey(t.Context(), ""), "the disk is full")
		},
		"after the transaction": func(t *testing.T, s *store) {
			old := read(t, keyFile(s.path))
			require.NoError(t, s.rotateKey(t.Context(), ""))
			require.NoError(t, os.Rename(keyFile(s.path), keyFile(s.path)+newSuffix))
			require.NoError(t, os.WriteFile(keyFile(s.path), []byte(old), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := withItem(t)
			s, err := itsKey(t, path)
			require.NoError(t, err)
			interrupt(t, s)
			require.NoError(t, s.close())
			for range 2 {
				s, err = itsKey(t, path)
				require.NoError(t, err)
				t.Attr("got", fmt.Sprintf("a rotation interrupted %s: error=%v", name, err))
				requireToken(t, s)
				require.NoError(t, s.rotateKey(t.Context(), ""), "it can be done again")
				requireToken(t, s)
				require.NoError(t, s.close())
			}
		})
	}
}
