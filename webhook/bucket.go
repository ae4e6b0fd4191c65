package webhook

import "time"

// How many fetches kids that are not known may cost: this many at once, and one more each time unknownEvery has passed.
const (
	maxUnknown   = 10
	unknownEvery = 10 * time.Second
)

// bucket is a token bucket. It is guarded by the keyring.
type bucket struct {
	tokens float64
	filled time.Time
}

func (b *bucket) take(now time.Time) bool {
	if passed := now.Sub(b.filled); !b.filled.IsZero() && passed > 0 {
		b.tokens = min(maxUnknown, b.tokens+passed.Seconds()/unknownEvery.Seconds())
	}
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
