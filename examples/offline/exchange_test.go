package offline_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/plaidlink/plaidlink-go/examples/offline"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestExchangeSavesTheTokenOrReportsTheFailure(t *testing.T) {
	for name, c := range map[string]struct {
		happens       func(*sandbox.Server)
		status, saved int
	}{
		"a user links a bank":    {func(*sandbox.Server) {}, http.StatusNoContent, 1},
		"the user was too slow":  {func(s *sandbox.Server) { s.Advance(31 * time.Minute) }, http.StatusBadRequest, 0},
		"Plaid is down":          {fails(sandbox.HTML(502)), http.StatusBadGateway, 0},
		"the connection is lost": {fails(sandbox.Drop()), http.StatusBadGateway, 0},
	} {
		t.Run(name, func(t *testing.T) {
			plaid := sandbox.NewServer()
			defer plaid.Close()
			client, err := plaid.Client()
			if err != nil {
				t.Fatal(err)
			}
			public, err := client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
				InstitutionID: "ins_109508", InitialProducts: []gen.Products{gen.ProductsAuth},
			})
			if err != nil {
				t.Fatal(err)
			}
			saved := 0
			handler := offline.Exchange(client, func(string, gen.AccessToken) error { saved++; return nil })

			c.happens(plaid)
			response := httptest.NewRecorder()
			handler(response, httptest.NewRequest("POST", "/exchange?public_token="+public.PublicToken, nil))
			if response.Code != c.status || saved != c.saved {
				t.Errorf("status %d, %d saved; expected %d, %d", response.Code, saved, c.status, c.saved)
			}
		})
	}
}

func fails(fault sandbox.Fault) func(*sandbox.Server) {
	return func(s *sandbox.Server) { s.Fail("itemPublicTokenExchange", fault) }
}
