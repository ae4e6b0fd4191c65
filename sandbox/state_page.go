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

// maxRows is how many rows a table of the page has.
const maxRows = 100

// statePage returns State for people.
func (s *Sandbox) statePage() page.State {
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
		if row.State == openToken {
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
	view.Items = newest(s.itemRows())
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

// shownRequest returns the request with a request_id, with its bodies; nil where there is none.
func (s *Sandbox) shownRequest(id string) *page.Request {
	for _, request := range s.Requests() {
		if request.RequestID == id {
			row := requestRow(request)
			row.Body, row.Response = indented(request.Body), indented(request.Response)
			return &row
		}
	}
	return nil
}

// indented returns JSON for people.
func indented(body string) string {
	value := jsontext.Value(body)
	_ = value.Indent(jsontext.WithIndent("  ")) // it stays as it is where it is not JSON
	return string(value)
}

// itemRows returns the Items that are linked, oldest first.
func (s *Sandbox) itemRows() (rows []page.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, item := range s.store.items.all() {
		row := page.Item{ID: item.id, Institution: item.linked.Institution.Name, State: "healthy", Healthy: item.failure == nil}
		if item.failure != nil {
			row.State = item.failure.ErrorCode
		}
		rows = append(rows, row)
	}
	return rows
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
	return openToken
}

// openToken is the condition of a link token that a user can finish.
const openToken = "open"

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
