package retry

import (
	"sync"
	"time"
)

// What a retry costs, and what fills a budget. Tenths of a retry are whole tokens, so that ten responses are exactly one.
const (
	perRetry    = 10.0
	perResponse = 1.0 // for a response that shows the server well
)

// Budget bounds the retries of all calls of a client, so that an outage is not made worse by insisting. It starts full.
// It is safe for concurrent use.
type Budget struct {
	mu     sync.Mutex
	tokens float64
	max    float64
	every  time.Duration // in which one is added, so that a client with few calls is not stuck after an outage
	filled time.Time     // when that was last counted
}

// NewBudget returns a budget of at most max retries at once, and one more a second.
func NewBudget(max int) *Budget { return NewBudgetEvery(max, time.Second) }

// NewBudgetEvery returns a budget of at most max at once, and one more each time every has passed.
func NewBudgetEvery(max int, every time.Duration) *Budget {
	return &Budget{tokens: perRetry * float64(max), max: perRetry * float64(max), every: every}
}

// Take takes one retry, and reports whether there was one.
func (b *Budget) Take(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.filled.IsZero() {
		if passed := now.Sub(b.filled); passed > 0 {
			b.tokens = min(b.max, b.tokens+perRetry*float64(passed)/float64(b.every))
		}
	}
	b.filled = now
	if b.tokens < perRetry {
		return false
	}
	b.tokens -= perRetry
	return true
}

// Responded notes a response that shows the server well.
func (b *Budget) Responded() {
	b.mu.Lock()
	b.tokens = min(b.max, b.tokens+perResponse)
	b.mu.Unlock()
}
