package plaidlink_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
)

func TestFault14OtherSuccess(t *testing.T) {
	got := fault(t, 14, "208 with an OAUTH_ERROR body; any other 2xx")
	oauth := replyError(208, plaidlink.TypeOAuthError, plaidlink.CodeOAuthStateIDAlreadyProcessed)
	for name, test := range map[string]struct {
		reply  reply
		status int
		code   plaidlink.ErrorCode
	}{
		"208 of OAuth":             {oauth, 208, plaidlink.CodeOAuthStateIDAlreadyProcessed},
		"208 with an answer":       {replyWith(208, tokenAnswer), 208, ""},
		"201 with an answer":       {replyWith(201, tokenAnswer), 201, ""}, // no operation declares it: its body is not known to be an answer
		"202, accepted":            {replyWith(202, `{}`), 202, ""},
		"203 of a proxy":           {replyWith(203, tokenAnswer), 203, ""},
		"204 without a body":       {replyWith(204, ""), 204, ""},
		"206, a part":              {replyWith(206, tokenAnswer[:20]), 206, ""},
		"299":                      {replyWith(299, `<html>`), 299, ""},
		"208 and Retry-After":      {replyWith(208, `{}`, "Retry-After", "1"), 208, ""}, // no reason to repeat
		"an error code with a 200": {replyError(200, plaidlink.TypeAPIError, "X"), 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := inMemory(test.reply)
			c := m.client(t)
			resp, err := getToken(t, c)
			require.Nil(t, resp)
			e := requireFailed(t, err, opGet, test.status)
			require.Equal(t, test.code, e.Code)
			if test.code != "" {
				require.ErrorIs(t, err, plaidlink.TypeOAuthError)
				require.ErrorIs(t, err, test.code)
				require.Equal(t, "req-1", e.RequestID)
			}
			require.Equal(t, 1, e.Attempts)
			require.Len(t, m.requests(t), 1)

			m.then(test.reply)
			exchanged, err := exchange(t, c)
			require.Nil(t, exchanged)
			e = requireFailed(t, err, opExchange, test.status)
			require.Len(t, m.requests(t), 1)
			require.True(t, e.MaybeCarriedOut, "the server speaks of a success")
		})
	}
	got("%s, errors.Is finds type and code; no repeat", "208 OAUTH_ERROR/OAUTH_STATE_ID_ALREADY_PROCESSED")
	got("any other 2xx: typed with its status, perhaps carried out, never taken for an answer")
}
