package webhook

import (
	"fmt"
	"log/slog"
	"time"
)

// Event is a webhook that Plaid sent.
//
// It prints, and is encoded as JSON, without Payload and Raw, which hold tokens. To put it into a queue, use Raw.
type Event struct {
	// Type and Code say what happened, such as "LINK" and "SESSION_FINISHED". New ones can appear at any time.
	Type string `json:"webhook_type"`
	Code string `json:"webhook_code"`

	// ID is the SHA-256 of the body in hex. It is the same for each delivery of the webhook, and for replays: drop what
	// you have recorded before.
	ID string `json:"id"`

	// IssuedAt is when Plaid signed this delivery, to the second. It is not when the event happened.
	IssuedAt time.Time `json:"issued_at"`

	// Payload is the body, decoded: a *gen.LinkSessionFinishedWebhook, *ItemAddResult or *gen.LinkEventsWebhook, or nil
	// for every other type and code.
	Payload any `json:"-"`

	// Raw is the body as it came.
	Raw []byte `json:"-"`
}

func newEvent(id string, issuedAt time.Time, body []byte) (Event, error) {
	e := Event{ID: id, IssuedAt: issuedAt, Raw: body}
	err := e.decode()
	return e, err
}

// String has the type, the code and the id.
func (e Event) String() string { return fmt.Sprintf("webhook.Event(%q, %q, %s)", e.Type, e.Code, e.ID) }

// Format prints what String gives, whatever the verb, so that no dump shows a token.
func (e Event) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.String()) }

// LogValue is a group of the fields that are safe in a log.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("webhook_type", e.Type),
		slog.String("webhook_code", e.Code),
		slog.String("id", e.ID),
		slog.Time("issued_at", e.IssuedAt),
	)
}
