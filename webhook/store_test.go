package webhook_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// restart makes another verifier of the same plaid, with a store.
func (p *plaid) restart(store webhook.KeyStore, opts ...webhook.Option) *webhook.Verifier {
	return webhook.NewVerifier(p, append(opts, webhook.WithClock(p.now), webhook.WithKeyStore(store, plaidlink.Sandbox))...)
}

// filled is the path of a file with the key of a plaid.
func filled(t *testing.T, p *plaid) keyFile {
	t.Helper()
	file := keyFile(filepath.Join(t.TempDir(), "keys"))
	require.NoError(t, try(t, p, p.restart(file), kid))
	synctest.Wait() // it is stored after the webhook was verified
	return file
}

// A program that starts again knows Plaid's key, though strangers use up the quota at once, and fetches it again when it
// is too old, as a program that was never stopped.
func TestKeysAreKeptOverARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlaid(t)
		file := filled(t, p)
		info, err := os.Stat(string(file))
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			require.Equal(t, os.FileMode(0o600), info.Mode())
		}
		strangers := func(v *webhook.Verifier) {
			for i := range 100 {
				require.Error(t, try(t, p, v, fmt.Sprintf("made-up-%v-%d", p.now(), i)))
			}
			synctest.Wait()
		}
		p.advance(15*time.Minute - time.Second)
		v := p.restart(file)
		strangers(v)
		before := p.fetches()
		require.NoError(t, try(t, p, v, kid))
		require.Equal(t, before, p.fetches(), "used as if this program had fetched it")
		p.advance(time.Second)
		require.NoError(t, try(t, p, v, kid))
		require.Equal(t, before+1, p.fetches(), "fetched again when it is 15 minutes old")

		p.advance(24 * time.Hour)
		v = p.restart(file)
		strangers(v)
		before = p.fetches()
		require.NoError(t, try(t, p, v, kid))
		require.Equal(t, before+1, p.fetches(), "never used when it is older, and not an unknown key either")

		synctest.Wait()
		p.set(func() { delete(p.keys, kid) })
		p.advance(15 * time.Minute)
		require.ErrorIs(t, try(t, p, v, kid), webhook.ErrInvalid)
		synctest.Wait()
		stored, err := os.ReadFile(string(file))
		require.NoError(t, err)
		require.NotContains(t, string(stored), kid, "what Plaid revoked is dropped")
		t.Attr("got", fmt.Sprintf("restarted with kept keys of 15 minutes and of a day: fetches=%d", p.fetches()))
	})
}

// What is not whole, not of this environment or too large is reported, and as if there was nothing; the next fetch
// replaces it.
func TestStoredKeysAreNeverTrustedBlindly(t *testing.T) {
	replaced := func(old, new string) func(string, string, string) string {
		return func(text, x, y string) string {
			return summed(strings.Replace(text, strings.NewReplacer("X", x, "Y", y).Replace(old), strings.NewReplacer("X", x, "Y", y).Replace(new), 1))
		}
	}
	is := func(data string) func(string, string, string) string {
		return func(string, string, string) string { return data }
	}
	for _, c := range []struct {
		name   string
		data   func(text, x, y string) string
		reason string
	}{
		{"cut off", func(text, _, _ string) string { return summed(text)[:len(text)+64] }, "damaged, or not written by this version"},
		{"cut off within the sum", func(text, _, _ string) string { return summed(text)[:10] }, "damaged"},
		{"another text", is("hello"), "damaged"},
		{"a document behind it", func(text, _, _ string) string { return summed(text + "{}") }, "damaged"},
		{"null for a key", is(summed(`{"environment":"sandbox","keys":[null]}`)), "x is not 32 bytes"},
		{"a property that is not known", replaced(`"keys"`, `"new":1,"keys"`), "damaged, or not written by this version"},
		{"of another environment", replaced(`"sandbox"`, `"production"`), `of the environment \"production\", expected \"sandbox\"`},
		{"of no environment", replaced(`"sandbox"`, `""`), `of the environment \"\"`},
		{"too large", func(text, _, _ string) string { return summed(text) + strings.Repeat(" ", 64<<10) }, "over 65536 bytes"},
		{"too many keys", is(summed(`{"environment":"sandbox","keys":[` + strings.Repeat("{},", 64) + `{}]}`)), "65 keys, expected at most 64"},
		{"a key off the curve", replaced("Y", "X"), "is not a point on the curve P-256"},
		{"a key of 31 bytes", func(text, x, _ string) string { return summed(strings.Replace(text, x, x[:42], 1)) }, "x is not 32 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPlaid(t)
				file := filled(t, p)
				good, err := os.ReadFile(string(file))
				require.NoError(t, err)
				require.Equal(t, summed(string(good[65:])), string(good))
				data := c.data(string(good[65:]), p.keys[kid].X, p.keys[kid].Y)
				require.NotEqual(t, string(good), data)
				require.NoError(t, os.WriteFile(string(file), []byte(data), 0o600))
				var log bytes.Buffer
				v := p.restart(file, webhook.WithLogger(newLogger(&log)))
				require.Equal(t, 1, strings.Count(log.String(), "\n"), "one record")
				require.Contains(t, log.String(), "plaid: stored webhook keys ignored")
				require.Contains(t, log.String(), c.reason)
				require.NoError(t, try(t, p, v, kid))
				require.Equal(t, 2, p.fetches())
				synctest.Wait()
				require.NoError(t, try(t, p, p.restart(file), kid))
				require.Equal(t, 2, p.fetches(), "it was replaced")
			})
		})
	}
}

// Not one changed bit gets through.
func TestDamagedKeysAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlaid(t)
		good, err := os.ReadFile(string(filled(t, p)))
		require.NoError(t, err)
		for at := range good {
			changed := bytes.Clone(good)
			changed[at] ^= 1
			var log bytes.Buffer
			p.restart(&memory{data: changed}, webhook.WithLogger(newLogger(&log)))
			require.Contains(t, log.String(), "damaged", "byte %d", at)
		}
		var log bytes.Buffer
		for _, data := range [][]byte{nil, {}, good} {
			p.restart(&memory{data: data}, webhook.WithLogger(newLogger(&log)))
		}
		p.restart(keyFile(filepath.Join(t.TempDir(), "none")), webhook.WithLogger(newLogger(&log)))
		require.Empty(t, log.String(), "that nothing is stored is not worth a record")

		p.advance(-time.Hour)
		require.NoError(t, try(t, p, p.restart(&memory{data: good}), kid))
		require.Equal(t, 2, p.fetches(), "a key from the future is fetched again")
	})
}

func summed(text string) string { return fmt.Sprintf("%x\n%s", sha256.Sum256([]byte(text)), text) }

// memory is a store that can fail.
type memory struct {
	data []byte
	load func() error
	save func() error
}

func (m *memory) Load(context.Context) ([]byte, error) {
	if m.load != nil {
		return nil, m.load()
	}
	return m.data, nil
}

func (m *memory) Save(_ context.Context, data []byte) error {
	if m.save != nil {
		return m.save()
	}
	m.data = data
	return nil
}

// A store that fails or panics is reported, and webhooks are verified without it.
func TestStoreFails(t *testing.T) {
	broken := func() error { return errors.New("no disk for access-sandbox-1") }
	for name, c := range map[string]struct {
		store  *memory
		record string
		reason string
	}{
		"load":        {&memory{load: broken}, "plaid: stored webhook keys ignored", "no disk for access-sandbox-[redacted]"},
		"load panics": {&memory{load: func() error { panic("secret") }}, "plaid: stored webhook keys ignored", "the key store panicked"},
		"save":        {&memory{save: broken}, "plaid: webhook keys not stored", "no disk for access-sandbox-[redacted]"},
		"save panics": {&memory{save: func() error { panic("secret") }}, "plaid: webhook keys not stored", "the key store panicked"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				p := newPlaid(t)
				v := p.restart(c.store, webhook.WithLogger(newLogger(&log)))
				require.NoError(t, try(t, p, v, kid))
				synctest.Wait()
				require.JSONEq(t, `{"level":"WARN","msg":"`+c.record+`","reason":"`+c.reason+`"}`, log.String())
			})
		})
	}
}
