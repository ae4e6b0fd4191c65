package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/webhook"
)

// An event has an ID where its body names the occurrence, and the ID is made of that and nothing else.
func TestIDNamesTheOccurrence(t *testing.T) {
	item := func(code, more string) string {
		return `{"webhook_type":"ITEM","webhook_code":"` + code + `","item_id":"item-1"` + more + `}`
	}
	link := func(code, more string) string {
		return `{"webhook_type":"LINK","webhook_code":"` + code + `","link_token":"l"` + more + `}`
	}
	for _, c := range []struct{ name, body, parts string }{ // no parts: no ID
		{"session finished", body, `"LINK""SESSION_FINISHED""session-1"`},
		{"session finished, with another status", link("SESSION_FINISHED", `,"link_session_id":"session-1","status":"EXITED","user_id":"u"`), `"LINK""SESSION_FINISHED""session-1"`},
		{"session finished without a session", link("SESSION_FINISHED", ""), ""},
		{"item add result", itemAddResult, `"LINK""ITEM_ADD_RESULT""public-sandbox-1"`},
		{"item add result without a token", link("ITEM_ADD_RESULT", `,"link_session_id":"session-1"`), ""},
		{"events", link("EVENTS", `,"events":[{"event_id":"2"},{"event_id":"1"}]`), `"LINK""EVENTS""1""2"`},
		{"events in another order", link("EVENTS", `,"events":[{"event_id":"1"},{"event_id":"2"}]`), `"LINK""EVENTS""1""2"`},
		{"events, one more", link("EVENTS", `,"events":[{"event_id":"1"},{"event_id":"2"},{"event_id":"3"}]`), `"LINK""EVENTS""1""2""3"`},
		{"events with a quote in an id", link("EVENTS", `,"events":[{"event_id":"1\"\"2"}]`), `"LINK""EVENTS""1\"\"2"`},
		{"events, one without id", link("EVENTS", `,"events":[{"event_id":"1"},{}]`), ""},
		{"no events", link("EVENTS", `,"events":[]`), ""},
		{"pending expiration", item("PENDING_EXPIRATION", `,"consent_expiration_time":"2026-03-08T12:00:00Z"`), `"ITEM""PENDING_EXPIRATION""item-1""2026-03-08T12:00:00Z"`},
		{"pending expiration without a deadline", item("PENDING_EXPIRATION", ""), ""},
		{"pending expiration with null", item("PENDING_EXPIRATION", `,"consent_expiration_time":null`), ""},
		{"pending expiration with the other deadline", item("PENDING_EXPIRATION", `,"disconnect_time":"2026-03-08T12:00:00Z"`), ""},
		{"pending disconnect", item("PENDING_DISCONNECT", `,"reason":"r","disconnect_time":"2026-03-08T12:00:00Z"`), `"ITEM""PENDING_DISCONNECT""item-1""2026-03-08T12:00:00Z"`},
		{"pending disconnect without a deadline", item("PENDING_DISCONNECT", `,"reason":"INSTITUTION_MIGRATION"`), ""},
		{"pending disconnect of no item", `{"webhook_type":"ITEM","webhook_code":"PENDING_DISCONNECT","disconnect_time":"2026-03-08T12:00:00Z"}`, ""},
		{"item error", item("ERROR", `,"error":{"error_code":"ITEM_LOGIN_REQUIRED"}`), ""},
		{"login repaired", item("LOGIN_REPAIRED", ""), ""},
		{"transactions", `{"webhook_type":"TRANSACTIONS","webhook_code":"SYNC_UPDATES_AVAILABLE","item_id":"item-1"}`, ""},
		{"a type of the future", `{"webhook_type":"NEW","webhook_code":"SESSION_FINISHED","link_session_id":"session-1"}`, ""},
		{"a code of the future", link("NEW", `,"link_session_id":"session-1"`), ""},
		{"another type", `{"webhook_type":"ITEM","webhook_code":"SESSION_FINISHED","link_session_id":"session-1"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := receive(t, c.body)
			require.NoError(t, err)
			require.Equal(t, c.body, string(e.Raw))
			if c.parts == "" {
				require.Empty(t, e.ID)
				return
			}
			require.Equal(t, idOf(c.parts), e.ID)
		})
	}
}

// The second lost login of an Item has the bytes of the first. Each reaches the function, whatever was seen before.
func TestTheSameBytesAreAnotherEvent(t *testing.T) {
	for _, c := range []struct {
		name, body string
		at         []time.Duration
	}{
		{"new transactions", `{"webhook_type":"TRANSACTIONS","webhook_code":"SYNC_UPDATES_AVAILABLE","item_id":"item-1"}`, []time.Duration{0, 6 * time.Hour, 36 * time.Hour}},
		{"lost login", `{"webhook_type":"ITEM","webhook_code":"ERROR","item_id":"item-1","error":{"error_code":"ITEM_LOGIN_REQUIRED"}}`, []time.Duration{0, 20 * time.Hour}},
		{"login repaired", `{"webhook_type":"ITEM","webhook_code":"LOGIN_REPAIRED","item_id":"item-1"}`, []time.Duration{0, time.Minute}},
		{"a deadline that is not named", `{"webhook_type":"ITEM","webhook_code":"PENDING_DISCONNECT","item_id":"item-1","reason":"INSTITUTION_MIGRATION"}`, []time.Duration{0, time.Hour}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, v := start(t, webhook.WithSeen(func(_ context.Context, e webhook.Event) (bool, error) {
				t.Errorf("asked for %v", e)
				return true, nil
			}))
			reached := 0
			h := v.Handler(func(_ context.Context, e webhook.Event) error { reached++; return nil })
			for n, at := range c.at {
				p.set(func() { p.time = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(at) })
				require.Equal(t, 200, post(t, h, http.MethodPost, p.deliver(t, c.body, nil), strings.NewReader(c.body)).Code)
				require.Equal(t, n+1, reached, "after %v", at)
			}
			t.Attr("got", fmt.Sprintf("%s, %d deliveries: handled=%d", c.name, len(c.at), reached))
		})
	}
}
