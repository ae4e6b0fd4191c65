// Package offline contains a handler of an application, and its test, which needs neither a network nor a Plaid account.
package offline

import (
	"errors"
	"net/http"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Exchange exchanges the public token that Link passed to the browser, and stores the access token with save.
func Exchange(client *plaidlink.Client, save func(itemID string, token gen.AccessToken) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		item, err := client.ItemPublicTokenExchange(r.Context(), gen.ItemPublicTokenExchangeRequest{
			PublicToken: r.FormValue("public_token"),
		})
		if err == nil {
			err = save(item.ItemID, item.AccessToken)
		}
		switch {
		case err == nil:
			w.WriteHeader(http.StatusNoContent)
		case errors.Is(err, plaidlink.TypeInvalidInput):
			http.Error(w, "open Link again", http.StatusBadRequest)
		default:
			http.Error(w, "try again later", http.StatusBadGateway)
		}
	}
}
