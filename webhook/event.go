package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
	"github.com/plaidlink/plaidlink-go/internal/safe"
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

type eventKind struct {
	Type string `json:"webhook_type"`
	Code string `json:"webhook_code"`
}

// decode reads Raw into Type, Code and Payload.
func (e *Event) decode() error {
	var head eventKind
	if err := json.Unmarshal(e.Raw, &head, jsontext.AllowInvalidUTF8(true)); err != nil {
		return &failure{kind: ErrDecode, reason: "the body cannot be decoded: " + why(err)}
	}
	e.Type, e.Code = head.Type, head.Code
	read, known := payloads[head]
	if !known {
		return nil
	}
	payload, err := read(e.Raw)
	if err != nil {
		return &failure{kind: ErrDecode, reason: e.Type + "/" + e.Code + " cannot be decoded: " + why(err)}
	}
	e.Payload = payload
	return nil
}

// payloads are the functions that decode the bodies of the types and codes that have a Go type.
var payloads = map[eventKind]func([]byte) (any, error){
	{"LINK", "SESSION_FINISHED"}: into(func(w *gen.LinkSessionFinishedWebhook) []string {
		return append([]string{w.LinkToken}, w.PublicTokens...)
	}),
	{"LINK", "ITEM_ADD_RESULT"}: into(func(w *gen.ItemAddResultWebhook) []string { return []string{w.LinkToken, w.PublicToken} }),
	{"LINK", "EVENTS"}:          into(func(w *gen.LinkEventsWebhook) []string { return []string{w.LinkToken} }),

	{"ITEM", "ERROR"}:                       into(func(w *gen.ItemErrorWebhook) []string { return []string{w.ItemID} }),
	{"ITEM", "LOGIN_REPAIRED"}:              into(func(w *gen.ItemLoginRepairedWebhook) []string { return []string{w.ItemID} }),
	{"ITEM", "PENDING_EXPIRATION"}:          into(func(w *gen.PendingExpirationWebhook) []string { return []string{w.ItemID} }),
	{"ITEM", "PENDING_DISCONNECT"}:          into(func(w *gen.PendingDisconnectWebhook) []string { return []string{w.ItemID} }),
	{"ITEM", "NEW_ACCOUNTS_AVAILABLE"}:      into(func(w *gen.NewAccountsAvailableWebhook) []string { return []string{w.ItemID} }),
	{"ITEM", "USER_PERMISSION_REVOKED"}:     into(func(w *gen.UserPermissionRevokedWebhook) []string { return []string{w.ItemID} }),
	{"ITEM", "USER_ACCOUNT_REVOKED"}:        into(func(w *gen.UserAccountRevokedWebhook) []string { return []string{w.ItemID, w.AccountID} }),
	{"ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED"}: into(func(w *gen.WebhookUpdateAcknowledgedWebhook) []string { return []string{w.ItemID} }),
}

// into decodes into a type. It replaces invalid UTF-8, except in tokens and ids: altered, they would be refused or not found
// later, and elsewhere.
func into[T any](exact func(*T) []string) func([]byte) (any, error) {
	return func(body []byte) (any, error) {
		payload := new(T)
		if err := json.Unmarshal(body, payload, jsontext.AllowInvalidUTF8(true)); err != nil {
			return nil, err
		}
		if strings.ContainsRune(strings.Join(exact(payload), ""), utf8.RuneError) {
			return nil, errBadToken
		}
		return payload, nil
	}
}

var errBadToken = errors.New("a token or an id is not valid UTF-8")

// why is what is wrong with a body and where, without any of its values.
func why(err error) string {
	if errors.Is(err, errBadToken) {
		return err.Error()
	}
	return jsonerr.Explain(err, safe.Tokens).String()
}

// occurrence returns what names the one occurrence that the event is about: nothing where its body does not, so that the
// same bytes may be another event.
func (e *Event) occurrence() []string {
	switch p := e.Payload.(type) {
	case *gen.LinkSessionFinishedWebhook:
		return []string{p.LinkSessionID}
	case *gen.ItemAddResultWebhook:
		return []string{p.PublicToken}
	case *gen.LinkEventsWebhook:
		var ids []string
		for _, event := range p.Events {
			ids = append(ids, event.EventID)
		}
		slices.Sort(ids)
		return ids
	}
	if e.Type != "ITEM" || e.Code != "PENDING_EXPIRATION" && e.Code != "PENDING_DISCONNECT" {
		return nil
	}
	var item struct {
		ID          string `json:"item_id"`
		ConsentEnds string `json:"consent_expiration_time"`
		Disconnects string `json:"disconnect_time"`
	}
	if json.Unmarshal(e.Raw, &item, jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	if e.Code == "PENDING_EXPIRATION" {
		return []string{item.ID, item.ConsentEnds}
	}
	return []string{item.ID, item.Disconnects}
}

// identify sets ID. The names are hashed, because a public token is one of them.
func (e *Event) identify() {
	names := e.occurrence()
	if len(names) == 0 || slices.Contains(names, "") {
		return
	}
	text := make([]byte, 0, 256)
	for _, name := range append([]string{e.Type, e.Code}, names...) {
		text = strconv.AppendQuote(text, name)
	}
	sum := sha256.Sum256(text)
	e.ID = hex.EncodeToString(sum[:])
}
