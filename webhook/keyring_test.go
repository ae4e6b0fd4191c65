package webhook_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// try verifies a new delivery that names a key.
func try(t testing.TB, p *plaid, v *webhook.Verifier, kid string) error {
	t.Helper()
	_, err := v.Verify(t.Context(), p.deliver(t, body, by(kid)), []byte(body))
	return err
}

// know lets the key endpoint know a key by further names.
func (p *plaid) know(kids ...string) {
	p.set(func() {
		for _, k := range kids {
			key := p.keys[kid]
			key.Kid = k
			p.keys[k] = key
		}
	})
}

// A stranger who makes up kids spends at most the quota, and harms no webhook whose key is known.
func TestUnknownKids(t *testing.T) {
	p, v := start(t)
	require.NoError(t, try(t, p, v, kid))
	invalid, unavailable := 0, 0
	for i := range 1000 {
		switch err := try(t, p, v, fmt.Sprintf("made-up-%d", i)); {
		case errors.Is(err, webhook.ErrInvalid):
			require.ErrorContains(t, err, fmt.Sprintf(`webhook: Plaid does not know key "made-up-%d"`, i))
			invalid++
		case errors.Is(err, webhook.ErrKeyUnavailable):
			require.ErrorContains(t, err, "webhooks name more unknown keys than are fetched")
			unavailable++
		default:
			t.Fatalf("expected an error, found %v", err)
		}
	}
	fetches := p.fetches() - 1
	t.Logf("1,000 unknown kids: %d fetches, %d got 401, %d got 503", fetches, invalid, unavailable)
	require.LessOrEqual(t, fetches, 20)
	require.Equal(t, fetches, invalid)
	require.NoError(t, try(t, p, v, kid))
	p.advance(15 * time.Minute) // the known key is due, which the quota does not hinder
	for i := range 1000 {
		require.Error(t, try(t, p, v, fmt.Sprintf("made-up-too-%d", i)))
	}
	require.NoError(t, try(t, p, v, kid))
}

// The quota: 5 at once, then one in 20 seconds while the reserve lasts, then one in 4 minutes. As much again is for keys
// that several deliveries name.
func TestUnknownKidsRefill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, v := start(t)
		names := 0
		drain := func() (fetches int) {
			before := p.fetches()
			for range 30 {
				names++
				require.Error(t, try(t, p, v, fmt.Sprintf("made-up-%d", names)))
			}
			synctest.Wait() // another key may be fetched than the one that was named
			return p.fetches() - before
		}
		require.Equal(t, 5, drain())
		p.advance(19 * time.Second)
		require.Equal(t, 0, drain())
		p.advance(time.Second)
		require.Equal(t, 1, drain())
		p.advance(50 * time.Second)
		require.Equal(t, 2, drain())
		p.advance(time.Hour)
		require.Equal(t, 5, drain())
		for range 100 {
			p.advance(20 * time.Second)
			drain()
		}
		before := p.fetches()
		for range 12 {
			p.advance(20 * time.Second)
			drain()
		}
		require.Equal(t, before+1, p.fetches(), "the reserve is used up: one in 4 minutes")
	})
}

// While a stranger makes up names, one of Plaid's webhooks gets through with its first redelivery, and the log has it that
// keys wait, once in 10 minutes.
func TestRedeliveryGetsThroughStrangers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		p, v := start(t, webhook.WithLogger(newLogger(&log)))
		accepted := time.Duration(0)
		for i := range 5 * 60 * 25 {
			p.advance(200 * time.Millisecond)
			require.Error(t, try(t, p, v, fmt.Sprintf("made-up-%d", i)))
			synctest.Wait()
			if at := time.Duration(i) * 200 * time.Millisecond; at == 10*time.Second || at == 40*time.Second {
				if try(t, p, v, kid) == nil {
					accepted = at
				}
			}
		}
		require.Equal(t, 40*time.Second, accepted)
		warnings := strings.Count(log.String(), "\n")
		require.Equal(t, 3, warnings, "in 25 minutes")
		t.Attr("got", fmt.Sprintf("redelivered after 10 and 40 s, 25 minutes in all: accepted=%s warnings=%d", accepted, warnings))
		first, _, _ := strings.Cut(log.String(), "\n")
		require.JSONEq(t, `{"level":"WARN","msg":"plaid: webhooks name more unknown keys than are fetched","waiting":1,"fetches_per_hour":60}`, first)
	})
}

// A kid that Plaid does not know costs one fetch in 5 minutes, and is accepted after that if it has become known.
func TestUnknownKidIsRemembered(t *testing.T) {
	p, v := start(t)
	for range 100 {
		require.ErrorIs(t, try(t, p, v, "new"), webhook.ErrInvalid)
	}
	require.Equal(t, 1, p.fetches())
	p.know("new")
	p.advance(5*time.Minute - time.Second)
	require.ErrorIs(t, try(t, p, v, "new"), webhook.ErrInvalid)
	p.advance(time.Second)
	require.NoError(t, try(t, p, v, "new"))
	require.Equal(t, 2, p.fetches())
}

// A revoked key is refused within the time that keys are used, whether Plaid forgets it or lets it expire.
func TestRevocation(t *testing.T) {
	for name, revoke := range map[string]func(p *plaid){
		"forgotten": func(p *plaid) { delete(p.keys, kid) },
		"expired": func(p *plaid) {
			key := p.keys[kid]
			key.ExpiredAt = new(p.time.Unix())
			p.keys[kid] = key
		},
		"replaced": func(p *plaid) { p.keys[kid] = gen.JWKPublicKey{} },
	} {
		for _, maxAge := range []time.Duration{15 * time.Minute, time.Minute} {
			t.Run(fmt.Sprintf("%s, keys used for %v", name, maxAge), func(t *testing.T) {
				var opts []webhook.Option
				if maxAge != 15*time.Minute { // the default
					opts = append(opts, webhook.WithKeyMaxAge(maxAge))
				}
				p, v := start(t, opts...)
				require.NoError(t, try(t, p, v, kid))
				p.set(func() { revoke(p) })
				p.advance(maxAge - time.Second)
				require.NoError(t, try(t, p, v, kid))
				p.advance(time.Second)
				require.ErrorIs(t, try(t, p, v, kid), webhook.ErrInvalid)
				require.Equal(t, 2, p.fetches())
			})
		}
	}
}

// A key that Plaid revoked is not a known key any more, to which the quota would not apply.
func TestRevokedKidIsNotKnown(t *testing.T) {
	p, v := start(t)
	require.NoError(t, try(t, p, v, kid))
	p.set(func() { delete(p.keys, kid) })
	p.advance(15 * time.Minute)
	require.ErrorIs(t, try(t, p, v, kid), webhook.ErrInvalid)
	p.advance(5 * time.Minute)
	for i := range 5 {
		require.ErrorIs(t, try(t, p, v, fmt.Sprintf("made-up-%d", i)), webhook.ErrInvalid)
	}
	require.ErrorIs(t, try(t, p, v, kid), webhook.ErrKeyUnavailable)
	require.Equal(t, 7, p.fetches())
}

// While the key endpoint is down, fresh keys go on, others are 503, and each is asked for once in 10 seconds.
func TestKeyEndpointDown(t *testing.T) {
	p, v := start(t)
	require.NoError(t, try(t, p, v, kid))
	down := errors.New("down")
	p.set(func() { p.failure = down })
	p.advance(14 * time.Minute)
	require.NoError(t, try(t, p, v, kid))
	p.advance(time.Minute)
	for range 100 {
		err := try(t, p, v, kid)
		require.ErrorIs(t, err, webhook.ErrKeyUnavailable)
		require.ErrorIs(t, err, down)
		require.NotErrorIs(t, err, webhook.ErrInvalid)
		require.EqualError(t, err, `webhook: key "`+kid+`" cannot be fetched: down`)
	}
	require.Equal(t, 2, p.fetches())
	p.advance(10 * time.Second)
	require.ErrorIs(t, try(t, p, v, kid), webhook.ErrKeyUnavailable)
	require.Equal(t, 3, p.fetches())
	p.set(func() { p.failure = nil })
	p.advance(10 * time.Second)
	require.NoError(t, try(t, p, v, kid), "it recovers")
}

// Of more keys than are kept, the one fetched first is dropped; it is then fetched as any new one.
func TestKeysAreBounded(t *testing.T) {
	p, v := start(t, webhook.WithKeyMaxAge(24*time.Hour))
	for i := range 65 {
		name := fmt.Sprintf("key-%d", i)
		p.know(name)
		require.NoError(t, try(t, p, v, name))
		p.advance(4 * time.Minute)
	}
	require.Equal(t, 65, p.fetches())
	require.NoError(t, try(t, p, v, "key-64"))
	require.NoError(t, try(t, p, v, "key-1"))
	require.Equal(t, 65, p.fetches(), "64 are kept")
	require.NoError(t, try(t, p, v, "key-0"))
	require.Equal(t, 66, p.fetches(), "the oldest is not")
}

// A clock that is set back does not make a key last longer.
func TestClockSetBack(t *testing.T) {
	p, v := start(t)
	require.NoError(t, try(t, p, v, kid))
	p.advance(-time.Hour)
	require.NoError(t, try(t, p, v, kid))
	require.Equal(t, 2, p.fetches())
}
