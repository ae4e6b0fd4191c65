package webhook_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

const itemAddResult = `{"webhook_type":"LINK","webhook_code":"ITEM_ADD_RESULT","link_session_id":"session-1","link_token":"link-sandbox-1",` +
	`"public_token":"public-sandbox-1","environment":"sandbox","new":{"token":"access-sandbox-1"}}`

func receive(t *testing.T, body string) (webhook.Event, error) {
	t.Helper()
	p, v := start(t)
	return v.Verify(t.Context(), p.deliver(t, body, nil), []byte(body))
}

func TestPayload(t *testing.T) {
	for _, c := range []struct {
		name, body, kind, code string
		payload                any
	}{
		{"session finished", body, "LINK", "SESSION_FINISHED", &gen.LinkSessionFinishedWebhook{
			Environment: gen.WebhookEnvironmentValuesSandbox, LinkSessionID: "session-1", LinkToken: "link-sandbox-1",
			PublicTokens: []string{"public-sandbox-1"}, Status: "SUCCESS",
			WebhookType: "LINK", WebhookCode: "SESSION_FINISHED",
		}},
		{"item add result, with an unknown property", itemAddResult, "LINK", "ITEM_ADD_RESULT", &webhook.ItemAddResult{
			WebhookType: "LINK", WebhookCode: "ITEM_ADD_RESULT", LinkSessionID: "session-1", LinkToken: "link-sandbox-1",
			PublicToken: "public-sandbox-1", Environment: gen.WebhookEnvironmentValuesSandbox,
			ExtraFields: gen.ExtraFields{"new": json.RawMessage(`{"token":"access-sandbox-1"}`)},
		}},
		{
			"events", `{"webhook_type":"LINK","webhook_code":"EVENTS","link_session_id":"s","link_token":"l","events":[],"new":1}`, "LINK", "EVENTS",
			&gen.LinkEventsWebhook{
				Events: []gen.LinkEvent{}, LinkSessionID: "s", LinkToken: "l", WebhookType: "LINK", WebhookCode: "EVENTS",
				ExtraFields: gen.ExtraFields{"new": json.RawMessage("1")},
			},
		},
		{"code not known", `{"webhook_type":"LINK","webhook_code":"NEW","a":[1]}`, "LINK", "NEW", nil},
		{"type not known", `{"webhook_type":"ITEM","webhook_code":"SESSION_FINISHED","status":1}`, "ITEM", "SESSION_FINISHED", nil},
		{"neither type nor code", `{}`, "", "", nil},
		{"invalid UTF-8 in a text", "{\"webhook_type\":\"ITEM\",\"webhook_code\":\"\xff\"}", "ITEM", "\uFFFD", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := receive(t, c.body)
			require.NoError(t, err)
			require.Equal(t, c.kind, e.Type)
			require.Equal(t, c.code, e.Code)
			require.Equal(t, c.payload, e.Payload)
			require.Equal(t, c.body, string(e.Raw))
		})
	}
}

// What Plaid signed and nobody can read is neither refused as forged, nor taken for something of no interest.
func TestPayloadCannotBeDecoded(t *testing.T) {
	for _, c := range []struct{ name, body, code, reason string }{
		{"a text for a list", strings.Replace(body, `["public-sandbox-1"]`, `"public-sandbox-1"`, 1), "SESSION_FINISHED", `webhook: LINK/SESSION_FINISHED cannot be decoded: at "/public_tokens": a JSON string does not fit []string`},
		{"a number for a token", strings.Replace(itemAddResult, `"public-sandbox-1"`, `1`, 1), "ITEM_ADD_RESULT", `webhook: LINK/ITEM_ADD_RESULT cannot be decoded: at "/public_token": a JSON number does not fit string`},
		{"invalid UTF-8 in a token", strings.Replace(itemAddResult, "public-sandbox-1", "public-\xff", 1), "ITEM_ADD_RESULT", "webhook: LINK/ITEM_ADD_RESULT cannot be decoded: a token is not valid UTF-8"},
		{"a name twice", `{"webhook_type":"LINK","webhook_type":"ITEM"}`, "", `webhook: the body cannot be decoded: at "/webhook_type", byte 23: a name appears twice`},
		{"no object", `["public-sandbox-1"]`, "", `webhook: the body cannot be decoded: at "": a JSON array does not fit webhook.eventKind`},
		{"no JSON", `public-sandbox-1`, "", `webhook: the body cannot be decoded: at "", byte 0: not valid JSON`},
		{"empty", ``, "", `webhook: the body cannot be decoded: at "", byte 0: not valid JSON`},
		{"nested 100,000 times", strings.Repeat("[", 100_000), "", "webhook: the body cannot be decoded: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := receive(t, c.body)
			require.ErrorIs(t, err, webhook.ErrDecode)
			require.NotErrorIs(t, err, webhook.ErrInvalid)
			require.ErrorContains(t, err, c.reason)
			require.NotContains(t, err.Error(), "public-sandbox-1")
			require.Nil(t, e.Payload)
			require.Equal(t, c.code, e.Code)
			require.Equal(t, c.body, string(e.Raw), "the event is returned all the same")
			require.Empty(t, e.ID, "nobody knows which occurrence it is")
		})
	}
}

func TestItemAddResultRoundTrips(t *testing.T) {
	for name, codec := range map[string]struct {
		marshal   func(any) ([]byte, error)
		unmarshal func([]byte, any) error
	}{
		"encoding/json":    {json.Marshal, json.Unmarshal},
		"encoding/json/v2": {func(v any) ([]byte, error) { return jsonv2.Marshal(v) }, func(b []byte, v any) error { return jsonv2.Unmarshal(b, v) }},
	} {
		t.Run(name, func(t *testing.T) {
			var r webhook.ItemAddResult
			require.NoError(t, codec.unmarshal([]byte(itemAddResult), &r))
			require.Contains(t, r.ExtraFields, "new")
			data, err := codec.marshal(r)
			require.NoError(t, err)
			require.JSONEq(t, itemAddResult, string(data))
		})
	}
}

// No print, record or encoding of an event shows a token of its body.
func TestEventPrints(t *testing.T) {
	e, err := receive(t, itemAddResult)
	require.NoError(t, err)
	var log bytes.Buffer
	record := func(v any) {
		slog.New(slog.NewTextHandler(&log, nil)).Info("text", "value", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("JSON", "value", v)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&log, verb, v)
		}
	}
	for _, v := range []any{e, &e, []webhook.Event{e}, map[string]*webhook.Event{"e": &e}, struct{ E webhook.Event }{e}} {
		record(v)
	}
	data, err := json.Marshal(e)
	require.NoError(t, err)
	log.Write(data)
	require.Contains(t, log.String(), e.ID)
	require.NotContains(t, log.String(), "sandbox-1")
	require.NotContains(t, log.String(), fmt.Sprintf("%x", "sandbox-1"))
	require.Contains(t, log.String(), "value.webhook_type=LINK value.webhook_code=ITEM_ADD_RESULT value.id="+e.ID)
	log.Reset()
	record(e.Payload)
	record(*e.Payload.(*webhook.ItemAddResult))
	require.Contains(t, log.String(), "[redacted]")
	require.Contains(t, log.String(), "session-1")
	require.NotContains(t, log.String(), "sandbox-1")
	require.JSONEq(t, regexp.MustCompile(`"\w+-sandbox-1"`).ReplaceAllString(itemAddResult, `"[redacted]"`), fmt.Sprintf("%#v", e.Payload))
	require.Equal(t, `webhook.Event("LINK", "ITEM_ADD_RESULT", "`+e.ID+`")`, fmt.Sprintf("%#v", e))
	require.JSONEq(t, `{"webhook_type":"LINK","webhook_code":"ITEM_ADD_RESULT","id":"`+e.ID+`","issued_at":"2026-03-01T12:00:00Z"}`, string(data))
}
