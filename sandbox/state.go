package sandbox

import (
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
)

// maxListed is how many link tokens State lists.
const maxListed = 1000

// State is what a sandbox holds, for tests and for a look from outside: GET /_sandbox/state returns it as JSON, GET
// /_sandbox/ as a page.
type State struct {
	Time         time.Time   `json:"time"`           // of the sandbox's clock
	LinkTokens   []LinkToken `json:"link_tokens"`    // the last 1000, oldest first
	Requests     []Request   `json:"requests"`       // see Sandbox.Requests
	Deliveries   []Delivery  `json:"deliveries"`     // see Sandbox.Deliveries
	WebhookKeyID string      `json:"webhook_key_id"` // of the key that signs webhooks now
	PublicTokens int         `json:"public_tokens"`  // kept, exchanged and expired ones too
	Items        int         `json:"items"`          // whose public token was exchanged, without removed ones

	LinkTokenCount      int                  `json:"link_token_count"`     // of all that are kept
	QueuedFaults        map[string]int       `json:"queued_faults"`        // by operationId
	RateLimits          map[string]RateLimit `json:"rate_limits"`          // by operationId
	LatencyMilliseconds int64                `json:"latency_milliseconds"` // see Sandbox.SetLatency
}

// RateLimit is one that [Sandbox.LimitRate] set.
type RateLimit struct {
	Requests int     `json:"requests"` // served in a period
	Seconds  float64 `json:"seconds"`  // of the period
	Used     int     `json:"used"`     // requests served in the present period, or in the last one
}

// LinkToken is one that was created.
type LinkToken struct {
	LinkToken     string                             `json:"link_token"`      // the whole one
	HostedLinkURL string                             `json:"hosted_link_url"` // empty without hosted_link
	ClientName    string                             `json:"client_name"`     // of the request
	CreatedAt     time.Time                          `json:"created_at"`      // by the sandbox's clock
	Expiration    time.Time                          `json:"expiration"`      // by the sandbox's clock
	UsedUp        bool                               `json:"used_up"`         // by a session that succeeded
	Sessions      []gen.LinkTokenGetSessionsResponse `json:"sessions"`        // oldest first; running ones have no finished_at
}

// State returns a copy of what the sandbox holds; what its sessions point to must not be changed. The secret is not in it,
// nor is an access token: a test gets that by an exchange.
func (s *Sandbox) State() State {
	requests, deliveries := s.Requests(), s.Deliveries()
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.store
	links := st.linkTokens.all()
	state := State{
		Time:         s.clock.now(),
		Requests:     requests,
		Deliveries:   deliveries,
		WebhookKeyID: s.WebhookKeyID(),
		PublicTokens: len(st.publicTokens.values),
		Items:        len(st.items.values),

		LinkTokenCount:      len(links),
		QueuedFaults:        map[string]int{},
		RateLimits:          map[string]RateLimit{},
		LatencyMilliseconds: st.latency.Milliseconds(),
	}
	for operation, queue := range st.faults {
		state.QueuedFaults[operation] = len(queue)
	}
	for operation, limit := range st.limits {
		state.RateLimits[operation] = limit.RateLimit
	}
	for _, link := range links[max(0, len(links)-maxListed):] {
		state.LinkTokens = append(state.LinkTokens, LinkToken{
			LinkToken:     link.token,
			HostedLinkURL: link.hostedURL(),
			ClientName:    link.clientName(),
			CreatedAt:     link.created(),
			Expiration:    link.expires(),
			UsedUp:        link.succeeded,
			Sessions:      link.snapshots(),
		})
	}
	return state
}
