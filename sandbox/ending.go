package sandbox

import "github.com/plaidlink/plaidlink-go/gen"

// succeed fills in what the user linked, in the present form and in the deprecated one, which has the first Item only.
func (s *Sandbox) succeed(session *linkSession, linked []Item) {
	items := session.token.updates
	if len(items) == 0 && len(linked) == 0 {
		linked = []Item{{}}
	}
	for _, one := range linked {
		items = append(items, s.newItem(one))
	}
	results := &gen.LinkSessionResults{}
	for _, one := range items {
		results.ItemAddResults = append(results.ItemAddResults, gen.LinkSessionItemAddResult{
			PublicToken: s.newPublicToken(one),
			Accounts:    one.linked.Accounts,
			Institution: &gen.LinkSessionSuccessMetadataInstitution{
				InstitutionID: one.linked.Institution.ID,
				Name:          one.linked.Institution.Name,
			},
		})
	}
	first := results.ItemAddResults[0]
	session.shown.Results = results
	session.shown.OnSuccess = &gen.LinkSessionSuccess{
		PublicToken: first.PublicToken,
		Metadata: &gen.LinkSessionSuccessMetadata{
			Institution:   first.Institution,
			Accounts:      first.Accounts,
			LinkSessionID: session.shown.LinkSessionID,
		},
	}
	session.token.succeeded = true
}

// exit is how the user left a session, in the present form and in the deprecated one.
func (s *Sandbox) exit(sessionID string, how Exit) (*gen.LinkSessionExit, *gen.LinkSessionExitDeprecated) {
	metadata := &gen.LinkSessionExitMetadata{LinkSessionID: sessionID, RequestID: s.ids.requestID(), Status: how.Status}
	if how.Institution != nil {
		chosen := how.Institution.withDefaults()
		metadata.Institution = &gen.LinkSessionExitMetadataInstitution{InstitutionID: chosen.ID, Name: chosen.Name}
	}
	return &gen.LinkSessionExit{Error: how.Error, Metadata: metadata},
		&gen.LinkSessionExitDeprecated{Error: how.Error, Metadata: metadata}
}

// closingEvent is the HANDOFF or the EXIT of a session.
func closingEvent(shown gen.LinkTokenGetSessionsResponse) gen.LinkEvent {
	if shown.Exit == nil {
		institution := shown.Results.ItemAddResults[0].Institution
		return gen.LinkEvent{EventName: "HANDOFF", EventMetadata: gen.LinkEventMetadata{
			InstitutionID:   institution.InstitutionID,
			InstitutionName: institution.Name,
		}}
	}
	metadata := gen.LinkEventMetadata{
		ExitStatus: string(shown.Exit.Metadata.Status),
		RequestID:  shown.Exit.Metadata.RequestID,
	}
	if chosen := shown.Exit.Metadata.Institution; chosen != nil {
		metadata.InstitutionID, metadata.InstitutionName = chosen.InstitutionID, chosen.Name
	}
	if err := shown.Exit.Error; err != nil {
		metadata.ErrorType, metadata.ErrorCode, metadata.ErrorMessage = string(err.ErrorType), err.ErrorCode, err.ErrorMessage
	}
	return gen.LinkEvent{EventName: "EXIT", EventMetadata: metadata}
}
