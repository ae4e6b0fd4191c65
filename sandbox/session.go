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
	if s.visit != nil {
		s.visit.timer.Stop()
		st.visits.remove(s.shown.LinkSessionID)
	}
	st.sendWebhooks(s)
}

// endWithItems fills in what the user linked, in the present form and in the deprecated one, which has the first Item only.
func (st *store) endWithItems(s *session, linked []Item) {
	var items []*itemRecord
	if len(s.link.updates) > 0 {
		items = st.update(s.link, linked)
	} else {
		if len(linked) == 0 {
			linked = []Item{{}}
		}
		for _, one := range linked {
			items = append(items, st.newItem(one, s.link.origin))
		}
		s.link.succeeded = true
	}
	results := &gen.LinkSessionResults{}
	for _, item := range items {
		results.ItemAddResults = append(results.ItemAddResults, gen.LinkSessionItemAddResult{
			PublicToken: st.newPublicToken(item),
			Accounts:    item.linked.Accounts,
			Institution: &gen.LinkSessionSuccessMetadataInstitution{
				InstitutionID: item.linked.Institution.ID,
				Name:          item.linked.Institution.Name,
			},
		})
	}
	first := results.ItemAddResults[0]
	s.shown.Results = results
	s.shown.OnSuccess = &gen.LinkSessionSuccess{
		PublicToken: first.PublicToken,
		Metadata: &gen.LinkSessionSuccessMetadata{
			Institution:   first.Institution,
			Accounts:      first.Accounts,
			LinkSessionID: s.shown.LinkSessionID,
		},
	}
	for _, item := range items[min(s.handedOff, len(items)):] { // those that have no HANDOFF yet
		st.handOff(s, item.linked.Institution)
	}
}

// endWithExit fills in how the user left, in the present form and in the deprecated one.
func (st *store) endWithExit(s *session, exit Exit) {
	metadata := &gen.LinkSessionExitMetadata{LinkSessionID: s.shown.LinkSessionID, RequestID: st.ids.requestID(), Status: exit.Status}
	var at Institution
	if exit.Institution != nil {
		at = exit.Institution.withDefaults()
		metadata.Institution = &gen.LinkSessionExitMetadataInstitution{InstitutionID: at.ID, Name: at.Name}
	}
	s.shown.Exit = &gen.LinkSessionExit{Error: exit.Error, Metadata: metadata}
	s.shown.OnExit = &gen.LinkSessionExitDeprecated{Error: exit.Error, Metadata: metadata}
	failure := orZero(exit.Error)
	st.addEvent(s, gen.LinkEvent{EventName: "EXIT", EventMetadata: gen.LinkEventMetadata{
		ExitStatus: string(exit.Status), RequestID: metadata.RequestID,
		InstitutionID: at.ID, InstitutionName: at.Name,
		ErrorType: string(failure.ErrorType), ErrorCode: failure.ErrorCode, ErrorMessage: failure.ErrorMessage,
	}})
}

// handOff adds the HANDOFF of an Item.
func (st *store) handOff(s *session, at Institution) {
	s.handedOff++
	st.addEvent(s, gen.LinkEvent{EventName: "HANDOFF", EventMetadata: gen.LinkEventMetadata{InstitutionID: at.ID, InstitutionName: at.Name}})
}
