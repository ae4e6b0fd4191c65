package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
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

	items []page.Item // for the page, oldest first
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
	for _, item := range st.items.all() {
		condition := cmp.Or(orZero(item.failure).ErrorCode, "healthy")
		state.items = append(state.items, page.Item{ID: item.id, Institution: item.linked.Institution.Name, State: condition, Healthy: item.failure == nil})
	}
	return state
}

// maxRows is how many rows a table of the page has.
const maxRows = 100

// statePage returns State for people, with the bodies of the request that has a request_id; an empty one shows none.
func (s *Sandbox) statePage(requestID string) page.State {
	state := s.State()
	view := page.State{
		Now: state.Time.Format(time.DateTime + " MST"),
		Counts: []page.Count{
			{Label: "link tokens", Number: state.LinkTokenCount},
			{Label: "public tokens", Number: state.PublicTokens},
			{Label: "Items", Number: state.Items},
			{Label: "webhooks", Number: len(state.Deliveries)},
			{Label: "requests", Number: len(state.Requests)},
		},
		Items:      newest(state.items),
		Deliveries: newest(s.outbox.Deliveries()),
		Settings:   state.settings(),
	}
	for _, token := range newest(state.LinkTokens) {
		row := page.LinkToken{
			Token:    beginning(token.LinkToken),
			Created:  page.Time(token.CreatedAt),
			Expires:  page.Time(token.Expiration),
			State:    token.condition(state.Time),
			Sessions: len(token.Sessions),
		}
		if row.State == "open" {
			row.Whole, row.Link = token.LinkToken, token.HostedLinkURL
		}
		view.LinkTokens = append(view.LinkTokens, row)
		for _, session := range newest(token.Sessions) {
			view.Sessions = append(view.Sessions, sessionRow(session))
		}
	}
	view.Sessions = view.Sessions[:min(len(view.Sessions), maxRows)]
	seen := map[string]bool{}
	for _, request := range newest(state.Requests) {
		row := requestRow(request)
		row.Older = seen[row.Operation]
		seen[row.Operation] = true
		view.Requests = append(view.Requests, row)
	}
	if at := slices.IndexFunc(state.Requests, func(r Request) bool { return r.RequestID == requestID }); at >= 0 && requestID != "" {
		row := requestRow(state.Requests[at])
		row.Body, row.Response = indented(state.Requests[at].Body), indented(state.Requests[at].Response)
		view.Shown = &row
	}
	return view
}

func requestRow(request Request) page.Request {
	return page.Request{
		Time:      page.Time(request.Time),
		Operation: cmp.Or(request.Operation, request.Path),
		Status:    request.Status,
		Code:      request.ErrorCode,
		ID:        request.RequestID,
	}
}

// indented returns JSON for people.
func indented(body string) string {
	value := jsontext.Value(body)
	_ = value.Indent(jsontext.WithIndent("  ")) // it stays as it is where it is not JSON
	return string(value)
}

// settings returns those that differ from the default.
func (s State) settings() (settings []page.Setting) {
	add := func(name, format string, values ...any) {
		settings = append(settings, page.Setting{Name: name, Value: fmt.Sprintf(format, values...)})
	}
	if s.LatencyMilliseconds > 0 {
		add("latency", "%d ms", s.LatencyMilliseconds)
	}
	for _, operation := range slices.Sorted(maps.Keys(s.RateLimits)) {
		add("rate limit of "+operation, "%d in %g s", s.RateLimits[operation].Requests, s.RateLimits[operation].Seconds)
	}
	for _, operation := range slices.Sorted(maps.Keys(s.QueuedFaults)) {
		add("queued faults of "+operation, "%d", s.QueuedFaults[operation])
	}
	return settings
}

// newest returns the last rows, in the order of the page.
func newest[T any](all []T) []T {
	rows := slices.Clone(all[max(0, len(all)-maxRows):])
	slices.Reverse(rows)
	return rows
}

// beginning returns the beginning of a token, which tells tokens apart and opens nothing.
func beginning(token string) string { return token[:min(len(token), 21)] + "…" }

// condition returns what a link token is good for.
func (t LinkToken) condition(now time.Time) string {
	switch {
	case t.UsedUp:
		return "used up"
	case !now.Before(t.Expiration):
		return "expired"
	}
	return "open"
}

func sessionRow(session gen.LinkTokenGetSessionsResponse) page.Session {
	row := page.Session{ID: session.LinkSessionID, Status: "open", Events: len(session.Events)}
	for _, event := range session.Events {
		row.Institution = cmp.Or(event.EventMetadata.InstitutionName, row.Institution)
	}
	switch {
	case session.Exit != nil:
		row.Status = "EXITED"
	case session.Results != nil:
		row.Status = "SUCCESS"
	}
	return row
}
