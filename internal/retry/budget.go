package retry

import (
	"sync"
	"time"
)

// What a repeat costs, and what fills a budget. Tenths of a repeat are whole tokens, so that ten answers are exactly one.
const (
	perRepeat = 10.0
	perAnswer = 1.0 // for an answer that shows the server well
)

// Budget bounds the repeats of all calls of a client, so that an outage is not made worse by insisting. It starts full.
// It is safe for concurrent use.
type Budget struct {
	mu     sync.Mutex
	tokens float64
	max    float64
	every  time.Duration // in which one is added, so that a client with few calls is not stuck after an outage
	filled time.Time     // when that was last counted
}

// NewBudget makes a budget of at most max repeats at once, and one more a second.
func NewBudget(max int) *Budget { return NewBudgetEvery(max, time.Second) }

// NewBudgetEvery makes a budget of at most max at once, and one more each time every has passed.
func NewBudgetEvery(max int, every time.Duration) *Budget {
	return &Budget{tokens: perRepeat * float64(max), max: perRepeat * float64(max), every: every}
}

// Take asks for one repeat.
func (b *Budget) Take(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.filled.IsZero() {
		if passed := now.Sub(b.filled); passed > 0 {
			b.tokens = min(b.max, b.tokens+perRepeat*float64(passed)/float64(b.every))
		}
	}
	b.filled = now
	if b.tokens < perRepeat {
		return false
	}
	b.tokens -= perRepeat
	return true
}

// Answered notes an answer that shows the server well.
func (b *Budget) Answered() {
	b.mu.Lock()
	b.tokens = min(b.max, b.tokens+perAnswer)
	b.mu.Unlock()
}
