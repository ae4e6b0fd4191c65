package sandbox

import "github.com/plaidlink/plaidlink-go/gen"

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
}

// endWithExit fills in how the user left, in the present form and in the deprecated one.
func (st *store) endWithExit(s *session, exit Exit) {
	metadata := &gen.LinkSessionExitMetadata{LinkSessionID: s.shown.LinkSessionID, RequestID: st.ids.requestID(), Status: exit.Status}
	if exit.Institution != nil {
		chosen := exit.Institution.withDefaults()
		metadata.Institution = &gen.LinkSessionExitMetadataInstitution{InstitutionID: chosen.ID, Name: chosen.Name}
	}
	s.shown.Exit = &gen.LinkSessionExit{Error: exit.Error, Metadata: metadata}
	s.shown.OnExit = &gen.LinkSessionExitDeprecated{Error: exit.Error, Metadata: metadata}
}

// addClosingEvents adds the EXIT of a session, or a HANDOFF for each Item that has none yet.
func (st *store) addClosingEvents(s *session) {
	if s.shown.Exit == nil {
		for _, added := range s.shown.Results.ItemAddResults[min(s.handedOff, len(s.shown.Results.ItemAddResults)):] {
			st.handOff(s, Institution{ID: added.Institution.InstitutionID, Name: added.Institution.Name})
		}
		return
	}
	metadata := gen.LinkEventMetadata{
		ExitStatus: string(s.shown.Exit.Metadata.Status),
		RequestID:  s.shown.Exit.Metadata.RequestID,
	}
	if chosen := s.shown.Exit.Metadata.Institution; chosen != nil {
		metadata.InstitutionID, metadata.InstitutionName = chosen.InstitutionID, chosen.Name
	}
	if err := s.shown.Exit.Error; err != nil {
		metadata.ErrorType, metadata.ErrorCode, metadata.ErrorMessage = string(err.ErrorType), err.ErrorCode, err.ErrorMessage
	}
	st.addEvent(s, gen.LinkEvent{EventName: "EXIT", EventMetadata: metadata})
}

// handOff adds the HANDOFF of an Item.
func (st *store) handOff(s *session, at Institution) {
	s.handedOff++
	st.addEvent(s, gen.LinkEvent{EventName: "HANDOFF", EventMetadata: gen.LinkEventMetadata{InstitutionID: at.ID, InstitutionName: at.Name}})
}
