// Command webhookmux receives webhooks beside an application's other routes. One that names its occurrence is handled once;
// any other is a hint to read the state.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

func main() {
	plaid := sandbox.NewSigner() // signs as Plaid does, and has the keys; elsewhere the keys come from your client

	var handled sync.Map // your database, with a unique constraint on the ID
	verifier := webhook.NewVerifier(plaid, webhook.WithSeen(func(_ context.Context, e webhook.Event) (bool, error) {
		_, seen := handled.Load(e.ID)
		return seen, nil
	}))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the application") })
	// No middleware may read or change the body before the verifier: the signature covers every byte.
	mux.Handle("POST /plaid/webhook", verifier.Handler(func(_ context.Context, e webhook.Event) error {
		if e.ID == "" { // the same bytes can be another event: do not drop it
			fmt.Println("read the state after", e.Type, e.Code)
			return nil
		}
		fmt.Println("handle once", e.Type, e.Code)
		handled.Store(e.ID, true) // in the transaction of its effect
		return nil
	}))

	for _, body := range []string{
		`{"webhook_type":"LINK","webhook_code":"SESSION_FINISHED","link_session_id":"session-1","status":"EXITED"}`,
		`{"webhook_type":"ITEM","webhook_code":"ERROR","item_id":"item-1","error":{"error_code":"ITEM_LOGIN_REQUIRED"}}`,
	} {
		for range 2 { // a duplicate of the first; a second lost login has the bytes of the one before
			request, err := plaid.Request("/plaid/webhook", []byte(body))
			if err != nil {
				log.Fatal(err)
			}
			mux.ServeHTTP(httptest.NewRecorder(), request)
		}
	}
}

// Output:
// handle once LINK SESSION_FINISHED
// read the state after ITEM ERROR
// read the state after ITEM ERROR
