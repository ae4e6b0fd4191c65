package sandbox

import (
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// maxSessions is how many sessions a link token keeps; the oldest go first.
const maxSessions = 100

// maxEvents is how many events a session keeps; those after OPEN go first.
const maxEvents = 1000

// linkSession is one opening of Link with a token.
type linkSession struct {
	token *linkToken
	shown gen.LinkTokenGetSessionsResponse // what /link/token/get tells
	visit *visit                           // where the user is on the hosted page; nil where there is none
}

func (l *linkSession) ended() bool { return !l.shown.FinishedAt.IsZero() }

// kept says whether /link/token/get still shows the session, long being 6 hours ago.
func (l *linkSession) kept(long time.Time) bool { return !l.ended() || l.shown.FinishedAt.After(long) }

// snapshot is what is shown, safe from what happens later. Only the events grow.
func (l *linkSession) snapshot() gen.LinkTokenGetSessionsResponse {
	shown := l.shown
	shown.Events = slices.Clone(shown.Events)
	return shown
}

func (t *linkToken) forgetSessions(long time.Time) {
	t.sessions = slices.DeleteFunc(t.sessions, func(l *linkSession) bool { return !l.kept(long) })
}

// FinishLink opens a Link session with a link token and ends it at once, as a user does in the browser. Then
// /link/token/get shows the session for 6 hours, each public token in its results can be exchanged within 30 minutes, and
// the webhooks are on their way; see WaitWebhooks.
// The error says that the token is unknown, expired, used up by a success or of another environment, or what is wrong
// with the outcome.
func (s *Sandbox) FinishLink(linkToken string, outcome Outcome) error {
	if _, refused := s.finish(linkToken, outcome); refused != nil {
		return fmt.Errorf("sandbox: FinishLink: %s", refused.message)
	}
	return nil
}

func (s *Sandbox) finish(token string, outcome Outcome) (*linkSession, *refusal) {
	outcome, err := clone(outcome)
	if err != nil {
		return nil, invalidRequest(plaidlink.CodeInvalidField, "the outcome has no JSON form: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.linkTokens.get(token)
	switch {
	case !ok:
		return nil, refuseUnknown(linkKind, token)
	case found.expired(s.now()):
		return nil, refuseToken(linkKind, "has expired")
	case found.succeeded:
		return nil, refuseToken(linkKind, "was used up by a session that succeeded")
	}
	if refused := outcome.check(found); refused != nil {
		return nil, refused
	}
	if outcome.Exit != nil && outcome.Exit.Status == "" {
		outcome.Exit.Status = gen.LinkSessionExitMetadataStatusRequiresCredentials
	}
	session := s.open(found)
	for _, event := range outcome.Events {
		s.addEvent(session, event)
	}
	s.end(session, outcome)
	return session, nil
}

// clone is a deep copy, so that what the caller changes later has no effect.
func clone(outcome Outcome) (copied Outcome, err error) {
	data, err := json.Marshal(outcome)
	if err != nil {
		return copied, err
	}
	return copied, json.Unmarshal(data, &copied)
}

// open begins a session of a token. The caller holds s.mu, as for all that follows.
func (s *Sandbox) open(token *linkToken) *linkSession {
	session := &linkSession{token: token}
	session.shown.LinkSessionID, session.shown.StartedAt = s.ids.uuid(), s.now()
	if len(token.sessions) == maxSessions {
		if oldest := token.sessions[0]; !oldest.ended() {
			s.leave(oldest) // so that the app hears of its end
		}
		token.sessions = token.sessions[1:]
	}
	token.sessions = append(token.sessions, session)
	s.addEvent(session, gen.LinkEvent{EventName: "OPEN"})
	return session
}

// addEvent fills in what every event has.
func (s *Sandbox) addEvent(session *linkSession, event gen.LinkEvent) {
	if event.EventID == "" {
		event.EventID = s.ids.uuid()
	}
	if event.Timestamp == "" {
		event.Timestamp = s.now().Format(time.RFC3339Nano)
	}
	if event.EventMetadata.RequestID == "" {
		event.EventMetadata.RequestID = s.ids.requestID()
	}
	if len(session.shown.Events) == maxEvents {
		session.shown.Events = slices.Delete(session.shown.Events, 1, 2)
	}
	session.shown.Events = append(session.shown.Events, event)
}

// end ends a session: with a success, or with the exit of the outcome. Its events are in the session already.
func (s *Sandbox) end(session *linkSession, outcome Outcome) {
	shown := &session.shown
	shown.FinishedAt = s.now()
	if outcome.Exit != nil {
		shown.Exit, shown.OnExit = s.exit(shown.LinkSessionID, *outcome.Exit)
	} else {
		s.succeed(session, outcome.Items)
	}
	s.addEvent(session, closingEvent(*shown))
	if session.visit != nil {
		session.visit.abandon.Stop()
		s.running.remove(shown.LinkSessionID)
	}
	s.sendWebhooks(session)
}
