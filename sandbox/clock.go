package sandbox

import (
	"sync/atomic"
	"time"
)

// WithTime sets what the clock shows at first; the default is the present. It goes on from there with real time.
func WithTime(start time.Time) Option {
	return func(s *Sandbox) { s.clock.ahead.Store(int64(time.Until(start))) }
}

// Advance moves the clock on by d: tokens expire, sessions that nobody goes on with end, consent and logins
// of Items run out, and webhooks that are due are
// delivered, without waiting. A negative d moves it back.
func (s *Sandbox) Advance(d time.Duration) {
	s.clock.ahead.Add(int64(d))
	s.mu.Lock()
	s.store.endAbandoned()
	s.store.ageItems()
	s.mu.Unlock()
	s.outbox.Wake()
}

// Now returns what the clock shows, in UTC and in milliseconds.
func (s *Sandbox) Now() time.Time { return s.clock.now() }

// clock is ahead of real time.
type clock struct{ ahead atomic.Int64 } // nanoseconds

// now is in milliseconds, so that a time in a response is the one that is compared with.
func (c *clock) now() time.Time {
	return time.Now().Add(time.Duration(c.ahead.Load())).UTC().Truncate(time.Millisecond)
}
