package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// A receiver that handles each occurrence once, where a webhook names it. In your program the keys come from a
// *plaidlink.Client, and the IDs are stored in the same transaction as what the webhook brought.
func Example() {
	plaid := newPlaid(&testing.T{}) // signs webhooks, and has the keys
	done := map[string]bool{}       // your database

	verifier := webhook.NewVerifier(plaid, webhook.WithClock(plaid.now),
		webhook.WithSeen(func(_ context.Context, e webhook.Event) (bool, error) { return done[e.ID], nil }))
	handler := verifier.Handler(func(_ context.Context, e webhook.Event) error {
		switch p := e.Payload.(type) {
		case *gen.LinkSessionFinishedWebhook:
			fmt.Println("session finished:", p.Status, p.PublicTokens)
		case *gen.ItemAddResultWebhook:
			fmt.Println("item added:", p.PublicToken)
		default:
			fmt.Println("read the state:", e.Type, e.Code)
		}
		if e.ID != "" {
			done[e.ID] = true
		}
		return nil
	})

	deliver := func(body string) {
		r := httptest.NewRequest(http.MethodPost, "/plaid/webhook", strings.NewReader(body))
		r.Header = plaid.deliver(&testing.T{}, body, nil)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	finished := `{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","status":"SUCCESS","link_session_id":"s","public_tokens":["public-sandbox-1"]}`
	deliver(finished)
	deliver(finished) // again
	accounts := `{"webhook_type":"ITEM","webhook_code":"NEW_ACCOUNTS_AVAILABLE","item_id":"item-1"}`
	deliver(accounts)
	deliver(accounts) // again, or more new accounts: nothing in it names the occurrence
	// Output:
	// session finished: SUCCESS [public-sandbox-1]
	// 200
	// 200
	// read the state: ITEM NEW_ACCOUNTS_AVAILABLE
	// 200
	// read the state: ITEM NEW_ACCOUNTS_AVAILABLE
	// 200
}
