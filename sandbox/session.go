package sandbox

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// FinishLink opens a Link session with a link token and ends it at once, as a user does in the browser. Then
// /link/token/get shows the session for 6 hours, and each public token in its results can be exchanged within 30 minutes.
// The error says that the token is unknown, expired, used up by a success or of another environment, or what is wrong
// with the outcome.
func (s *Sandbox) FinishLink(linkToken string, outcome Outcome) error {
	if _, refused := s.finish(linkToken, outcome); refused != nil {
		return fmt.Errorf("sandbox: FinishLink: %s", refused.message)
	}
	return nil
}

func (s *Sandbox) finish(token string, outcome Outcome) (*gen.LinkTokenGetSessionsResponse, *refusal) {
	outcome, err := clone(outcome)
	if err != nil {
		return nil, invalidRequest(plaidlink.CodeInvalidField, "the outcome has no JSON form: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	found, ok := s.linkTokens[token]
	switch {
	case !ok:
		return nil, refuseUnknown(linkKind, token)
	case found.expired(now):
		return nil, refuseToken(linkKind, "has expired")
	case found.succeeded:
		return nil, refuseToken(linkKind, "was used up by a session that succeeded")
	}
	if refused := outcome.check(found); refused != nil {
		return nil, refused
	}
	session := gen.LinkTokenGetSessionsResponse{LinkSessionID: newUUID(), StartedAt: now, FinishedAt: now}
	if outcome.Exit != nil {
		exit(&session, *outcome.Exit)
	} else {
		s.succeed(&session, found, outcome.Items)
	}
	closing := closingEvent(session)
	events := append([]gen.LinkEvent{{EventName: "OPEN"}}, outcome.Events...)
	session.Events = completeEvents(append(events, closing), now)
	found.sessions = append(found.sessions, session)
	return &session, nil
}

// clone is a deep copy, so that what the caller changes later has no effect.
func clone(outcome Outcome) (copied Outcome, err error) {
	data, err := json.Marshal(outcome)
	if err != nil {
		return copied, err
	}
	return copied, json.Unmarshal(data, &copied)
}

// succeed fills in what the user linked, in the present form and in the deprecated one, which has the first Item only.
func (s *Sandbox) succeed(session *gen.LinkTokenGetSessionsResponse, token *linkToken, linked []Item) {
	items := token.updates
	if len(items) == 0 && len(linked) == 0 {
		linked = []Item{{}}
	}
	for _, one := range linked {
		items = append(items, newItem(one))
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
	session.Results = results
	session.OnSuccess = &gen.LinkSessionSuccess{
		PublicToken: first.PublicToken,
		Metadata: &gen.LinkSessionSuccessMetadata{
			Institution:   first.Institution,
			Accounts:      first.Accounts,
			LinkSessionID: session.LinkSessionID,
		},
	}
	token.succeeded = true
}

// exit fills in how the user left, in the present form and in the deprecated one.
func exit(session *gen.LinkTokenGetSessionsResponse, how Exit) {
	metadata := &gen.LinkSessionExitMetadata{
		LinkSessionID: session.LinkSessionID,
		RequestID:     newRequestID(),
		Status:        how.Status,
	}
	if metadata.Status == "" {
		metadata.Status = gen.LinkSessionExitMetadataStatusRequiresCredentials
	}
	if how.Institution != nil {
		chosen := how.Institution.withDefaults()
		metadata.Institution = &gen.LinkSessionExitMetadataInstitution{InstitutionID: chosen.ID, Name: chosen.Name}
	}
	session.Exit = &gen.LinkSessionExit{Error: how.Error, Metadata: metadata}
	session.OnExit = &gen.LinkSessionExitDeprecated{Error: how.Error, Metadata: metadata}
}

// closingEvent is the HANDOFF or the EXIT of a session.
func closingEvent(session gen.LinkTokenGetSessionsResponse) gen.LinkEvent {
	if session.Exit == nil {
		institution := session.Results.ItemAddResults[0].Institution
		return gen.LinkEvent{EventName: "HANDOFF", EventMetadata: gen.LinkEventMetadata{
			InstitutionID:   institution.InstitutionID,
			InstitutionName: institution.Name,
		}}
	}
	metadata := gen.LinkEventMetadata{
		ExitStatus: string(session.Exit.Metadata.Status),
		RequestID:  session.Exit.Metadata.RequestID,
	}
	if chosen := session.Exit.Metadata.Institution; chosen != nil {
		metadata.InstitutionID, metadata.InstitutionName = chosen.InstitutionID, chosen.Name
	}
	if err := session.Exit.Error; err != nil {
		metadata.ErrorType, metadata.ErrorCode, metadata.ErrorMessage = string(err.ErrorType), err.ErrorCode, err.ErrorMessage
	}
	return gen.LinkEvent{EventName: "EXIT", EventMetadata: metadata}
}

// completeEvents fills in what every event has.
func completeEvents(events []gen.LinkEvent, now time.Time) []gen.LinkEvent {
	for i := range events {
		event := &events[i]
		if event.EventID == "" {
			event.EventID = newUUID()
		}
		if event.Timestamp == "" {
			event.Timestamp = now.Format(time.RFC3339Nano)
		}
		if event.EventMetadata.RequestID == "" {
			event.EventMetadata.RequestID = newRequestID()
		}
	}
	return events
}
