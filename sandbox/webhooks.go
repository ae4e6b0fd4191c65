package sandbox

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// WithWebhookTarget sends every webhook to a URL, whatever the link token says, also where it says nothing. Without it a
// webhook goes to the URL of its link token, and only when that is on loopback: a test must not call the world.
func WithWebhookTarget(url string) Option {
	return func(s *Sandbox) { s.webhookTarget = url }
}

func newOutbox(s *Sandbox) *outbox.Outbox {
	return outbox.New(outbox.Config{
		Now:    s.clock.now,
		Sign:   s.signer.signNow,
		Target: s.webhookTarget,
		NewID:  s.ids.uuid,
	})
}

// Signer signs the sandbox's webhooks; /webhook_verification_key/get gives its keys.
func (s *Sandbox) Signer() *Signer { return s.signer }

// WebhookKeyID is the kid of the key that signs webhooks now.
func (s *Sandbox) WebhookKeyID() string { return s.signer.KeyID() }

// WaitWebhooks waits until every webhook was delivered, was given up, or waits for the next try, which Advance brings
// about. The error is that of ctx.
func (s *Sandbox) WaitWebhooks(ctx context.Context) error { return s.outbox.Wait(ctx) }

// RepeatWebhook delivers one of Deliveries again, as Plaid does at times. The error says that there is none with this ID.
func (s *Sandbox) RepeatWebhook(id string) error {
	if err := s.outbox.Again(id); err != nil {
		return fmt.Errorf("sandbox: RepeatWebhook: %w", err)
	}
	return nil
}

// sendWebhooks puts what an ended session has to tell into the outbox. Plaid tells it of Hosted Link and of sessions that
// may link several Items.
func (s *Sandbox) sendWebhooks(session *linkSession) {
	token, shown := session.token, session.snapshot()
	if token.hostedURL == "" && !token.multiItem {
		return
	}
	finished := gen.LinkSessionFinishedWebhook{
		WebhookType:   "LINK",
		WebhookCode:   "SESSION_FINISHED",
		Status:        "EXITED",
		LinkSessionID: shown.LinkSessionID,
		LinkToken:     token.token,
		Environment:   gen.WebhookEnvironmentValuesSandbox,
	}
	if shown.Results != nil {
		finished.Status = "SUCCESS"
		for _, added := range shown.Results.ItemAddResults {
			finished.PublicTokens = append(finished.PublicTokens, added.PublicToken)
			s.send(token, "ITEM_ADD_RESULT", webhook.ItemAddResult{
				WebhookType:   "LINK",
				WebhookCode:   "ITEM_ADD_RESULT",
				LinkSessionID: shown.LinkSessionID,
				LinkToken:     token.token,
				PublicToken:   added.PublicToken,
				Environment:   gen.WebhookEnvironmentValuesSandbox,
			})
		}
		finished.PublicToken = finished.PublicTokens[0]
	}
	s.send(token, "EVENTS", gen.LinkEventsWebhook{
		WebhookType:   "LINK",
		WebhookCode:   "EVENTS",
		Events:        shown.Events,
		LinkSessionID: shown.LinkSessionID,
		LinkToken:     token.token,
	})
	s.send(token, "SESSION_FINISHED", finished)
}

func (s *Sandbox) send(token *linkToken, code string, payload any) {
	body, err := json.Marshal(payload)
	if err != nil {
		return // an event of the test's has a text that is no UTF-8; /link/token/get fails for the same reason
	}
	s.outbox.Put(token.webhook(), "LINK", code, body)
}

func (s *Sandbox) webhookVerificationKeyGet(in incoming, req gen.WebhookVerificationKeyGetRequest) (*gen.WebhookVerificationKeyGetResponse, *refusal) {
	key, ok := s.signer.key(req.KeyID)
	if !ok {
		return nil, unknownKey()
	}
	return &gen.WebhookVerificationKeyGetResponse{Key: key, RequestID: in.requestID}, nil
}
