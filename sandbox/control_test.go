package sandbox_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// control posts to one of the sandbox's own paths, without credentials.
func control(t testing.TB, server *sandbox.Server, path, body string) received {
	t.Helper()
	return send(t, server, "POST", "/_sandbox/"+path, body, func(h http.Header) {
		h.Del("PLAID-CLIENT-ID")
		h.Del("PLAID-SECRET")
	})
}

func TestControlFinishExit(t *testing.T) {
	server, client := start(t)
	token := create(t, client, createRequest()).LinkToken
	got := control(t, server, "link/finish", fmt.Sprintf(`{"link_token":%q,"outcome":"exit","institution_id":"ins_109509",
		"error_type":"ITEM_ERROR","error_code":"INVALID_MFA","status":"requires_code"}`, token))
	require.Equal(t, http.StatusOK, got.status)
	exit := get(t, client, token).LinkSessions[0].Exit
	require.Equal(t, "INVALID_MFA", exit.Error.ErrorCode)
	require.Equal(t, gen.PlaidErrorTypeItemError, exit.Error.ErrorType)
	require.Equal(t, "First Gingham Credit Union", exit.Metadata.Institution.Name)
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresCode, exit.Metadata.Status)
}

func TestControlFinishSuccess(t *testing.T) {
	server, client := start(t)
	token := create(t, client, createRequest()).LinkToken
	got := control(t, server, "link/finish", fmt.Sprintf(`{"link_token":%q,"outcome":"success","institution_id":"ins_109511"}`, token))
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "Tartan Bank", get(t, client, token).LinkSessions[0].Results.ItemAddResults[0].Institution.Name)
}

func TestControlCorrelationID(t *testing.T) {
	server, client := start(t)
	token := create(t, client, paymentRequest()).LinkToken
	want, err := server.CorrelationID(token)
	require.NoError(t, err)
	got := control(t, server, "link/correlation_id", fmt.Sprintf(`{"link_token":%q}`, token))
	require.Equal(t, want, got.properties["link_correlation_id"])
}

func TestControlAdvance(t *testing.T) {
	server, _ := start(t)
	began := server.Now()
	require.Equal(t, http.StatusOK, control(t, server, "advance", `{"seconds":7200}`).status)
	require.WithinDuration(t, began.Add(2*time.Hour), server.Now(), time.Minute)
	require.Equal(t, http.StatusOK, control(t, server, "advance", `{"seconds":-7200}`).status)
	require.WithinDuration(t, began, server.Now(), time.Minute)
}

func TestControlProfile(t *testing.T) {
	server, client := start(t)
	require.Equal(t, http.StatusOK, control(t, server, "profile", `{"phone_number":"+14155550123"}`).status)
	got, err := client.LinkProfileEligibilityCheck(t.Context(), gen.LinkProfileEligibilityCheckRequest{
		LinkSessionID: "any", User: gen.LinkProfileEligibilityCheckUser{PhoneNumber: "+14155550123"},
	})
	require.NoError(t, err)
	require.True(t, got.ProfileMatches)
}

func TestControlWebhooks(t *testing.T) {
	server, _ := start(t)
	r := receive(t, server)
	known, key := exited(t, server, r.url), server.WebhookKeyID()
	require.Equal(t, http.StatusOK, control(t, server, "webhook/rotate_key", `{}`).status)
	require.NotEqual(t, key, server.WebhookKeyID())
	r.received(t, server)
	require.Equal(t, http.StatusOK, control(t, server, "webhook/repeat", fmt.Sprintf(`{"id":%q}`, known.ID)).status)
	require.Equal(t, []string{"SESSION_FINISHED"}, codes(r.received(t, server)))
}

func TestControlRefusals(t *testing.T) {
	server, client := start(t)
	token := create(t, client, createRequest()).LinkToken
	finish := func(rest string) string { return fmt.Sprintf(`{"link_token":%q,%s}`, token, rest) }
	long := fmt.Sprintf(`{"phone_number":"%017000d"}`, 1)
	for name, test := range map[string]struct{ path, body, code, message string }{
		"no outcome":                   {"link/finish", finish(`"outcome":""`), "INVALID_FIELD", "outcome must be success or exit"},
		"an unknown token":             {"link/finish", `{"link_token":"link-sandbox-1","outcome":"exit"}`, "INVALID_LINK_TOKEN", "was not made"},
		"an error of a success":        {"link/finish", finish(`"outcome":"success","error_type":"ITEM_ERROR"`), "INVALID_FIELD", "those of an exit"},
		"an error_code of a success":   {"link/finish", finish(`"outcome":"success","error_code":"INVALID_MFA"`), "INVALID_FIELD", "those of an exit"},
		"a status of a success":        {"link/finish", finish(`"outcome":"success","status":"requires_code"`), "INVALID_FIELD", "those of an exit"},
		"an error without a code":      {"link/finish", finish(`"outcome":"exit","error_type":"ITEM_ERROR"`), "INVALID_FIELD", "needs ErrorType and ErrorCode"},
		"no id of an institution":      {"link/finish", finish(`"outcome":"exit","institution_id":"bank"`), "INVALID_FIELD", "institution_id must have the form"},
		"a token without correlation":  {"link/correlation_id", fmt.Sprintf(`{"link_token":%q}`, token), "INVALID_FIELD", "without payment_initiation"},
		"an unknown property":          {"advance", `{"secs":1}`, "INVALID_FIELD", "secs is unknown"},
		"a wrong type":                 {"advance", `{"seconds":"1"}`, "INVALID_FIELD", "seconds has a wrong type or is out of range"},
		"a fraction":                   {"advance", `{"seconds":1.5}`, "INVALID_FIELD", "seconds has a wrong type or is out of range"},
		"a time that overflows":        {"advance", `{"seconds":9223372036}`, "INVALID_FIELD", "seconds must be -31622400 to 31622400"},
		"no phone number":              {"profile", `{"phone_number":"555"}`, "INVALID_FIELD", "E.164"},
		"an unknown webhook":           {"webhook/repeat", `{"id":"1"}`, "INVALID_FIELD", "no webhook"},
		"no object":                    {"webhook/rotate_key", `[]`, "INVALID_BODY", "one JSON object"},
		"no body":                      {"webhook/rotate_key", ``, "INVALID_BODY", "one JSON object"},
		"a body that is too large":     {"profile", long, "INVALID_BODY", "larger than 16384 bytes"},
		"a path that is there no more": {"elsewhere", `{}`, "NOT_FOUND", "nothing at this path"},
		"the state, by POST":           {"state", `{}`, "NOT_FOUND", "nothing at this path"},
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, server, test.path, test.body)
			require.Equal(t, test.code, got.code)
			require.Contains(t, got.message, test.message)
		})
	}
	require.Empty(t, get(t, client, token).LinkSessions, "nothing was done")
}

// A web page that the developer visits must not reach the controls: without CORS it can send neither this Content-Type
// nor another method.
func TestControlIsNotForWebPages(t *testing.T) {
	server, _ := start(t)
	key, began := server.WebhookKeyID(), server.Now()
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", ""} {
		for _, path := range []string{"webhook/rotate_key", "advance"} {
			got := send(t, server, "POST", "/_sandbox/"+path, `{}`, func(h http.Header) { h.Set("Content-Type", kind) })
			require.Equal(t, "INVALID_HEADERS", got.code)
		}
	}
	for _, method := range []string{"GET", "PUT", "OPTIONS"} {
		require.Equal(t, "NOT_FOUND", send(t, server, method, "/_sandbox/webhook/rotate_key", `{}`, nil).code)
	}
	require.Equal(t, key, server.WebhookKeyID())
	require.WithinDuration(t, began, server.Now(), time.Minute)
}

func TestControlItems(t *testing.T) {
	l := begin(t, newServer(t))
	item := func(path, more string) int {
		return control(t, l.server, "item/"+path, fmt.Sprintf(`{"item_id":%q%s}`, l.id, more)).status
	}
	require.Equal(t, http.StatusOK, item("require_login", ""))
	l.broken("")
	require.Equal(t, http.StatusOK, item("repair_elsewhere", ""))
	l.healthy()
	require.Equal(t, http.StatusOK, item("end_consent", `,"seconds":3600`))
	require.WithinDuration(t, l.server.Now().Add(time.Hour), *l.item().ConsentExpirationTime, time.Minute)
	require.Equal(t, http.StatusBadRequest, item("end_consent", `,"seconds":-1`))
	require.Equal(t, http.StatusBadRequest, item("revoke", `,"at":"home"`))
	require.Equal(t, http.StatusOK, item("revoke", `,"at":"bank"`))
	l.broken("OAUTH_USER_REVOKED")
	l.update(sandbox.Success())
	accounts, err := l.accounts()
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, item("revoke_account", `,"account_id":"account-1"`))
	require.Equal(t, http.StatusOK, item("revoke_account", fmt.Sprintf(`,"account_id":%q`, accounts[0].AccountID)))
	require.Equal(t, http.StatusOK, item("revoke", `,"at":"plaid"`))
	l.gone("ITEM_NOT_FOUND")
	require.Equal(t, http.StatusBadRequest, item("require_login", ""), "it is gone")
}
