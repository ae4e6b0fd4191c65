package sandbox

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// WithWebhookTarget sends every webhook to a URL, whatever its link token names, also where it names none. Without it a
// webhook goes to the URL of its link token, and only when that is on loopback: a test must not call the world.
func WithWebhookTarget(url string) Option {
	return func(s *Sandbox) { s.webhookTarget = url }
}

// Delivery is a webhook, with what became of it: ID, DuplicateOf, URL, Type, Code, Body, Created, Attempts, State, Reason
// and Next. ID names it in [Sandbox.RepeatWebhook], Next is when the next attempt is due. Times are of the sandbox's clock.
type Delivery = outbox.Delivery

// DeliveryAttempt is one request with a webhook: the Time when it began, the Status of the response, which is 0 without
// one, and the Error that explains why there is none.
type DeliveryAttempt = outbox.Attempt

// DeliveryState is what became of a webhook so far.
type DeliveryState = outbox.State

// The states of a Delivery.
const (
	DeliveryPending   = outbox.Pending   // an attempt is under way, or comes at Next
	DeliveryDelivered = outbox.Delivered // a response of 200 arrived within 10 s
	DeliveryGivenUp   = outbox.GivenUp   // tried for 24 hours
	DeliveryNotSent   = outbox.NotSent   // never tried, such as to an address that is not on loopback
)

// Deliveries returns the last 1000 webhooks, oldest first.
func (s *Sandbox) Deliveries() []Delivery { return s.outbox.Deliveries() }

// WaitWebhooks waits until every webhook was delivered, was given up, or waits for the next attempt, which
// [Sandbox.Advance] brings about. The error wraps that of ctx.
func (s *Sandbox) WaitWebhooks(ctx context.Context) error {
	if err := s.outbox.Wait(ctx); err != nil {
		return fmt.Errorf("sandbox: WaitWebhooks: %w", err)
	}
	return nil
}

// RepeatWebhook delivers one of [Sandbox.Deliveries] again, as Plaid does at times. The error is that none has this ID, or
// why it cannot be sent.
func (s *Sandbox) RepeatWebhook(id string) error {
	if err := s.outbox.Duplicate(id); err != nil {
		return fmt.Errorf("sandbox: RepeatWebhook: %w", err)
	}
	return nil
}

// sendWebhooks puts the webhooks of an ended session into the outbox. Plaid sends them for Hosted Link and for sessions
// that may link several Items.
func (st *store) sendWebhooks(s *session) {
	link, shown := s.link, s.snapshot()
	if link.hostedURL == "" && !link.multiItem {
		return
	}
	finished := gen.LinkSessionFinishedWebhook{
		WebhookType:   "LINK",
		WebhookCode:   "SESSION_FINISHED",
		Status:        "EXITED",
		LinkSessionID: shown.LinkSessionID,
		LinkToken:     link.token,
		Environment:   gen.WebhookEnvironmentValuesSandbox,
	}
	if shown.Results != nil {
		finished.Status = "SUCCESS"
		for _, added := range shown.Results.ItemAddResults {
			finished.PublicTokens = append(finished.PublicTokens, added.PublicToken)
			st.send(link, "ITEM_ADD_RESULT", webhook.ItemAddResult{
				WebhookType:   "LINK",
				WebhookCode:   "ITEM_ADD_RESULT",
				LinkSessionID: shown.LinkSessionID,
				LinkToken:     link.token,
				PublicToken:   added.PublicToken,
				Environment:   gen.WebhookEnvironmentValuesSandbox,
			})
		}
		finished.PublicToken = finished.PublicTokens[0]
	}
	st.send(link, "EVENTS", gen.LinkEventsWebhook{
		WebhookType:   "LINK",
		WebhookCode:   "EVENTS",
		Events:        shown.Events,
		LinkSessionID: shown.LinkSessionID,
		LinkToken:     link.token,
	})
	st.send(link, "SESSION_FINISHED", finished)
}

func (st *store) send(link *linkRecord, code string, payload any) {
	body, err := json.Marshal(payload)
	if err != nil {
		return // an event of the test's has a text that is not UTF-8; /link/token/get fails for the same reason
	}
	st.outbox.Put(link.webhookURL(), "LINK", code, body)
}
