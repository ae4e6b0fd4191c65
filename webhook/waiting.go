package webhook

import (
	"hash/maphash"
	"slices"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// Bounds of what unknown keys cost.
const (
	defaultPerHour = 60               // fetches
	burst          = 5                // fetches at once, of each half
	pace           = 20 * time.Second // between those that follow
	maxWaiting     = 4096             // keys that wait, below 2 MB
	maxRank        = 8                // different deliveries of a key that count
	waitsFor       = 15 * time.Minute // since the key was last named
	crowdedFor     = 10 * time.Minute // since a webhook was turned away
)

// waiting chooses which of the unknown keys is fetched. Anyone can name a key, so fetches have a quota, and are spent with
// no regard to whose webhook is there at the moment. Half go by rank, to a key that the most deliveries named: a stranger
// who makes up a new name each time has none that ranks. Half go by lot among all that wait: a stranger who repeats a few
// names has few lots.
type waiting struct {
	intN   func(int) int // a random number below n
	seed   maphash.Seed
	byRank half
	byLot  half

	keys  map[string]*candidate
	ranks [maxRank + 1][]*candidate // the same keys, by rank

	turnedAway time.Time // when a webhook was last turned away
	reported   time.Time // when that was last reported
}

// half is one half of the quota: a burst, then one fetch after the other while there is a reserve, then what refills it.
// That is at most the quota an hour beyond the bursts, and most of it at the beginning, when it helps.
type half struct{ pace, reserve *retry.Budget }

func newHalf(perHour int) half {
	return half{
		pace:    retry.NewBudgetEvery(burst, pace),
		reserve: retry.NewBudgetEvery(perHour*3/10, 4*time.Hour/time.Duration(perHour)),
	}
}

func (h half) take(now time.Time) bool { return h.pace.Take(now) && h.reserve.Take(now) }

// candidate is a key that waits.
type candidate struct {
	kid        string
	deliveries []uint64 // hashes of those that named it; their number is its rank
	at         int      // its place in the list of its rank
	named      time.Time
}

func newWaiting(perHour int, intN func(int) int) *waiting {
	return &waiting{
		intN: intN, seed: maphash.MakeSeed(), keys: map[string]*candidate{},
		byRank: newHalf(perHour), byLot: newHalf(perHour),
	}
}

// choose notes that a delivery names an unknown key, and returns the key to fetch now: this one, another, or none.
func (w *waiting) choose(t token, now time.Time) (kid string) {
	w.note(t.kid, maphash.String(w.seed, t.signed), now)
	c := w.highest(now)
	if c == nil || !w.byRank.take(now) {
		if !w.byLot.take(now) {
			w.turnedAway = now
			return ""
		}
		c = w.anyone(now)
	}
	w.remove(c)
	if c.kid != t.kid {
		w.turnedAway = now
	}
	return c.kid
}

// note makes room for a new key by dropping any other: which one, no stranger can choose.
func (w *waiting) note(kid string, delivery uint64, now time.Time) {
	c := w.keys[kid]
	switch {
	case c == nil:
		if len(w.keys) >= maxWaiting {
			w.remove(w.drawn())
		}
		c = &candidate{kid: kid}
	case len(c.deliveries) == maxRank || slices.Contains(c.deliveries, delivery):
		c.named = now
		return
	default:
		w.remove(c)
	}
	c.named, c.deliveries = now, append(c.deliveries, delivery)
	w.keys[kid] = c
	rank := &w.ranks[len(c.deliveries)]
	c.at = len(*rank)
	*rank = append(*rank, c)
}

func (w *waiting) remove(c *candidate) {
	delete(w.keys, c.kid)
	rank := w.ranks[len(c.deliveries)]
	last := len(rank) - 1
	rank[c.at], rank[last].at = rank[last], c.at
	rank[last] = nil
	w.ranks[len(c.deliveries)] = rank[:last]
}

// highest returns one of those with the highest rank, if that is more than one delivery.
func (w *waiting) highest(now time.Time) *candidate {
	for rank := maxRank; rank > 1; rank-- {
		for len(w.ranks[rank]) > 0 {
			c := w.ranks[rank][w.intN(len(w.ranks[rank]))]
			if now.Sub(c.named) < waitsFor {
				return c
			}
			w.remove(c)
		}
	}
	return nil
}

// anyone returns one of those that wait. The one that was named just now does.
func (w *waiting) anyone(now time.Time) *candidate {
	c := w.drawn()
	for now.Sub(c.named) >= waitsFor {
		w.remove(c)
		c = w.drawn()
	}
	return c
}

func (w *waiting) drawn() *candidate {
	n := w.intN(len(w.keys))
	for _, rank := range w.ranks {
		if n < len(rank) {
			return rank[n]
		}
		n -= len(rank)
	}
	return nil // not reached: ranks and keys have the same keys
}

// crowded reports whether webhooks were turned away lately.
func (w *waiting) crowded(now time.Time) bool {
	return !w.turnedAway.IsZero() && now.Sub(w.turnedAway) < crowdedFor
}

// report is true when a log should have it that webhooks are turned away: once in crowdedFor.
func (w *waiting) report(now time.Time) bool {
	if !w.turnedAway.After(w.reported) || !w.reported.IsZero() && now.Sub(w.reported) < crowdedFor {
		return false
	}
	w.reported = now
	return true
}
