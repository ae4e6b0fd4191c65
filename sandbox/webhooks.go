package sandbox

import (
	"context"
	"maps"
	"time"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/outbox"
)

// WithWebhookTarget sends every webhook to a URL, whatever its link token names, also where it names none. Without it a
// webhook goes to the URL of its link token, and only when that is on loopback or has a host of [WithAllowedHosts]: a test
// must not call the world.
func WithWebhookTarget(url string) Option {
	return func(s *Sandbox) { s.webhookTarget = url }
}

// Delivery is a webhook, with what became of it. Times are of the sandbox's clock.
type Delivery struct {
	ID          string            `json:"id"`                     // random; for RepeatWebhook
	DuplicateOf string            `json:"duplicate_of,omitempty"` // ID of the one that RepeatWebhook repeated
	URL         string            `json:"url"`                    // where it goes
	Type        string            `json:"webhook_type"`           // such as LINK
	Code        string            `json:"webhook_code"`           // such as SESSION_FINISHED
	Body        string            `json:"body"`                   // as it is signed and sent
	Created     time.Time         `json:"created"`                // when the session ended
	Attempts    []DeliveryAttempt `json:"attempts"`               // oldest first, at most 7; without the one under way
	State       DeliveryState     `json:"state"`                  // what became of it so far
	Reason      string            `json:"reason,omitempty"`       // why it was given up or not sent
	Next        time.Time         `json:"next,omitzero"`          // when the next attempt is due; zero when none is
}

// DeliveryAttempt is one request, and its response.
type DeliveryAttempt struct {
	Time   time.Time `json:"time"`            // when it began
	Status int       `json:"status"`          // of the response; 0 without one
	Error  string    `json:"error,omitempty"` // why there is no response

	Signature string `json:"signature"` // the header Plaid-Verification, for Replay
}

// DeliveryState is what became of a webhook so far.
type DeliveryState string

// The states of a Delivery.
const (
	DeliveryPending   = DeliveryState(outbox.Pending)   // an attempt is under way, or comes at Next
	DeliveryDelivered = DeliveryState(outbox.Delivered) // a response of 200 arrived within 10 s
	DeliveryGivenUp   = DeliveryState(outbox.GivenUp)   // tried for 24 hours
	DeliveryNotSent   = DeliveryState(outbox.NotSent)   // never tried, such as to a host that is neither on loopback nor allowed
)

// Deliveries returns the last 1000 webhooks, oldest first.
func (s *Sandbox) Deliveries() (deliveries []Delivery) {
	for _, d := range s.outbox.Deliveries() {
		var attempts []DeliveryAttempt
		for _, a := range d.Attempts {
			attempts = append(attempts, DeliveryAttempt(a))
		}
		deliveries = append(deliveries, Delivery{
			d.ID, d.DuplicateOf, d.URL, d.Type, d.Code, d.Body, d.Created, attempts, DeliveryState(d.State), d.Reason, d.Next,
		})
	}
	return deliveries
}

// WaitWebhooks waits until every webhook was delivered, was given up, or waits for the next attempt, which
// [Sandbox.Advance] brings about. The error wraps that of ctx.
func (s *Sandbox) WaitWebhooks(ctx context.Context) error {
	return named("WaitWebhooks", s.outbox.Wait(ctx))
}

// RepeatWebhook delivers one of [Sandbox.Deliveries] again, as Plaid does at times. The error is that none has this ID, or
// why it cannot be sent.
func (s *Sandbox) RepeatWebhook(id string) error {
	return named("RepeatWebhook", s.outbox.Duplicate(id))
}

// sendWebhooks puts the webhooks of an ended session into the outbox. Plaid sends them for Hosted Link and for sessions
// that may link several Items.
func (st *store) sendWebhooks(s *session) {
	if s.link.hostedAt == "" && !s.link.multiItem {
		return
	}
	send := func(code string, properties map[string]any) {
		all := map[string]any{"webhook_type": "LINK", "webhook_code": code, "link_session_id": s.id, "link_token": s.link.token}
		maps.Copy(all, properties)
		st.send(s.link.webhook, "LINK", code, all)
	}
	finished := map[string]any{"status": "EXITED", "environment": gen.WebhookEnvironmentValuesSandbox}
	if id := s.link.userID(); id != "" {
		finished["user_id"] = id
	}
	if s.exit == nil {
		var tokens []string
		for _, added := range s.linked {
			tokens = append(tokens, added.publicToken)
			send("ITEM_ADD_RESULT", map[string]any{"public_token": added.publicToken, "environment": gen.WebhookEnvironmentValuesSandbox})
		}
		finished["status"], finished["public_tokens"], finished["public_token"] = "SUCCESS", tokens, tokens[0]
	}
	send("EVENTS", map[string]any{"events": s.snapshot().Events})
	send("SESSION_FINISHED", finished)
}
