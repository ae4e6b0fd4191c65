package faults_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

func TestFault14UndeclaredSuccessIsAnError(t *testing.T) {
	row := faults.Begin(t, "208 with an OAUTH_ERROR body; any other 2xx")
	oauth := wiretest.ReplyError(208, plaidlink.TypeOAuthError, plaidlink.CodeOAuthStateIDAlreadyProcessed)
	for name, test := range map[string]struct {
		reply  wiretest.RoundTripper
		status int
		code   plaidlink.ErrorCode
	}{
		"208 of OAuth":             {oauth, 208, plaidlink.CodeOAuthStateIDAlreadyProcessed},
		"208 with a good body":     {wiretest.Reply(208, wiretest.TokenBody), 208, ""},
		"201 with a good body":     {wiretest.Reply(201, wiretest.TokenBody), 201, ""}, // the operations here do not declare it: its body is not known to be a response
		"202, accepted":            {wiretest.Reply(202, `{}`), 202, ""},
		"203 of a proxy":           {wiretest.Reply(203, wiretest.TokenBody), 203, ""},
		"204 without a body":       {wiretest.Reply(204, ""), 204, ""},
		"206, a part":              {wiretest.Reply(206, wiretest.TokenBody[:20]), 206, ""},
		"299":                      {wiretest.Reply(299, `<html>`), 299, ""},
		"208 and Retry-After":      {wiretest.Reply(208, `{}`, "Retry-After", "1"), 208, ""}, // no reason to retry
		"an error code with a 200": {wiretest.ReplyError(200, plaidlink.TypeAPIError, "X"), 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := wiretest.InMemory(test.reply)
			c := m.Client(t)
			got := faults.Get.Call(t.Context(), c)
			require.Nil(t, got.Response())
			e := wiretest.RequireFailed(t, got.Err(), wiretest.OpGet, test.status)
			require.Equal(t, test.code, e.Code)
			if test.code != "" {
				require.ErrorIs(t, e, plaidlink.TypeOAuthError)
				require.ErrorIs(t, e, test.code)
				require.Equal(t, "req-1", e.RequestID)
			}
			require.Equal(t, 1, e.Attempts)
			require.Len(t, m.Requests(t), 1)

			m.Then(test.reply)
			exchanged := faults.Exchange.Call(t.Context(), c)
			require.Nil(t, exchanged.Response())
			e = wiretest.RequireFailed(t, exchanged.Err(), wiretest.OpExchange, test.status)
			require.Len(t, m.Requests(t), 1)
			require.True(t, e.MaybeCarriedOut, "the status is that of a success")
			row.Got(name, got, exchanged)
		})
	}
	create := faults.Of("userCreate", true, (*plaidlink.Client).UserCreate, gen.UserCreateRequest{ClientUserID: "user-123"})
	for status, declared := range map[int]bool{200: true, 201: true, 202: false, 208: false} {
		t.Run(fmt.Sprintf("userCreate, %d", status), func(t *testing.T) {
			m := wiretest.InMemory(wiretest.Reply(status, `{"user_id":"usr_1","request_id":"req-1"}`))
			got := create.Call(t.Context(), m.Client(t))
			if declared {
				require.NoError(t, got.Err())
				require.Equal(t, "usr_1", got.Response().(*gen.UserCreateResponse).UserID)
				return
			}
			require.Nil(t, got.Response())
			wiretest.RequireFailed(t, got.Err(), create.ID, status)
			row.Got(fmt.Sprintf("%d of userCreate", status), got)
		})
	}
}
