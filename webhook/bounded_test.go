package webhook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

type forgetful struct{}

func (forgetful) WebhookVerificationKeyGet(context.Context, gen.WebhookVerificationKeyGetRequest, ...plaidlink.CallOption) (*gen.WebhookVerificationKeyGetResponse, error) {
	return nil, plaidlink.CodeInvalidWebhookVerificationKeyID
}

// A stranger who is patient does not fill the memory. That cannot be seen from outside: what is dropped counts no more.
func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewVerifier(forgetful{}, WithKeyQuota(360)).keys
		for i := range maxWaiting + 1000 {
			for delivery := range 1 + i%(2*maxRank) { // some make up several deliveries for a name
				_, err := r.get(t.Context(), token{kid: fmt.Sprintf("made-up-%d", i), signed: fmt.Sprint(delivery)})
				require.Error(t, err)
			}
			synctest.Wait()
			time.Sleep(time.Second / 4)
		}
		require.Equal(t, maxVerdicts, len(r.verdicts))
		require.Zero(t, len(r.flights)+len(r.keys))
		require.LessOrEqual(t, len(r.waiting.keys), maxWaiting)
		require.Greater(t, len(r.waiting.keys), maxWaiting-10)
		ranked := 0
		for rank, list := range r.waiting.ranks {
			ranked += len(list)
			for at, c := range list {
				require.Same(t, c, r.waiting.keys[c.kid])
				require.Equal(t, at, c.at)
				require.Len(t, c.deliveries, rank)
			}
		}
		require.Equal(t, len(r.waiting.keys), ranked)
	})
}

// What was not named for a while no longer waits: a key of Plaid's need not be found among the names of an attack that is
// over.
func TestWhatIsNotNamedStopsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewVerifier(forgetful{}).keys
		for i := range 2000 {
			for delivery := range 1 + i%3 {
				_, err := r.get(t.Context(), token{kid: fmt.Sprintf("made-up-%d", i), signed: fmt.Sprint(delivery)})
				require.Error(t, err)
			}
		}
		require.Greater(t, len(r.waiting.keys), 1900)
		time.Sleep(waitsFor)
		r.mu.Lock()
		_, f, err := r.find(t.Context(), token{kid: "real", signed: "1"}, r.now())
		r.mu.Unlock()
		require.NoError(t, err, "the first webhook after it is fetched at once")
		require.Equal(t, "real", f.kid)
	})
}

// The lot is drawn among all that wait, not won by the one who asks at the right moment.
func TestLotIsAmongAllThatWait(t *testing.T) {
	drawn := map[string]int{}
	for seed := range uint64(200) {
		w := newWaiting(defaultPerHour, rand.New(rand.NewPCG(seed, 1)).IntN)
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		for i := range burst {
			require.Equal(t, fmt.Sprint("early ", i), w.choose(token{kid: fmt.Sprint("early ", i)}, now))
		}
		for i := range 9 {
			require.Empty(t, w.choose(token{kid: fmt.Sprint("waits ", i)}, now))
		}
		drawn[w.choose(token{kid: "asks"}, now.Add(pace))]++
	}
	require.Len(t, drawn, 10)
	for kid, n := range drawn {
		require.InDelta(t, 20, n, 15, kid)
	}
}
