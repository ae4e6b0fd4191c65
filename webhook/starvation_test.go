package webhook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// endpoint knows one key, and counts how often it was asked.
type endpoint struct{ asked atomic.Int64 }

func (e *endpoint) WebhookVerificationKeyGet(_ context.Context, req gen.WebhookVerificationKeyGetRequest, _ ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	e.asked.Add(1)
	if req.KeyID != "real" {
		return nil, plaidlink.CodeInvalidWebhookVerificationKeyID
	}
	const x, y = "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU" // P-256's base point
	return &gen.WebhookVerificationKeyGetResponse{Key: gen.JWKPublicKey{Kid: "real", Kty: "EC", Crv: "P-256", Alg: "ES256", Use: "sig", X: x, Y: y}}, nil
}

// stranger returns the name and the delivery of the request i.
type stranger func(i int) (kid, delivery string)

func spreads(each int) stranger {
	return func(i int) (string, string) { return fmt.Sprint("made-up ", i/each), fmt.Sprint(i) }
}

func concentrates(names int) stranger {
	return func(i int) (string, string) { return fmt.Sprint("made-up ", i%names), fmt.Sprint(i) }
}

// schedule returns when Plaid sends the webhook n.
type schedule func(n int) time.Duration

// scattered has a webhook at some time in each minute; sharp has them 60 s apart, to the nanosecond.
func scattered(random *rand.Rand) schedule {
	return func(n int) time.Duration {
		return time.Duration(n)*time.Minute + time.Duration(random.Int64N(int64(time.Minute)))
	}
}

func sharp(random *rand.Rand) schedule {
	first := time.Duration(random.Int64N(int64(time.Minute)))
	return func(n int) time.Duration { return first + time.Duration(n)*time.Minute }
}

// simulate starts a verifier to which a stranger sends perSecond requests at once, and Plaid a webhook a minute after quiet.
// It returns when the first of Plaid's was accepted, and how often keys were fetched within the first hour; it ends at
// until, or where that is 0, with the first.
func simulate(t *testing.T, seed uint64, send stranger, perSecond int, plaid func(*rand.Rand) schedule, quiet, until time.Duration) (accepted time.Duration, fetches int) {
	random := rand.New(rand.NewPCG(seed, 1))
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	now := start
	source := &endpoint{}
	r := NewVerifier(source, WithClock(func() time.Time { return now })).keys
	r.waiting.intN = random.IntN
	get := func(at time.Duration, kid, delivery string) error {
		now = start.Add(at)
		_, err := r.get(t.Context(), token{kid: kid, signed: delivery})
		r.mu.Lock()
		flies := len(r.flights) > 0
		r.mu.Unlock()
		if flies {
			synctest.Wait() // a fetch of another key than the request's
		}
		if at < time.Hour {
			fetches = int(source.asked.Load())
		}
		return err
	}
	phase, webhooks := time.Duration(random.Int64N(int64(time.Second))), plaid(random)
	next, n := quiet+webhooks(0), 0
	for i := 0; ; i++ {
		at := (time.Duration(i)*time.Second + phase) / time.Duration(perSecond)
		for ; next <= at; next = quiet + webhooks(n) {
			err := get(next, "real", fmt.Sprint("real ", n))
			if accepted != 0 {
				require.NoError(t, err, "what is known stays known")
			} else if err == nil {
				accepted = next
			}
			n++
		}
		if until != 0 && at >= until || until == 0 && accepted != 0 {
			return accepted - quiet, fetches
		}
		kid, delivery := send(i)
		if get(at, kid, delivery) == nil {
			t.Fatal("a made-up key was accepted")
		}
	}
}

// Strangers who name keys that do not exist, from the moment that the verifier starts, do not keep Plaid's key out, whether
// they spread over many names or concentrate on a few.
func TestStrangersDoNotKeepTheKeyOut(t *testing.T) {
	for _, s := range []struct {
		name string
		send stranger
	}{
		{"spreads over new names", spreads(1)},
		{"concentrates on 3 names", concentrates(3)},
		{"concentrates on 10 names", concentrates(10)},
		{"concentrates on 20 names", concentrates(20)},
	} {
		for _, rate := range []int{1, 5, 20} {
			for _, plaid := range []struct {
				name string
				when func(*rand.Rand) schedule
			}{{"scattered", scattered}, {"sharp", sharp}} {
				synctest.Test(t, func(t *testing.T) {
					times := make([]time.Duration, 100)
					for seed := range times {
						times[seed], _ = simulate(t, uint64(seed), s.send, rate, plaid.when, 0, 0)
					}
					slices.Sort(times)
					median, worst := times[len(times)/2], times[len(times)-1]
					_, fetches := simulate(t, 0, s.send, rate, plaid.when, 0, time.Hour)
					t.Attr("got", fmt.Sprintf("%s, %d a second, webhooks %s: median=%s worst=%s fetches=%d", s.name, rate, plaid.name, median.Round(time.Second), worst.Round(time.Second), fetches))
					require.LessOrEqual(t, median, 3*time.Minute)
					require.LessOrEqual(t, worst, 10*time.Minute)
					require.LessOrEqual(t, fetches, 10+60)
				})
			}
		}
	}
}

// When Plaid changes its key after an hour of made-up names, the new one gets in as well.
func TestStrangersDoNotKeepANewKeyOut(t *testing.T) {
	for name, send := range map[string]stranger{"spreads": spreads(1), "concentrates": concentrates(10)} {
		synctest.Test(t, func(t *testing.T) {
			worst := time.Duration(0)
			for seed := range uint64(2) {
				accepted, _ := simulate(t, seed, send, 20, scattered, time.Hour, 0)
				worst = max(worst, accepted)
			}
			t.Attr("got", fmt.Sprintf("a new key, and a stranger who %s: worst=%s", name, worst.Round(time.Second)))
			require.LessOrEqual(t, worst, 10*time.Minute)
		})
	}
}
