package sandbox

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const (
	maxSessions = 100  // of a link token; the oldest go first
	maxEvents   = 1000 // of a session; those after OPEN go first
)

// session is one opening of Link with a token.
type session struct {
	link      *linkRecord
	id        string    // link_session_id
	finished  time.Time // zero while it goes on
	events    []event   // the first is OPEN, when it began
	handedOff int       // Items whose HANDOFF is among the events
	linked    []linkedItem
	exit      *gen.LinkSessionExit // nil without one
	visit     *visit               // where the user is on a page; nil where there is none
}

// linkedItem is an Item of a session, with what its user shared at the end.
type linkedItem struct {
	*itemRecord
	publicToken string
	accounts    []Account
}

// event is one of a session. What it has of its own follows from the seed, unless the common part has it.
type event struct {
	common *gen.LinkEvent
	at     int64 // in milliseconds since 1970, which the clock counts
	seed   [8]byte
}

func (e event) time() time.Time { return time.UnixMilli(e.at).UTC() }

func (e event) shown() gen.LinkEvent {
	shown, sum := *e.common, sha256.Sum256(e.seed[:])
	own := &ids{source: bytes.NewReader(sum[:])}
	shown.EventID = cmp.Or(shown.EventID, own.uuid())
	shown.EventMetadata.RequestID = cmp.Or(shown.EventMetadata.RequestID, own.requestID())
	shown.Timestamp = cmp.Or(shown.Timestamp, e.time().Format(time.RFC3339Nano))
	return shown
}

func (s *session) ended() bool { return !s.finished.IsZero() }

// open begins a session of a token.
func (st *store) open(link *linkRecord) *session {
	s := &session{link: link, id: st.ids.uuid()}
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

// addEvent adds an event, whose id, time and request_id are filled in.
func (st *store) addEvent(s *session, happened gen.LinkEvent) {
	form, _ := json.Marshal(happened, json.Deterministic(true), jsontext.AllowInvalidUTF8(true)) // which always encodes
	added := event{common: st.events.keep(string(form), func() *gen.LinkEvent { return &happened }), at: st.clock.now().UnixMilli()}
	st.ids.read(added.seed[:])
	if len(s.events) == maxEvents {
		s.events = slices.Delete(s.events, 1, 2)
	}
	s.events = append(s.events, added)
}

// end ends a session: with a success, or with the exit of the outcome. Its events are in the session already.
func (st *store) end(s *session, outcome Outcome) {
	s.finished = st.clock.now()
	if outcome.Exit != nil {
		st.endWithExit(s, *outcome.Exit)
	} else {
		st.endWithItems(s, outcome.Items)
	}
	if s.visit != nil {
		s.visit.timer.Stop()
		st.visits.remove(s.id)
		s.visit.offered, s.visit.chosen, s.visit.added = nil, nil, nil
	}
	st.sendWebhooks(s)
}

// endWithItems fills in what the user linked.
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
	for _, item := range items {
		s.linked = append(s.linked, linkedItem{item, st.newPublicToken(item), item.linked.Accounts})
	}
	for _, item := range items[min(s.handedOff, len(items)):] { // those that have no HANDOFF yet
		st.handOff(s, item.linked.Institution)
	}
}

// snapshot returns what /link/token/get shows, with results in the present form and in the deprecated one, which has the first
// Item only.
func (s *session) snapshot() gen.LinkTokenGetSessionsResponse {
	shown := gen.LinkTokenGetSessionsResponse{LinkSessionID: s.id, StartedAt: s.events[0].time(), FinishedAt: s.finished, Exit: s.exit}
	for _, event := range s.events {
		shown.Events = append(shown.Events, event.shown())
	}
	if s.exit != nil {
		shown.OnExit = &gen.LinkSessionExitDeprecated{Error: s.exit.Error, Metadata: s.exit.Metadata}
	}
	if s.linked == nil {
		return shown
	}
	shown.Results = &gen.LinkSessionResults{}
	for _, item := range s.linked {
		shown.Results.ItemAddResults = append(shown.Results.ItemAddResults, gen.LinkSessionItemAddResult{
			PublicToken: item.publicToken,
			Accounts:    item.accounts,
			Institution: &gen.LinkSessionSuccessMetadataInstitution{InstitutionID: item.linked.Institution.ID, Name: item.linked.Institution.Name},
		})
	}
	first := shown.Results.ItemAddResults[0]
	shown.OnSuccess = &gen.LinkSessionSuccess{
		PublicToken: first.PublicToken,
		Metadata:    &gen.LinkSessionSuccessMetadata{Institution: first.Institution, Accounts: first.Accounts, LinkSessionID: s.id},
	}
	return shown
}

// endWithExit fills in how the user left.
func (st *store) endWithExit(s *session, exit Exit) {
	metadata := &gen.LinkSessionExitMetadata{LinkSessionID: s.id, RequestID: st.ids.requestID(), Status: exit.Status}
	var at Institution
	if exit.Institution != nil {
		at = exit.Institution.withDefaults()
		metadata.Institution = &gen.LinkSessionExitMetadataInstitution{InstitutionID: at.ID, Name: at.Name}
	}
	s.exit = &gen.LinkSessionExit{Error: exit.Error, Metadata: metadata}
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
