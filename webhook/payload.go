package webhook

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
	"github.com/plaidlink/plaidlink-go/internal/safe"
)

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
