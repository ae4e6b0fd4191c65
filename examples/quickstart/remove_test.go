package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// A removal ends the Item at Plaid before its access token is deleted, and can be repeated after every failure.
func TestRemoveEndsTheItem(t *testing.T) {
	for name, c := range map[string]struct {
		fault  sandbox.Fault
		broken failpoint // of the database
		status int       // of the first press
		ended  bool      // at Plaid, after it
	}{
		"nothing fails":          {status: http.StatusSeeOther, ended: true},
		"Plaid refuses":          {fault: sandbox.PlaidError(400, "API_ERROR", "X", ""), status: http.StatusBadGateway},
		"the response is lost":   {fault: sandbox.DropResponse(), status: http.StatusSeeOther, ended: true}, // the client retries
		"the request is lost":    {fault: sandbox.Drop(), status: http.StatusSeeOther, ended: true},
		"the database is broken": {broken: trigger("DELETE ON items"), status: http.StatusInternalServerError, ended: true},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			item := v.connect()
			if c.fault != nil {
				require.NoError(t, q.plaid.Fail("itemRemove", c.fault))
			}
			if c.broken.broken != "" {
				q.exec(c.broken.broken)
			}
			status, _, _ := v.do(http.MethodPost, "/items/"+item+"/remove", nil)
			require.Equal(t, c.status, status)
			require.Equal(t, c.ended, q.plaid.State().Items == 0)
			if c.broken.mend != "" {
				q.exec(c.broken.mend)
			}
			if c.status != http.StatusSeeOther {
				require.Equal(t, []string{item}, v.banks(), "its access token is kept, to try again")
				q.restart()
				status, _, _ = v.do(http.MethodPost, "/items/"+item+"/remove", nil)
				require.Equal(t, http.StatusSeeOther, status)
			}
			require.Contains(t, v.page(), "First Platypus Bank was removed, and the connection has ended at Plaid.")
			require.Empty(t, v.banks())
			require.Zero(t, q.plaid.State().Items)
			q.webhooks() // late
			require.Empty(t, v.banks())
			t.Attr("got", fmt.Sprintf("a removal, %s: status=%d banks=%d items=%d", name, c.status, len(v.banks()), q.plaid.State().Items))
		})
	}
}

// An Item that was removed at Plaid before is removed here too, whichever code Plaid has for it.
func TestRemoveWhatIsGone(t *testing.T) {
	for _, code := range []plaidlink.ErrorCode{plaidlink.CodeItemNotFound, plaidlink.CodeInvalidAccessToken} {
		q := newQuickstart(t)
		v := q.visitor("Ada")
		item := v.connect()
		require.NoError(t, q.plaid.Fail("itemRemove", sandbox.PlaidError(400, "ITEM_ERROR", code, "")))
		v.do(http.MethodPost, "/items/"+item+"/remove", nil)
		require.Contains(t, v.page(), "was removed", code)
	}
}

// Plaid's production does not know an Item of its sandbox, which is not gone: nothing is deleted.
func TestRemoveInAnotherEnvironment(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	q.app.environment = plaidlink.Production
	fault := sandbox.PlaidError(400, "INVALID_INPUT", "INVALID_ACCESS_TOKEN", "")
	for operation, path := range map[string]string{"itemRemove": "/remove", "linkTokenCreate": "/update"} {
		require.NoError(t, q.plaid.Fail(operation, fault))
		status, _, page := v.do(http.MethodPost, "/items/"+item+path, nil)
		require.Equal(t, http.StatusConflict, status)
		require.Contains(t, page, "This connection was made in another environment of Plaid")
	}
	q.later()
	require.NoError(t, q.plaid.Fail("itemGet", fault))
	require.Contains(t, v.page(), "110.00 USD")
	require.Contains(t, v.page(), ">Connected<")
	require.Equal(t, 1, q.plaid.State().Items)
}
