package faults_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// badTexts are not valid UTF-8, each between two letters.
var badTexts = map[string]string{
	"a lone high surrogate": `a\ud800b`,
	"a lone low surrogate":  `a\uDC00b`,
	"surrogates swapped":    `a\udc00\ud800b`,
	"a byte of Latin-1":     "a\xe9b",
	"a byte outside UTF-8":  "a\xffb",
	"a sequence cut short":  "a\xe2\x82b",
	"an overlong slash":     "a\xc0\xafb",
}

func TestFault28BadTextIsReplacedButInTokens(t *testing.T) {
	row := faults.Begin(t, "invalid UTF-8 in a text, a lone surrogate")
	for name, bad := range badTexts {
		t.Run(name+", in a text", func(t *testing.T) {
			m := wiretest.InMemory(wiretest.Reply(200, `{"link_token":"link-sandbox-1","created_at":null,"expiration":null,"metadata":{"client_name":"`+bad+`"},`+
				`"x_new":"`+bad+`","request_id":"req-1"}`))
			got := succeeds(t, faults.Get, m.Client(t))
			resp := got.Response().(*gen.LinkTokenGetResponse)
			require.Regexp(t, "^a\ufffd+b$", *resp.Metadata.ClientName)
			require.Equal(t, "link-sandbox-1", resp.LinkToken)
			require.Contains(t, resp.ExtraFields, "x_new")
			row.Got("in a text", got)
		})
		t.Run(name+", in an error", func(t *testing.T) {
			m := wiretest.InMemory(wiretest.Reply(400, `{"error_type":"INVALID_REQUEST","error_code":"INVALID_FIELD","error_message":"`+bad+`","request_id":"req-1"}`))
			got := faults.Get.Call(t.Context(), m.Client(t))
			e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 400)
			require.Equal(t, plaidlink.CodeInvalidField, e.Code)
			require.Regexp(t, "^a\ufffd+b$", e.Message)
			require.Equal(t, "req-1", e.RequestID)
			row.Got("in an error", got)
		})
		// A token that was altered is worse than none: it fails later, and elsewhere.
		for _, test := range []struct{ operation, body, property string }{
			{"linkTokenCreate", `{"link_token":"BAD"}`, "link_token"},
			{"linkTokenGet", `{"link_token":"BAD"}`, "link_token"},
			{"linkOauthCorrelationIdExchange", `{"link_token":"BAD"}`, "link_token"},
			{"itemPublicTokenExchange", `{"access_token":"BAD"}`, "access_token"},
			{"sandboxPublicTokenCreate", `{"public_token":"BAD"}`, "public_token"},
			{rotate.ID, `{"new_access_token":"BAD"}`, "new_access_token"},
			{"webhookVerificationKeyGet", `{"key":{"kid":"BAD"}}`, "kid"},
			{"linkTokenGet", `{"link_token":"l","link_sessions":[{"results":{"item_add_results":[{"public_token":"BAD"}]}}]}`, "public_token"},
			{"linkTokenGet", `{"link_token":"l","link_sessions":[{"on_success":{"public_token":"BAD"}}]}`, "public_token"},
			{"linkTokenGet", `{"link_token":"l","metadata":{"client_name":"BAD","user_token":"BAD"}}`, "user_token"}, // after a text
			{"sandboxPublicTokenCreate", `{"public_token":"p","new_tokens":["a","BAD"]}`, "new_tokens"},
		} {
			t.Run(name+", in "+test.operation+" "+test.property, func(t *testing.T) {
				got := requireUnusable(t, test.operation, strings.ReplaceAll(test.body, "BAD", bad), plaidlink.ErrDecode)
				require.ErrorContains(t, got.Err(), test.property)
				require.ErrorContains(t, got.Err(), "is not valid UTF-8")
				row.Got("in "+test.property, got)
			})
		}
	}
	t.Run("valid, but odd", func(t *testing.T) {
		m := wiretest.InMemory(wiretest.Reply(200, `{"link_token":"link-\ud83d\ude00-é","created_at":null,"expiration":null,"metadata":{"client_name":"\ufffd"}}`))
		got := succeeds(t, faults.Get, m.Client(t))
		resp := got.Response().(*gen.LinkTokenGetResponse)
		require.Equal(t, "link-\U0001f600-é", resp.LinkToken)
		require.Equal(t, "\ufffd", *resp.Metadata.ClientName)
		row.Got("valid, but odd", got)
	})
}

func TestFault29DuplicateNamesAreRefused(t *testing.T) {
	row := faults.Begin(t, "duplicate names; Link_Token beside link_token")
	for name, body := range map[string]string{
		"a token":             `{"link_token":"good","link_token":"evil"}`,
		"the same twice":      `{"link_token":"good","link_token":"good"}`,
		"written differently": `{"link_token":"good","link\u005ftoken":"evil"}`,
		"deeper":              `{"link_token":"l","link_sessions":[{"link_session_id":"a","link_session_id":"b"}]}`,
		"an object":           `{"link_token":"l","metadata":{"client_name":"a"},"metadata":{"client_name":"b"}}`,
		"a known one, long":   `{"link_token":"l","link_token":"` + strings.Repeat("n", 5000) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			got := requireUnusable(t, wiretest.OpGet, body, plaidlink.ErrDecode)
			require.Regexp(t, `a name \w+ twice`, got.Err().Error())
			require.NotContains(t, got.Err().Error(), "evil")
			row.Got(name, got)
		})
	}
	t.Run("names that differ by case", func(t *testing.T) {
		m := wiretest.InMemory(wiretest.Reply(200, `{"Link_Token":"evil","link_token":"good","LINK_TOKEN":"evil","created_at":null,"expiration":null,"metadata":{}}`))
		got := succeeds(t, faults.Get, m.Client(t))
		resp := got.Response().(*gen.LinkTokenGetResponse)
		require.Equal(t, "good", resp.LinkToken)
		require.Equal(t, gen.ExtraFields{"Link_Token": []byte(`"evil"`), "LINK_TOKEN": []byte(`"evil"`)}, resp.ExtraFields)
		row.Got("names that differ by case", got)
	})
	t.Run("in an error", func(t *testing.T) { // its status decides; the rest is a help
		m := wiretest.InMemory(wiretest.Reply(400, `{"error_code":"INVALID_FIELD","error_code":"INVALID_FIELD","error_type":"INVALID_REQUEST"}`))
		got := faults.Get.Call(t.Context(), m.Client(t))
		require.Equal(t, plaidlink.CodeInvalidField, wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 400).Code)
		row.Got("in an error", got)
	})
}
