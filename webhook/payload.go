package webhook

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// ItemAddResult is the webhook LINK/ITEM_ADD_RESULT: the user linked an Item, in a session that may go on. The
// specification does not have it.
type ItemAddResult struct {
	WebhookType   string                       `json:"webhook_type"`    // always LINK
	WebhookCode   string                       `json:"webhook_code"`    // always ITEM_ADD_RESULT
	LinkSessionID string                       `json:"link_session_id"` // safe to log
	LinkToken     string                       `json:"link_token"`      // that the session was opened with
	PublicToken   string                       `json:"public_token"`    // exchange it within 30 minutes
	Environment   gen.WebhookEnvironmentValues `json:"environment"`     // that sent it

	// ExtraFields are the properties that the fields above do not name; they are kept both ways.
	ExtraFields gen.ExtraFields `json:",embed,inline"`
}

// MarshalJSON encodes r for encoding/json and its v2.
func (r ItemAddResult) MarshalJSON() ([]byte, error) {
	type plain ItemAddResult
	return json.Marshal((*plain)(&r), jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
}

// UnmarshalJSON decodes r for encoding/json and its v2.
func (r *ItemAddResult) UnmarshalJSON(data []byte) error {
	type plain ItemAddResult
	return json.Unmarshal(data, (*plain)(r), jsontext.AllowInvalidUTF8(true))
}

// LogValue is r as JSON, with access tokens redacted.
func (r ItemAddResult) LogValue() slog.Value { return r.fields().LogValue() }

// Format prints r as JSON, with access tokens redacted, whatever the verb.
func (r ItemAddResult) Format(f fmt.State, verb rune) { r.fields().Format(f, verb) }

// fields is r in the form that package gen knows how to print.
func (r ItemAddResult) fields() (m gen.ExtraFields) {
	if data, err := r.MarshalJSON(); err == nil {
		_ = json.Unmarshal(data, &m, jsontext.AllowInvalidUTF8(true)) // it was written just now
	}
	return m
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
	if e.Type != "LINK" {
		return nil
	}
	var err error
	switch e.Code {
	case "SESSION_FINISHED":
		e.Payload, err = decode(e.Raw, func(w *gen.LinkSessionFinishedWebhook) []string {
			return append([]string{w.LinkToken}, w.PublicTokens...)
		})
	case "ITEM_ADD_RESULT":
		e.Payload, err = decode(e.Raw, func(w *ItemAddResult) []string { return []string{w.LinkToken, w.PublicToken} })
	case "EVENTS":
		e.Payload, err = decode(e.Raw, func(w *gen.LinkEventsWebhook) []string { return []string{w.LinkToken} })
	}
	if err != nil {
		return &failure{kind: ErrDecode, reason: "LINK/" + e.Code + " cannot be decoded: " + why(err)}
	}
	return nil
}

// decode replaces invalid UTF-8, except in tokens: altered, they would be refused later, and elsewhere.
func decode[T any](body []byte, tokens func(*T) []string) (any, error) {
	payload := new(T)
	if err := json.Unmarshal(body, payload, jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, err
	}
	if strings.ContainsRune(strings.Join(tokens(payload), ""), utf8.RuneError) {
		return nil, errBadToken
	}
	return payload, nil
}

var errBadToken = errors.New("a token is not valid UTF-8")

// why is what is wrong with a body and where, without any of its values.
func why(err error) string {
	if errors.Is(err, errBadToken) {
		return err.Error()
	}
	return jsonerr.Explain(err, safe.Tokens).String()
}
