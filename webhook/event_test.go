package webhook_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

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
		{"item add result, with an unknown property", itemAddResult, "LINK", "ITEM_ADD_RESULT", &gen.ItemAddResultWebhook{
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
		{"invalid UTF-8 in a token", strings.Replace(itemAddResult, "public-sandbox-1", "public-\xff", 1), "ITEM_ADD_RESULT", "webhook: LINK/ITEM_ADD_RESULT cannot be decoded: a token or an id is not valid UTF-8"},
		{"a number for the id of an Item", `{"webhook_type":"ITEM","webhook_code":"ERROR","item_id":1}`, "ERROR", `webhook: ITEM/ERROR cannot be decoded: at "/item_id": a JSON number does not fit string`},
		{"invalid UTF-8 in the id of an Item", "{\"webhook_type\":\"ITEM\",\"webhook_code\":\"LOGIN_REPAIRED\",\"item_id\":\"\xff\"}", "LOGIN_REPAIRED", "a token or an id is not valid UTF-8"},
		{"a number for a deadline", `{"webhook_type":"ITEM","webhook_code":"PENDING_EXPIRATION","item_id":"item-1","consent_expiration_time":1}`, "PENDING_EXPIRATION", `ITEM/PENDING_EXPIRATION cannot be decoded: at "/consent_expiration_time"`},
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

// Each code of an Item has its type. What one lacks that the newest specification demands is the zero value.
func TestPayloadOfItems(t *testing.T) {
	const ends = "2026-03-08T12:00:00Z"
	at := time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	failure := &gen.PlaidError{ErrorType: "ITEM_ERROR", ErrorCode: "ITEM_LOGIN_REQUIRED", ErrorMessage: "m", Status: new(400)}
	const failureText = `{"error_type":"ITEM_ERROR","error_code":"ITEM_LOGIN_REQUIRED","error_message":"m","display_message":null,"status":400}`
	for _, c := range []struct {
		code, more string
		payload    any
	}{
		{"ERROR", `,"error":` + failureText + `,"user_id":"usr_1"`, &gen.ItemErrorWebhook{
			WebhookType: "ITEM", WebhookCode: "ERROR", ItemID: "item-1", Error: failure, UserID: "usr_1", Environment: "sandbox",
		}},
		{"LOGIN_REPAIRED", "", &gen.ItemLoginRepairedWebhook{WebhookType: "ITEM", WebhookCode: "LOGIN_REPAIRED", ItemID: "item-1", Environment: "sandbox"}},
		{"PENDING_EXPIRATION", `,"consent_expiration_time":"` + ends + `"`, &gen.PendingExpirationWebhook{
			WebhookType: "ITEM", WebhookCode: "PENDING_EXPIRATION", ItemID: "item-1", ConsentExpirationTime: at, Environment: "sandbox",
		}},
		{"PENDING_DISCONNECT", `,"reason":"NEW","disconnect_time":"` + ends + `"`, &gen.PendingDisconnectWebhook{
			WebhookType: "ITEM", WebhookCode: "PENDING_DISCONNECT", ItemID: "item-1", Reason: "NEW", DisconnectTime: at, Environment: "sandbox",
		}},
		{"PENDING_DISCONNECT", `,"reason":"INSTITUTION_MIGRATION"`, &gen.PendingDisconnectWebhook{ // before April 2026
			WebhookType: "ITEM", WebhookCode: "PENDING_DISCONNECT", ItemID: "item-1", Reason: "INSTITUTION_MIGRATION", Environment: "sandbox",
		}},
		{"NEW_ACCOUNTS_AVAILABLE", `,"error":null`, &gen.NewAccountsAvailableWebhook{
			WebhookType: "ITEM", WebhookCode: "NEW_ACCOUNTS_AVAILABLE", ItemID: "item-1", Environment: "sandbox",
		}},
		{"USER_PERMISSION_REVOKED", `,"error":` + failureText, &gen.UserPermissionRevokedWebhook{
			WebhookType: "ITEM", WebhookCode: "USER_PERMISSION_REVOKED", ItemID: "item-1", Error: failure, Environment: "sandbox",
		}},
		{"USER_ACCOUNT_REVOKED", `,"account_id":"account-1"`, &gen.UserAccountRevokedWebhook{
			WebhookType: "ITEM", WebhookCode: "USER_ACCOUNT_REVOKED", ItemID: "item-1", AccountID: "account-1", Environment: "sandbox",
		}},
		{"WEBHOOK_UPDATE_ACKNOWLEDGED", `,"new_webhook_url":"https://a.example"`, &gen.WebhookUpdateAcknowledgedWebhook{
			WebhookType: "ITEM", WebhookCode: "WEBHOOK_UPDATE_ACKNOWLEDGED", ItemID: "item-1", NewWebhookURL: "https://a.example", Environment: "sandbox",
		}},
		{"A_CODE_OF_THE_FUTURE", `,"item_id":1`, nil},
	} {
		t.Run(c.code, func(t *testing.T) {
			id := `,"item_id":"item-1"`
			if c.payload == nil {
				id = ""
			}
			e, err := receive(t, `{"webhook_type":"ITEM","webhook_code":"`+c.code+`"`+id+`,"environment":"sandbox"`+c.more+`}`)
			require.NoError(t, err)
			require.Equal(t, c.code, e.Code)
			require.Equal(t, c.payload, e.Payload)
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
	record(*e.Payload.(*gen.ItemAddResultWebhook))
	require.Contains(t, log.String(), "[redacted]")
	require.Contains(t, log.String(), "session-1")
	require.NotContains(t, log.String(), "sandbox-1")
	require.JSONEq(t, regexp.MustCompile(`"\w+-sandbox-1"`).ReplaceAllString(itemAddResult, `"[redacted]"`), fmt.Sprintf("%#v", e.Payload))
	require.Equal(t, `webhook.Event("LINK", "ITEM_ADD_RESULT", "`+e.ID+`")`, fmt.Sprintf("%#v", e))
	require.JSONEq(t, `{"webhook_type":"LINK","webhook_code":"ITEM_ADD_RESULT","id":"`+e.ID+`","issued_at":"2026-03-01T12:00:00Z"}`, string(data))
}
