package sandbox

import "github.com/plaidlink/plaidlink-go/gen"

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
	if exit.Institution != nil {
		chosen := exit.Institution.withDefaults()
		metadata.Institution = &gen.LinkSessionExitMetadataInstitution{InstitutionID: chosen.ID, Name: chosen.Name}
	}
	s.exit = &gen.LinkSessionExit{Error: exit.Error, Metadata: metadata}
}

// addClosingEvents adds the EXIT of a session, or a HANDOFF for each Item that has none yet.
func (st *store) addClosingEvents(s *session) {
	if s.exit == nil {
		for _, added := range s.linked[min(s.handedOff, len(s.linked)):] {
			st.handOff(s, added.linked.Institution)
		}
		return
	}
	metadata := gen.LinkEventMetadata{
		ExitStatus: string(s.exit.Metadata.Status),
		RequestID:  s.exit.Metadata.RequestID,
	}
	if chosen := s.exit.Metadata.Institution; chosen != nil {
		metadata.InstitutionID, metadata.InstitutionName = chosen.InstitutionID, chosen.Name
	}
	if err := s.exit.Error; err != nil {
		metadata.ErrorType, metadata.ErrorCode, metadata.ErrorMessage = string(err.ErrorType), err.ErrorCode, err.ErrorMessage
	}
	st.addEvent(s, gen.LinkEvent{EventName: "EXIT", EventMetadata: metadata})
}

// handOff adds the HANDOFF of an Item.
func (st *store) handOff(s *session, at Institution) {
	s.handedOff++
	st.addEvent(s, gen.LinkEvent{EventName: "HANDOFF", EventMetadata: gen.LinkEventMetadata{InstitutionID: at.ID, InstitutionName: at.Name}})
}
