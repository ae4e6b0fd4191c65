package main

import (
	"bytes"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

const otherKey = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA="

func sealerOf(t *testing.T, key string) *sealer {
	t.Helper()
	s, err := newSealer(key)
	require.NoError(t, err)
	return s
}

func TestSeal(t *testing.T) {
	s := sealerOf(t, testKey)
	sealed := s.seal("access-sandbox-1", "item-1 user-1")
	plain, err := s.open(sealed, "item-1 user-1")
	require.NoError(t, err)
	require.Equal(t, "access-sandbox-1", plain)
	require.NotContains(t, string(sealed), "access")
	require.NotEqual(t, sealed, s.seal("access-sandbox-1", "item-1 user-1"), "another nonce each time")

	_, err = s.open(sealed, "item-1 user-2")
	require.Error(t, err, "moved to another user's row")
	_, err = sealerOf(t, otherKey).open(sealed, "item-1 user-1")
	require.ErrorContains(t, err, "the key is another one")
	for at := range sealed {
		changed := bytes.Clone(sealed)
		changed[at] ^= 1
		_, err := s.open(changed, "item-1 user-1")
		require.Error(t, err, "byte %d", at)
		_, err = s.open(sealed[:at], "item-1 user-1")
		require.Error(t, err, "cut at %d", at)
	}
}

func TestKeys(t *testing.T) {
	for name, key := range map[string]string{
		"empty": "", "31 bytes": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", "no base64": strings.Repeat("!", 44),
	} {
		_, err := newSealer(key)
		require.ErrorContains(t, err, "32 bytes in base64", name)
		if key != "" {
			require.NotContains(t, err.Error(), key)
		}
	}
}

func openTestStore(t *testing.T, path, key string) (*store, error) {
	t.Helper()
	return openStore(t.Context(), path, key, slog.New(slog.DiscardHandler))
}

func TestOpenStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a file?name=#%20.db")
	s, err := openTestStore(t, path, testKey)
	require.NoError(t, err)
	_, err = s.signIn(t.Context(), "Ada", "")
	require.NoError(t, err)
	_, err = openTestStore(t, path, testKey)
	require.ErrorContains(t, err, "another quickstart is running", "one program at a time")
	require.NoError(t, s.close())

	_, err = openTestStore(t, path, otherKey)
	require.ErrorContains(t, err, "the key is another one", "at the start, not at the first use")

	s, err = openTestStore(t, path, testKey)
	require.NoError(t, err)
	require.NoError(t, s.migrate(t.Context(), migrations), "they are applied once")
	var users int
	require.NoError(t, s.db.QueryRow("SELECT count(*) FROM users").Scan(&users))
	require.Equal(t, 1, users)
	require.NoError(t, s.close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestMigrations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quickstart.db")
	s, err := openTestStore(t, path, testKey)
	require.NoError(t, err)
	file := func(sql string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(sql)} }
	files := fstest.MapFS{
		"migrations/0001.sql": file("broken, but applied already"),
		"migrations/0002.sql": file("broken, but applied already"),
		"migrations/0003.sql": file("broken, but applied already"),
		"migrations/0004.sql": file("broken, but applied already"),
		"migrations/0005.sql": file("CREATE TABLE fifth (x); INSERT INTO fifth VALUES (5)"),
		"migrations/0006.sql": file("CREATE TABLE broken"),
	}
	tables := func() (count int) {
		require.NoError(t, s.db.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name IN ('fifth', 'sixth')").Scan(&count))
		return count
	}
	require.ErrorContains(t, s.migrate(t.Context(), files), "migrations/0006.sql")
	require.Zero(t, tables(), "all or nothing")
	files["migrations/0006.sql"] = file("CREATE TABLE sixth (x)")
	require.NoError(t, s.migrate(t.Context(), files))
	require.NoError(t, s.migrate(t.Context(), files))
	require.Equal(t, 2, tables())
	require.NoError(t, s.close())
	_, err = openTestStore(t, path, testKey)
	require.ErrorContains(t, err, "it is of version 6, this program knows 4")
}

// What an older program stored is understood: a lost login, and the public tokens.
func TestMigrationFromBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quickstart.db")
	s := &store{path: path, now: time.Now}
	var err error
	s.db, err = sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)")
	require.NoError(t, err)
	defer s.db.Close()
	s.db.SetMaxOpenConns(1)
	before := fstest.MapFS{}
	for _, name := range []string{"0001_users.sql", "0002_items.sql", "0003_reserve.sql"} {
		text, err := migrations.ReadFile("migrations/" + name)
		require.NoError(t, err)
		before["migrations/"+name] = &fstest.MapFile{Data: text}
	}
	require.NoError(t, s.migrate(t.Context(), before))
	_, err = s.db.Exec(`INSERT INTO users VALUES ('ada', 'Ada');
		INSERT INTO items VALUES ('works', 'ada', 'Bank', x'00', 0, 1), ('broken', 'ada', 'Bank', x'00', 1, 2);
		INSERT INTO links VALUES ('link', 'ada', NULL, 'link-token', 'url', 'pending', 1);
		INSERT INTO public_tokens VALUES ('begun', 'link', 'Bank', 'exchanging'), ('waits', 'link', '', 'waiting'), ('over', 'link', 'Bank', 'lost')`)
	require.NoError(t, err)
	require.NoError(t, s.migrate(t.Context(), migrations))
	items, err := s.items(t.Context(), "ada")
	require.NoError(t, err)
	require.Equal(t, []string{"connected", "login"}, []string{items[0].State(), items[1].State()})
	all, err := s.waiting(t.Context())
	require.NoError(t, err)
	require.Equal(t, []waiting{
		{publicToken: "begun", linkToken: "link-token", userID: "ada", state: "exchanging"},
		{publicToken: "waits", linkToken: "link-token", userID: "ada", state: "waiting"},
	}, all)
	l, err := s.link(t.Context(), "ada", "link")
	require.NoError(t, err)
	require.True(t, l.Lost)
	require.Empty(t, l.Twice.Name)
}

// No access token is in the files in clear, and a changed value is refused.
func TestAccessTokensAtRest(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	var userID string
	require.NoError(t, q.app.store.db.QueryRow("SELECT user_id FROM items").Scan(&userID))
	connected, err := q.app.store.item(t.Context(), userID, item)
	require.NoError(t, err)
	token, err := q.app.store.open(connected)
	require.NoError(t, err)
	require.Regexp(t, "^access-sandbox-", string(token))
	files, err := filepath.Glob(q.database + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var linkTokens int
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NotContains(t, string(data), string(token), name)
		linkTokens += strings.Count(string(data), "link-sandbox-")
	}
	require.NotZero(t, linkTokens, "the files were looked through")

	_, err = q.app.store.db.Exec("UPDATE items SET access_token = ?", sealerOf(t, testKey).seal(string(token), "another row"))
	require.NoError(t, err)
	status, _, page := v.do("POST", "/items/"+item+"/update", nil)
	require.Equal(t, 500, status)
	require.Contains(t, page, "Something went wrong here")
	_, err = q.app.store.item(t.Context(), "another", item)
	require.ErrorIs(t, err, errNotFound)
}
