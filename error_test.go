package plaidlink_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// The text of an error has status, code, message and request id, in this order; Temporary reports whether the same call may
// succeed later.
func TestErrorTextIsInOneOrder(t *testing.T) {
	for name, test := range map[string]struct {
		status    int
		body      string
		text      string
		temporary bool
	}{
		"refused": {400, `{"error_type":"INVALID_REQUEST","error_code":"MISSING_FIELDS","error_message":"link_token is missing","request_id":"r1"}`,
			"plaidlink: linkTokenGet: 400 INVALID_REQUEST/MISSING_FIELDS: link_token is missing (request_id r1)", false},
		"Plaid's fault": {500, `{"error_type":"API_ERROR","error_code":"INTERNAL_SERVER_ERROR","error_message":"oops","request_id":"r1"}`,
			"plaidlink: linkTokenGet: 500 API_ERROR/INTERNAL_SERVER_ERROR: oops (request_id r1, perhaps carried out)", true},
		"the bank's fault": {400, `{"error_type":"INSTITUTION_ERROR","error_code":"INSTITUTION_DOWN","error_message":"down","request_id":"r1"}`,
			"plaidlink: linkTokenGet: 400 INSTITUTION_ERROR/INSTITUTION_DOWN: down (request_id r1)", true},
		"no credits": {429, `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"CREDITS_EXHAUSTED","error_message":"none left"}`,
			"plaidlink: linkTokenGet: 429 RATE_LIMIT_EXCEEDED/CREDITS_EXHAUSTED: none left", false},
		"too many calls": {429, `{"error_type":"RATE_LIMIT_EXCEEDED","error_code":"LINK_LIMIT","error_message":"slow down"}`,
			"plaidlink: linkTokenGet: 429 RATE_LIMIT_EXCEEDED/LINK_LIMIT: slow down", true},
		"a proxy's page": {502, `<html>`, "plaidlink: linkTokenGet: 502 Bad Gateway: the response is not from Plaid (perhaps carried out)", true},
		"no such status": {499, ``, "plaidlink: linkTokenGet: 499 the response is not from Plaid", false},
		"no token":       {200, `{"link_token":null,"request_id":"r1"}`, "plaidlink: linkTokenGet: 200 " + plaidlink.ErrIncomplete.Error() + ": link_token is missing (request_id r1, perhaps carried out)", false},
		"not JSON":       {200, `{`, "plaidlink: linkTokenGet: 200 " + plaidlink.ErrDecode.Error() + `: at "", byte 1: not valid JSON; found content type "application/json" (perhaps carried out)`, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.body)
			}))
			defer server.Close()
			_, err := wiretest.GetToken(t, wiretest.NewClient(t, server.URL), plaidlink.WithMaxAttempts(1))
			var perr *plaidlink.Error
			require.ErrorAs(t, fmt.Errorf("wrapped: %w", err), &perr)
			require.Equal(t, test.text, err.Error())
			require.Equal(t, test.temporary, perr.Temporary())
			require.Equal(t, test.body, string(perr.Raw))
		})
	}
}

// Without a response: what failed before the first attempt fails again, what the network did may not.
func TestErrorsWithoutAResponse(t *testing.T) {
	client := wiretest.NewClient(t, "http://127.0.0.1:1")
	var perr *plaidlink.Error

	_, err := wiretest.GetToken(t, client, plaidlink.WithMaxAttempts(1))
	require.ErrorAs(t, err, &perr)
	require.True(t, perr.Temporary(), "refused connections may be accepted later")
	require.False(t, perr.MaybeCarriedOut)

	require.ErrorAs(t, noDate(client, t.Context()), &perr)
	require.False(t, perr.Temporary(), "the request cannot be encoded, now or later")

	ended, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the user left"))
	require.ErrorAs(t, notJSON(client, ended), &perr)
	require.False(t, perr.Temporary())
	require.Equal(t, "plaidlink: linkTokenGet: context canceled: the user left", perr.Error())
}
