package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// sign returns a webhook of Plaid's, signed at a time.
func (q *quickstart) sign(signer *sandbox.Signer, body string, at time.Time) letter {
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("Plaid-Verification", signer.Sign([]byte(body), at))
	return letter{header, []byte(body)}
}

func itemEvent(itemID, code, errorCode string) string {
	return fmt.Sprintf(`{"webhook_type":"ITEM","webhook_code":%q,"item_id":%q,"error":{"error_code":%q}}`,
		code, itemID, errorCode)
}

const needsLogin = "Needs a new login"

func TestForgedWebhook(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	body := itemEvent(item, "ERROR", "ITEM_LOGIN_REQUIRED")
	require.NoError(t, q.plaid.RequireLogin(item))
	good := q.sign(q.plaid.Signer(), body, time.Now())
	changed := q.sign(q.plaid.Signer(), body, time.Now())
	others := itemEvent("other", "ERROR", "ITEM_LOGIN_REQUIRED")
	changed.body = append(changed.body, ' ')
	for name, c := range map[string]struct {
		letter letter
		status int
	}{
		"another's key":      {q.sign(sandbox.NewSigner(), body, time.Now()), http.StatusUnauthorized},
		"no signature":       {letter{http.Header{}, []byte(body)}, http.StatusUnauthorized},
		"another body":       {changed, http.StatusUnauthorized},
		"six minutes old":    {q.sign(q.plaid.Signer(), body, time.Now().Add(-6*time.Minute)), http.StatusUnauthorized},
		"a body of 2 MiB":    {letter{good.header, []byte(strings.Repeat(" ", 2<<20))}, http.StatusRequestEntityTooLarge},
		"not for us, signed": {q.sign(q.plaid.Signer(), others, time.Now()), http.StatusOK},
		"unknown, signed":    {q.sign(q.plaid.Signer(), `{"webhook_type":"NEW","webhook_code":"NEWER"}`, time.Now()), http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.status, q.deliver(c.letter))
			_, _, page := v.do(http.MethodGet, "/", nil)
			require.NotContains(t, page, needsLogin)
		})
	}
	require.Equal(t, http.StatusOK, q.deliver(good))
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, needsLogin)
}
