package sandbox

import (
	"slices"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const (
	maxSessions = 100  // of a link token; the oldest go first
	maxEvents   = 1000 // of a session; those after OPEN go first
)

// session is one opening of Link with a token.
type session struct {
	link  *linkRecord
	shown gen.LinkTokenGetSessionsResponse // what /link/token/get shows
	visit *visit                           // where the user is on a page; nil where there is none

	handedOff int // Items whose HANDOFF is among the events
}

func (s *session) ended() bool { return !s.shown.FinishedAt.IsZero() }

// snapshot returns what is shown, safe from what happens later. Only the events grow.
func (s *session) snapshot() gen.LinkTokenGetSessionsResponse {
	shown := s.shown
	shown.Events = slices.Clone(shown.Events)
	return shown
}

// open begins a session of a token.
func (st *store) open(link *linkRecord) *session {
	s := &session{link: link}
	s.shown.LinkSessionID, s.shown.StartedAt = st.ids.uuid(), st.clock.now()
	if len(link.sessions) == maxSessions {
		if oldest := link.sessions[0]; !oldest.ended() {
			oldest.visit.leave() // so that the app hears of its end
		}
		link.sessions = link.sessions[1:]
	}
	link.sessions = append(link.sessions, s)
	st.addEvent(s, gen.LinkEvent{EventName: "OPEN", EventMetadata: gen.LinkEventMetadata{ViewName: viewNames[page.StepStart]}})
	return s
}

// addEvent fills in what every event has.
func (st *store) addEvent(s *session, event gen.LinkEvent) {
	if event.EventID == "" {
		event.EventID = st.ids.uuid()
	}
	if event.Timestamp == "" {
		event.Timestamp = st.clock.now().Format(time.RFC3339Nano)
	}
	if event.EventMetadata.RequestID == "" {
		event.EventMetadata.RequestID = st.ids.requestID()
	}
	if len(s.shown.Events) == maxEvents {
		s.shown.Events = slices.Delete(s.shown.Events, 1, 2)
	}
	s.shown.Events = append(s.shown.Events, event)
}

// end ends a session: with a success, or with the exit of the outcome. Its events are in the session already.
func (st *store) end(s *session, outcome Outcome) {
	s.shown.FinishedAt = st.clock.now()
	if outcome.Exit != nil {
		st.endWithExit(s, *outcome.Exit)
	} else {
		st.endWithItems(s, outcome.Items)
	}
	st.addClosingEvents(s)
	if s.visit != nil {
		s.visit.timer.Stop()
		st.visits.remove(s.shown.LinkSessionID)
	}
	st.sendWebhooks(s)
}
