package webhook

import (
	"fmt"
	"log/slog"
	"time"
)

// Event is a webhook that Plaid sent.
//
// It prints, and is encoded as JSON, YAML, XML and MessagePack, without Payload and Raw, which hold tokens. To put it into a
// queue, use Raw.
type Event struct {
	// Type and Code are what happened, such as "LINK" and "SESSION_FINISHED". New ones can appear at any time.
	Type string `json:"webhook_type"`
	Code string `json:"webhook_code"`

	// ID names the occurrence, for events whose body does: drop what you have recorded before. It is the SHA-256 in hex of
	// type, code and link_session_id (LINK SESSION_FINISHED), public_token (LINK ITEM_ADD_RESULT), all event_ids (LINK
	// EVENTS), or item_id and the time at which access ends (ITEM PENDING_EXPIRATION and PENDING_DISCONNECT).
	//
	// It is empty for every other event: the same bytes can be another event, such as the second lost login of an Item, so
	// that nothing may be dropped. Take such a webhook as a hint to read the state, from /item/get or /transactions/sync.
	ID string `json:"id,omitzero"`

	// IssuedAt is when Plaid signed this delivery, to the second. It is not when the event happened.
	IssuedAt time.Time `json:"issued_at"`

	// Payload is the body, decoded. Of type LINK it is a [*gen.LinkSessionFinishedWebhook], [*gen.ItemAddResultWebhook] or
	// [*gen.LinkEventsWebhook]; of type ITEM a [*gen.ItemErrorWebhook], [*gen.ItemLoginRepairedWebhook],
	// [*gen.PendingExpirationWebhook], [*gen.PendingDisconnectWebhook], [*gen.NewAccountsAvailableWebhook],
	// [*gen.UserPermissionRevokedWebhook], [*gen.UserAccountRevokedWebhook] or [*gen.WebhookUpdateAcknowledgedWebhook]. It
	// is nil for every other type and code: those have Raw.
	Payload any `json:"-" yaml:"-" xml:"-" msgpack:"-"`

	// Raw is the body as it came.
	Raw []byte `json:"-" yaml:"-" xml:"-" msgpack:"-"`
}

func newEvent(issuedAt time.Time, body []byte) (Event, error) {
	e := Event{IssuedAt: issuedAt, Raw: body}
	err := e.decode()
	if err == nil {
		e.identify()
	}
	return e, err
}

// String has the type, the code and the ID, if there is one.
func (e Event) String() string { return fmt.Sprintf("webhook.Event(%q, %q, %q)", e.Type, e.Code, e.ID) }

// GoString is what String returns, for printers that do not ask Format.
func (e Event) GoString() string { return e.String() }

// Format prints what String returns, whatever the verb, so that no dump shows a token.
func (e Event) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.String()) }

// LogValue is a group of the fields that are safe in a log.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(append(e.attrs(), slog.Time("issued_at", e.IssuedAt))...)
}

func (e Event) attrs() []slog.Attr {
	attrs := []slog.Attr{slog.String("webhook_type", e.Type), slog.String("webhook_code", e.Code)}
	if e.ID != "" {
		attrs = append(attrs, slog.String("id", e.ID))
	}
	return attrs
}
