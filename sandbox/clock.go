package sandbox

import (
	"sync"
	"time"
)

// WithTime sets what the clock shows at first; the default is the present. It goes on from there with real time.
func WithTime(start time.Time) Option {
	return func(s *Sandbox) { s.clock.start = start }
}

// Advance moves the clock on by d: tokens expire, sessions that nobody goes on with end, consent and logins
// of Items run out, and webhooks that are due are
// delivered, without waiting. A negative d moves it back.
func (s *Sandbox) Advance(d time.Duration) {
	s.clock.advance(d)
	s.mu.Lock()
	s.store.endAbandoned()
	s.store.ageItems()
	s.mu.Unlock()
	s.outbox.Wake()
}

// Now returns what the clock shows, in UTC and in milliseconds.
func (s *Sandbox) Now() time.Time { return s.clock.now() }

// clock goes with real time, from where it was set.
type clock struct {
	started time.Time // real

	mu    sync.Mutex
	start time.Time // what it showed at started
}

func newClock() *clock {
	now := time.Now()
	return &clock{start: now, started: now}
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start = c.start.Add(d)
}

// now is in milliseconds, so that a time in a response is the one that is compared with.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start.Add(time.Since(c.started)).UTC().Truncate(time.Millisecond)
}
