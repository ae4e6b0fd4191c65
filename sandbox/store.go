package sandbox

import (
	"net/http"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
)

const (
	maxKept     = 50_000           // link tokens, public tokens, Items, users and profiles, of each; the oldest go first
	keptExpired = 6 * time.Hour    // how long a session is kept after its end, and a token after it expired
	maxRunning  = 10_000           // sessions on hosted pages at a time; the oldest are abandoned
	abandonment = 10 * time.Minute // a session on a hosted page ends when nobody goes on with it
)

// store is what a sandbox remembers. Sandbox.mu guards it: neither its methods nor those of what it holds lock anything.
type store struct {
	*services
	afterFunc func(time.Duration, func()) *time.Timer // runs a function with the lock held

	linkTokens     *shelf[*linkRecord]
	linkRequests   interned[linkRequest]
	events         interned[gen.LinkEvent]
	linksByPage    map[string]*linkRecord // by pageID
	correlationIDs map[string]*linkRecord
	visits         *shelf[*visit] // that go on, by link_session_id
	publicTokens   *shelf[*publicToken]
	items          *shelf[*itemRecord]    // whose public token was exchanged, until they are removed, by item_id
	accessTokens   *shelf[*itemRecord]    // present ones and replaced ones
	users          *shelf[*userRecord]    // by user_id, or by user_token in the older API
	clientUsers    map[string]*userRecord // those of users, by client_user_id
	profiles       *shelf[bool]           // by phone number

	choices     Choices
	legacyUsers bool

	handlers map[string]http.Handler // of Handle, by path

	faults  map[string][]Fault // queued, by operationId, or by path where there is a handler
	limits  map[string]*rateWindow
	latency time.Duration

	requests      []*Request
	requestsBytes int

	stopped bool // whether no timer is set any more
}

func newStore(s *services, afterFunc func(time.Duration, func()) *time.Timer) *store {
	st := &store{
		services:       s,
		afterFunc:      afterFunc,
		linkRequests:   interned[linkRequest]{},
		events:         interned[gen.LinkEvent]{},
		linksByPage:    map[string]*linkRecord{},
		correlationIDs: map[string]*linkRecord{},
		publicTokens:   newShelf(maxKept, func(t *publicToken) bool { return t.stale(s.clock.now()) }, nil),
		accessTokens:   newShelf[*itemRecord](2*maxKept, nil, nil),
		clientUsers:    map[string]*userRecord{},
		profiles:       newShelf[bool](maxKept, nil, nil),
		visits:         newShelf(maxRunning, nil, func(v *visit) { v.leave() }),
		handlers:       map[string]http.Handler{},
		faults:         map[string][]Fault{},
		limits:         map[string]*rateWindow{},
	}
	st.items = newShelf(maxKept, nil, func(item *itemRecord) { st.accessTokens.remove(item.accessToken) })
	st.users = newShelf(maxKept, nil, func(u *userRecord) { delete(st.clientUsers, u.clientUserID) })
	st.linkTokens = newShelf(maxKept, func(link *linkRecord) bool { return link.stale(s.clock.now()) }, func(link *linkRecord) {
		delete(st.linksByPage, link.pageID)
		delete(st.correlationIDs, link.correlationID)
	})
	return st
}

// fewest is how many values a shelf takes at least before it looks for stale ones.
const fewest = 1024

// shelf keeps values by key and does not grow without end: stale values go now and then, the oldest when it is full.
type shelf[V any] struct {
	max     int
	stale   func(V) bool // nil where nothing ever is
	onEvict func(V)      // called with each value that went by itself, after it went; may be nil

	values    map[string]V
	order     []string // keys as they were put, oldest first; some may be gone
	untilLook int      // puts until stale values are looked for
}

func newShelf[V any](max int, stale func(V) bool, onEvict func(V)) *shelf[V] {
	return &shelf[V]{max: max, stale: stale, onEvict: onEvict, values: map[string]V{}, untilLook: fewest}
}

func (s *shelf[V]) put(key string, value V) {
	if s.untilLook--; s.untilLook < 0 {
		s.sweep()
	}
	if _, known := s.values[key]; !known {
		for len(s.values) >= s.max {
			oldest := s.order[0]
			s.order = s.order[1:]
			s.evict(oldest)
		}
		s.order = append(s.order, key)
	}
	s.values[key] = value
}

// evict lets a value go, where it is there.
func (s *shelf[V]) evict(key string) {
	value, ok := s.values[key]
	delete(s.values, key)
	if ok && s.onEvict != nil {
		s.onEvict(value)
	}
}

// remove takes a value away without a call of onEvict.
func (s *shelf[V]) remove(key string) { delete(s.values, key) }

// sweep evicts the stale values, and forgets the keys that are gone.
func (s *shelf[V]) sweep() {
	var left []string
	for _, key := range s.order {
		value, ok := s.values[key]
		switch {
		case !ok:
		case s.stale != nil && s.stale(value):
			s.evict(key)
		default:
			left = append(left, key)
		}
	}
	s.order = left
	s.untilLook = max(fewest, len(left)) // so that a put bears the cost of one look
}

// all returns every value, oldest first.
func (s *shelf[V]) all() []V {
	var all []V
	for _, key := range s.order {
		if value, ok := s.values[key]; ok {
			all = append(all, value)
		}
	}
	return all
}
