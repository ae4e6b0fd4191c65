package faults_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// rotate is the operation whose response is the only copy of a token while the one before is dead already.
var rotate = faults.Of("itemAccessTokenInvalidate", false,
	(*plaidlink.Client).ItemAccessTokenInvalidate, gen.ItemAccessTokenInvalidateRequest{AccessToken: "access-sandbox-0"})

// everyOperation has a call of operations, by their operationId.
var everyOperation = map[string]faults.Operation{
	wiretest.OpGet:      faults.Get,
	wiretest.OpExchange: faults.Exchange,
	"linkTokenCreate": faults.Of("linkTokenCreate", true, (*plaidlink.Client).LinkTokenCreate, gen.LinkTokenCreateRequest{
		ClientName: "Example App", Language: "en", CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User: &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"}, Products: []gen.Products{gen.ProductsAuth},
	}),
	"linkProfileEligibilityCheck": faults.Of("linkProfileEligibilityCheck", true,
		(*plaidlink.Client).LinkProfileEligibilityCheck, gen.LinkProfileEligibilityCheckRequest{}),
	"linkOauthCorrelationIdExchange": faults.Of("linkOauthCorrelationIdExchange", false,
		(*plaidlink.Client).LinkOAuthCorrelationIDExchange, gen.LinkOAuthCorrelationIDExchangeRequest{}),
	"sandboxPublicTokenCreate": faults.Of("sandboxPublicTokenCreate", false, (*plaidlink.Client).SandboxPublicTokenCreate,
		gen.SandboxPublicTokenCreateRequest{InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth}}),
	rotate.ID: rotate,
	"webhookVerificationKeyGet": faults.Of("webhookVerificationKeyGet", true,
		(*plaidlink.Client).WebhookVerificationKeyGet, gen.WebhookVerificationKeyGetRequest{KeyID: "kid-1"}),
}

// requireUnusable asserts that a 200 with a body ends in an error, once: the server did what it was asked, so a retry would do
// it again.
func requireUnusable(t *testing.T, operation, body string, cause error) faults.Outcome {
	t.Helper()
	m := wiretest.InMemory(wiretest.Reply(200, body))
	got := everyOperation[operation].Call(t.Context(), m.Client(t))
	require.Nil(t, got.Response(), "a half-filled response")
	e := wiretest.RequireFailed(t, got.Err(), operation, 200)
	require.ErrorIs(t, e, cause)
	require.Len(t, m.Requests(t), 1)
	require.Equal(t, 1, e.Attempts)
	require.True(t, e.MaybeCarriedOut)
	require.Less(t, len(e.Error()), 400, "the text has a part of the body")
	return got
}

func TestFault25ResponseWithoutItsTokenIsIncomplete(t *testing.T) {
	row := faults.Begin(t, "null or missing required token (link_token, …, key)")
	for operation, property := range map[string]string{
		"linkTokenCreate": "link_token", "linkTokenGet": "link_token", "linkOauthCorrelationIdExchange": "link_token",
		"itemPublicTokenExchange": "access_token", "sandboxPublicTokenCreate": "public_token",
		rotate.ID: "new_access_token",
	} {
		for name, body := range map[string]string{
			"missing":        `{"request_id":"req-9"}`,
			"null":           `{"` + property + `":null,"request_id":"req-9"}`,
			"empty":          `{"` + property + `":"","request_id":"req-9"}`,
			"by another":     `{"` + strings.ToUpper(property) + `":"x","request_id":"req-9"}`, // names are matched by case
			"in another":     `{"data":{"` + property + `":"x"},"request_id":"req-9"}`,
			"only a comment": `{"request_id":"req-9","error_code":null}`,
		} {
			t.Run(operation+", "+name, func(t *testing.T) {
				got := requireUnusable(t, operation, body, plaidlink.ErrIncomplete)
				require.ErrorContains(t, got.Err(), plaidlink.ErrIncomplete.Error()+": "+property+" is missing")
				require.Equal(t, "req-9", got.Failure().RequestID)
				row.Got(name, got)
			})
		}
	}
	for name, body := range map[string]string{
		"missing": `{"request_id":"r"}`, "null": `{"key":null}`, "empty": `{"key":{}}`, "no kid": `{"key":{"alg":"ES256","x":"a","y":"b"}}`,
	} {
		t.Run("webhookVerificationKeyGet, "+name, func(t *testing.T) {
			got := requireUnusable(t, "webhookVerificationKeyGet", body, plaidlink.ErrIncomplete)
			require.ErrorContains(t, got.Err(), "key.kid is missing")
			row.Got(name, got)
		})
	}
	t.Run("linkProfileEligibilityCheck, nothing of Plaid's in it", func(t *testing.T) { // false alone would be a response
		got := requireUnusable(t, "linkProfileEligibilityCheck", `{}`, plaidlink.ErrIncomplete)
		require.ErrorContains(t, got.Err(), "request_id is missing")
		row.Got("empty", got)
	})
	t.Run("itemAccessTokenInvalidate, a response that is lost", func(t *testing.T) { // a retry could only fail
		s := faults.Serve(t, faults.Always(faults.Respond("").Then((*faults.Conn).HangUp)))
		got := fails(t, rotate, clientOf(t, s.URL), 0)
		require.True(t, got.Failure().MaybeCarriedOut)
		require.EqualValues(t, 1, s.Requests.Load())
		row.Got("lost with its response", got)
	})
	t.Run("null for the whole", func(t *testing.T) {
		row.Got("null for the whole", requireUnusable(t, wiretest.OpGet, "null", plaidlink.ErrIncomplete))
	})
}

// wholeBody has an object of each kind that /link/token/get returns.
const wholeBody = `{"link_token":"link-sandbox-1","created_at":"2026-03-02T09:30:00Z","expiration":"2026-03-02T13:30:00Z",
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

func TestFault26UnknownValuesAreKept(t *testing.T) {
	row := faults.Begin(t, "unknown enum value, unknown fields at any depth")
	var body any
	require.NoError(t, json.Unmarshal([]byte(wholeBody), &body))
	objects := 0
	var add func(any)
	add = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, property := range v {
				add(property)
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

	m := wiretest.InMemory(wiretest.Reply(200, string(sent)))
	got := succeeds(t, faults.Get, m.Client(t))
	resp := got.Response().(*gen.LinkTokenGetResponse)
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
	var again any
	require.NoError(t, json.Unmarshal(kept, &again))
	require.NoError(t, lost("", body, again))
	row.Got(strconv.Itoa(objects)+" objects with two unknown properties each", got)
}

// lost names what is in one JSON value and not in another, which may have more: what the specification requires by now.
func lost(place string, sent, kept any) error {
	switch sent := sent.(type) {
	case map[string]any:
		kept, _ := kept.(map[string]any)
		for name, value := range sent {
			if err := lost(place+"/"+name, value, kept[name]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		kept, _ := kept.([]any)
		for i, value := range sent {
			if i >= len(kept) {
				return fmt.Errorf("%s/%d was lost", place, i)
			}
			if err := lost(fmt.Sprintf("%s/%d", place, i), value, kept[i]); err != nil {
				return err
			}
		}
		return nil
	}
	if sent != kept {
		return fmt.Errorf("%s was lost: sent %v, kept %v", place, sent, kept)
	}
	return nil
}

func TestFault27NumberThatDoesNotFitIsRefused(t *testing.T) {
	row := faults.Begin(t, "2^63, 1e400, 1.5 for an integer")
	key := func(property, value string) string {
		return `{"key":{"kid":"kid-1","` + property + `":` + value + `},"request_id":"r"}`
	}
	for name, test := range map[string]struct{ operation, body, field, value string }{
		"2^63":               {"webhookVerificationKeyGet", key("created_at", "9223372036854775808"), "/key/created_at", "9223372036854775808"},
		"-2^63-1":            {"webhookVerificationKeyGet", key("created_at", "-9223372036854775809"), "/key/created_at", "9223372036854775809"},
		"1e400":              {"webhookVerificationKeyGet", key("created_at", "1e400"), "/key/created_at", "1e400"},
		"1.5":                {"webhookVerificationKeyGet", key("created_at", "1.5"), "/key/created_at", "1.5"},
		"behind a pointer":   {"webhookVerificationKeyGet", key("expired_at", "1.5"), "/key/expired_at", "1.5"},
		"a text":             {"webhookVerificationKeyGet", key("created_at", `"1500"`), "/key/created_at", "1500"},
		"a token's a number": {wiretest.OpExchange, `{"access_token":77123,"item_id":"i"}`, "/access_token", "77123"},
	} {
		t.Run(name, func(t *testing.T) {
			got := requireUnusable(t, test.operation, test.body, plaidlink.ErrDecode)
			require.ErrorContains(t, got.Err(), `at "`+test.field+`"`)
			require.NotContains(t, got.Err().Error(), test.value)
			row.Got(name, got)
		})
	}
	t.Run("2^63-1 fits", func(t *testing.T) {
		m := wiretest.InMemory(wiretest.Reply(200, key("created_at", "9223372036854775807")))
		row.Got("2^63-1", succeeds(t, everyOperation["webhookVerificationKeyGet"], m.Client(t)))
	})
}

// nested are bodies of so many brackets, closed or not.
func nested(depth int) map[string]string {
	open, shut := strings.Repeat("[", depth), strings.Repeat("]", depth)
	return map[string]string{
		"open":                   open,
		"closed":                 open + shut,
		"objects":                strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth),
		"in an unknown property": `{"link_token":"link-sandbox-1","x_new":` + open + shut + `}`,
		"in a list":              `{"link_token":"link-sandbox-1","link_sessions":` + open + shut + `}`,
	}
}

func TestFault30DeepNestingIsRefused(t *testing.T) {
	row := faults.Begin(t, "nesting of 10,001 and of 1,000,000 brackets")
	for _, depth := range []int{10_001, 1_000_000} {
		for name, body := range nested(depth) {
			t.Run(strconv.Itoa(depth)+" "+name, func(t *testing.T) {
				row.Got(strconv.Itoa(depth), requireUnusable(t, wiretest.OpGet, body, plaidlink.ErrDecode))
			})
			t.Run(strconv.Itoa(depth)+" "+name+", in an error", func(t *testing.T) {
				m := wiretest.InMemory(wiretest.Reply(400, body))
				got := faults.Get.Call(t.Context(), m.Client(t))
				e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, 400)
				require.Empty(t, e.Code)
				require.Less(t, len(e.Error()), 400)
				row.Got("in an error", got)
			})
		}
	}
	t.Run("9,000 are kept", func(t *testing.T) {
		m := wiretest.InMemory(wiretest.Reply(200, nested(9_000)["in an unknown property"]))
		got := succeeds(t, faults.Get, m.Client(t))
		require.Len(t, got.Response().(*gen.LinkTokenGetResponse).ExtraFields["x_new"], 18_000)
		row.Got("9,000", got)
	})
}

// BenchmarkDeepNesting is the time to an error: it should stay under 10 ms.
func BenchmarkDeepNesting(b *testing.B) {
	for _, depth := range []int{10_001, 1_000_000} {
		for name, body := range nested(depth) {
			b.Run(strconv.Itoa(depth)+" "+name, func(b *testing.B) {
				c := wiretest.NewClient(b, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: wiretest.Reply(200, body)}))
				for b.Loop() {
					require.ErrorIs(b, faults.Get.Call(b.Context(), c).Err(), plaidlink.ErrDecode)
				}
			})
		}
	}
}
