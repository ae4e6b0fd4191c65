package plaidlink_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// operationCalls are calls of every operation.
var operationCalls = map[string]func(*testing.T, *plaidlink.Client) (any, error){
	"linkTokenCreate": func(t *testing.T, c *plaidlink.Client) (any, error) {
		return c.LinkTokenCreate(t.Context(), request)
	},
	"linkTokenGet": func(t *testing.T, c *plaidlink.Client) (any, error) { return getToken(t, c) },
	"linkProfileEligibilityCheck": func(t *testing.T, c *plaidlink.Client) (any, error) {
		return c.LinkProfileEligibilityCheck(t.Context(), gen.LinkProfileEligibilityCheckRequest{})
	},
	"linkOauthCorrelationIdExchange": func(t *testing.T, c *plaidlink.Client) (any, error) {
		return c.LinkOAuthCorrelationIDExchange(t.Context(), gen.LinkOAuthCorrelationIDExchangeRequest{})
	},
	"itemPublicTokenExchange": func(t *testing.T, c *plaidlink.Client) (any, error) { return exchange(t, c) },
	"sandboxPublicTokenCreate": func(t *testing.T, c *plaidlink.Client) (any, error) {
		return c.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth}})
	},
	"webhookVerificationKeyGet": func(t *testing.T, c *plaidlink.Client) (any, error) {
		return c.WebhookVerificationKeyGet(t.Context(), gen.WebhookVerificationKeyGetRequest{KeyID: "kid-1"})
	},
}

// requireUnusable asserts that a 200 with a body ends in an error, once: the server did what it was asked, so a repeat
// would do it again.
func requireUnusable(t *testing.T, operation, body string, cause error) *plaidlink.Error {
	t.Helper()
	m := inMemory(replyWith(200, body))
	resp, err := operationCalls[operation](t, m.client(t))
	require.Nil(t, resp, "a half-filled answer")
	e := requireFailed(t, err, operation, 200)
	require.ErrorIs(t, err, cause)
	require.Len(t, m.requests(t), 1)
	require.Equal(t, 1, e.Attempts)
	require.True(t, e.MaybeCarriedOut)
	require.Less(t, len(e.Error()), 400, "the text has a part of the body")
	return e
}

func TestFault25TokenMissing(t *testing.T) {
	got := fault(t, 25, "null or missing required token (link_token, …, key)")
	for operation, member := range map[string]string{
		"linkTokenCreate": "link_token", "linkTokenGet": "link_token", "linkOauthCorrelationIdExchange": "link_token",
		"itemPublicTokenExchange": "access_token", "sandboxPublicTokenCreate": "public_token",
	} {
		for name, body := range map[string]string{
			"missing":        `{"request_id":"req-9"}`,
			"null":           `{"` + member + `":null,"request_id":"req-9"}`,
			"empty":          `{"` + member + `":"","request_id":"req-9"}`,
			"by another":     `{"` + strings.ToUpper(member) + `":"x","request_id":"req-9"}`, // names are matched by case
			"in another":     `{"data":{"` + member + `":"x"},"request_id":"req-9"}`,
			"only a comment": `{"request_id":"req-9","error_code":null}`,
		} {
			t.Run(operation+", "+name, func(t *testing.T) {
				e := requireUnusable(t, operation, body, plaidlink.ErrIncomplete)
				require.ErrorContains(t, e, "incomplete answer: "+member+" is missing")
				require.Equal(t, "req-9", e.RequestID)
			})
		}
	}
	for name, body := range map[string]string{
		"missing": `{"request_id":"r"}`, "null": `{"key":null}`, "empty": `{"key":{}}`, "no kid": `{"key":{"alg":"ES256","x":"a","y":"b"}}`,
	} {
		t.Run("webhookVerificationKeyGet, "+name, func(t *testing.T) {
			e := requireUnusable(t, "webhookVerificationKeyGet", body, plaidlink.ErrIncomplete)
			require.ErrorContains(t, e, "key.kid is missing")
		})
	}
	t.Run("linkProfileEligibilityCheck, nothing of Plaid's in it", func(t *testing.T) { // false alone would be an answer
		require.ErrorContains(t, requireUnusable(t, "linkProfileEligibilityCheck", `{}`, plaidlink.ErrIncomplete), "request_id is missing")
	})
	t.Run("null for the whole", func(t *testing.T) { requireUnusable(t, opGet, "null", plaidlink.ErrIncomplete) })
	got("%q, errors.Is ErrIncomplete, request_id kept, 1 request", "incomplete answer: access_token is missing")
}

// wholeAnswer has an object of each kind that /link/token/get gives.
const wholeAnswer = `{"link_token":"link-sandbox-1","created_at":"2026-03-02T09:30:00Z","expiration":"2026-03-02T13:30:00Z",
 "metadata":{"initial_products":["auth","teleport"],"webhook":null,"country_codes":["US","XX"],"language":"tlh","redirect_uri":null,
  "client_name":"Example","account_filters":{"depository":{"account_subtypes":["checking","mattress"]}}},
 "link_sessions":[{"link_session_id":"s-1","started_at":"2026-03-02T09:31:00Z","finished_at":"2026-03-02T09:32:00Z",
  "events":[{"event_id":"e-1","event_name":"TELEPORT","timestamp":"2026-03-02T09:31:30Z","event_metadata":{"error_type":"COSMIC","request_id":"r"}}],
  "exit":{"error":{"error_type":"COSMIC_ERROR","error_code":"RAY","error_message":"m","display_message":null},
   "metadata":{"institution":{"name":"n","institution_id":"i"},"link_session_id":"s-1","request_id":"r","status":"requires_teleport"}},
  "results":{"item_add_results":[{"public_token":"public-sandbox-1","institution":{"name":"n","institution_id":"i"},
    "accounts":[{"id":"a-1","name":"n","mask":"0000","type":"psychic","subtype":"aura","class_type":"c","verification_status":"maybe"}]}],
   "bank_income_results":[{"item_id":"i","institution":{"name":"n","institution_id":"i"},"status":"STATUS_NEW"}],
   "cra_item_add_results":[],"cra_update_results":[],"payroll_income_results":[],"document_income_results":null}}],
 "request_id":"req-1"}`

func TestFault26Unknown(t *testing.T) {
	got := fault(t, 26, "unknown enum value, unknown fields at any depth")
	var body any
	require.NoError(t, json.Unmarshal([]byte(wholeAnswer), &body))
	objects := 0
	var add func(any)
	add = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, member := range v {
				add(member)
			}
			objects++
			v["x_new"] = map[string]any{"list": []any{1.0, "two", nil, map[string]any{"deep": true}}}
			v["Link_Token"] = "another name" // names differ by case
		case []any:
			for _, element := range v {
				add(element)
			}
		}
	}
	add(body)
	sent, err := json.Marshal(body)
	require.NoError(t, err)

	m := inMemory(replyWith(200, string(sent)))
	resp, err := getToken(t, m.client(t))
	require.NoError(t, err)
	session := resp.LinkSessions[0]
	require.Equal(t, []gen.Products{gen.ProductsAuth, "teleport"}, resp.Metadata.InitialProducts)
	require.Equal(t, gen.CountryCode("XX"), resp.Metadata.CountryCodes[1])
	require.Equal(t, gen.DepositoryAccountSubtype("mattress"), resp.Metadata.AccountFilters.Depository.AccountSubtypes[1])
	require.Equal(t, gen.LinkSessionExitMetadataStatus("requires_teleport"), session.Exit.Metadata.Status)
	require.Equal(t, gen.CreditSessionBankIncomeStatus("STATUS_NEW"), session.Results.BankIncomeResults[0].Status)
	require.Equal(t, "psychic", session.Results.ItemAddResults[0].Accounts[0].Type)
	require.JSONEq(t, `{"list":[1,"two",null,{"deep":true}]}`, string(session.Results.ItemAddResults[0].Accounts[0].ExtraFields["x_new"]))
	require.Equal(t, `"another name"`, string(resp.ExtraFields["Link_Token"]))

	kept, err := json.Marshal(resp)
	require.NoError(t, err)
	require.JSONEq(t, string(sent), string(kept), "something was lost")
	got("the answer; values as they came, unknown members in ExtraFields of all %d objects", objects)
}

func TestFault27NumberOutOfRange(t *testing.T) {
	got := fault(t, 27, "2^63, 1e400, 1.5 for an integer")
	key := func(member, value string) string {
		return `{"key":{"kid":"kid-1","` + member + `":` + value + `},"request_id":"r"}`
	}
	for name, test := range map[string]struct{ operation, body, field, value string }{
		"2^63":               {"webhookVerificationKeyGet", key("created_at", "9223372036854775808"), "/key/created_at", "9223372036854775808"},
		"-2^63-1":            {"webhookVerificationKeyGet", key("created_at", "-9223372036854775809"), "/key/created_at", "9223372036854775809"},
		"1e400":              {"webhookVerificationKeyGet", key("created_at", "1e400"), "/key/created_at", "1e400"},
		"1.5":                {"webhookVerificationKeyGet", key("created_at", "1.5"), "/key/created_at", "1.5"},
		"behind a pointer":   {"webhookVerificationKeyGet", key("expired_at", "1.5"), "/key/expired_at", "1.5"},
		"a text":             {"webhookVerificationKeyGet", key("created_at", `"1500"`), "/key/created_at", "1500"},
		"a token's a number": {opExchange, `{"access_token":77123,"item_id":"i"}`, "/access_token", "77123"},
		"in a list": {opGet, `{"link_token":"l","link_sessions":[{"results":{"document_income_results":{"num_w2s_uploaded":2.5}}}]}`,
			"/link_sessions/0/results/document_income_results/num_w2s_uploaded", "2.5"},
	} {
		t.Run(name, func(t *testing.T) {
			e := requireUnusable(t, test.operation, test.body, plaidlink.ErrDecode)
			require.ErrorContains(t, e, `at "`+test.field+`"`)
			require.NotContains(t, e.Error(), test.value)
		})
	}
	t.Run("2^63-1 fits", func(t *testing.T) {
		m := inMemory(replyWith(200, key("created_at", "9223372036854775807")))
		_, err := operationCalls["webhookVerificationKeyGet"](t, m.client(t))
		require.NoError(t, err)
	})
	got("%s, without the value", `decode error: at "/key/created_at": a JSON number does not fit int`)
}

// nested are bodies of so many brackets, closed or not.
func nested(depth int) map[string]string {
	open, shut := strings.Repeat("[", depth), strings.Repeat("]", depth)
	return map[string]string{
		"open":                 open,
		"closed":               open + shut,
		"objects":              strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth),
		"in an unknown member": `{"link_token":"link-sandbox-1","x_new":` + open + shut + `}`,
		"in a list":            `{"link_token":"link-sandbox-1","link_sessions":` + open + shut + `}`,
	}
}

func TestFault30Nesting(t *testing.T) {
	got := fault(t, 30, "nesting of 10,001 and of 1,000,000 brackets")
	for _, depth := range []int{10_001, 1_000_000} {
		for name, body := range nested(depth) {
			t.Run(strconv.Itoa(depth)+" "+name, func(t *testing.T) {
				requireUnusable(t, opGet, body, plaidlink.ErrDecode)
			})
			t.Run(strconv.Itoa(depth)+" "+name+", in an error", func(t *testing.T) {
				m := inMemory(replyWith(400, body))
				_, err := getToken(t, m.client(t))
				e := requireFailed(t, err, opGet, 400)
				require.Empty(t, e.Code)
				require.Less(t, len(e.Error()), 400)
			})
		}
	}
	t.Run("9,000 are kept", func(t *testing.T) {
		m := inMemory(replyWith(200, nested(9_000)["in an unknown member"]))
		resp, err := getToken(t, m.client(t))
		require.NoError(t, err)
		require.Len(t, resp.ExtraFields["x_new"], 18_000)
	})
	got("a decode error, its text short; in an error's body: the error by its status")
	got("time: BenchmarkFault30Nesting")
}

// BenchmarkFault30Nesting is the time to an error: it should stay under 10 ms.
func BenchmarkFault30Nesting(b *testing.B) {
	for _, depth := range []int{10_001, 1_000_000} {
		for name, body := range nested(depth) {
			b.Run(strconv.Itoa(depth)+" "+name, func(b *testing.B) { benchmarkFailure(b, body) })
		}
	}
}

func benchmarkFailure(b *testing.B, body string) {
	c, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: testClientID, Secret: testSecret},
		plaidlink.WithHTTPClient(&http.Client{Transport: replyWith(200, body)}))
	require.NoError(b, err)
	for b.Loop() {
		_, err := c.LinkTokenGet(b.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"})
		require.ErrorIs(b, err, plaidlink.ErrDecode)
	}
}
