// Command webhookmux receives webhooks beside an application's other routes, and deals with each one once.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

func main() {
	plaid := sandbox.NewSigner() // signs as Plaid does, and has the keys; elsewhere the keys come from your client

	var done sync.Map // your database, with a unique constraint on the id
	verifier := webhook.NewVerifier(plaid, webhook.WithSeen(func(_ context.Context, e webhook.Event) (bool, error) {
		_, seen := done.Load(e.ID)
		return seen, nil
	}))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the application") })
	// No middleware may read or change the body before the verifier: the signature covers every byte.
	mux.Handle("POST /plaid/webhook", verifier.Handler(func(_ context.Context, e webhook.Event) error {
		fmt.Println("received", e.Type, e.Code)
		done.Store(e.ID, true)
		return nil
	}))

	deliver := func(forged bool) {
		request, err := plaid.Request("/plaid/webhook", []byte(`{"webhook_type":"ITEM","webhook_code":"NEW_ACCOUNTS_AVAILABLE"}`))
		if err != nil {
			log.Fatal(err)
		}
		if forged {
			request.Header.Set("Plaid-Verification", sandbox.NewSigner().Sign(nil, time.Now()))
		}
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, request)
		fmt.Println(answer.Code)
	}
	deliver(false)
	deliver(false) // again, as Plaid does at times
	deliver(true)
}

// Output:
// received ITEM NEW_ACCOUNTS_AVAILABLE
// 200
// 200
// 401
