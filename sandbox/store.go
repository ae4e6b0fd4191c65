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
