package contract_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/contract"
	"github.com/plaidlink/plaidlink-go/gen"
)

// What contract mode adds to a call: the same call of the client, served from memory, without it and with it.
func BenchmarkCall(b *testing.B) {
	session := session(110)
	require.InDelta(b, 26<<10, len(session), 1<<10)
	create := gen.LinkTokenCreateRequest{
		ClientName:   "Example App",
		Language:     "en",
		CountryCodes: []gen.CountryCode{gen.CountryCodeUS},
		User:         &gen.LinkTokenCreateRequestUser{ClientUserID: "user-123"},
		Products:     []gen.Products{gen.ProductsAuth},
	}
	for _, call := range []struct {
		name, body string
		do         func(*plaidlink.Client) error
	}{
		{"linkTokenCreate", created, func(c *plaidlink.Client) error { _, err := c.LinkTokenCreate(b.Context(), create); return err }},
		{"linkTokenGet-26kB", session, func(c *plaidlink.Client) error {
			_, err := c.LinkTokenGet(b.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"})
			return err
		}},
	} {
		plain := network(func(req *http.Request) (*http.Response, error) {
			resp := response(req, 200, "application/json", io.NopCloser(strings.NewReader(call.body)))
			resp.ContentLength = int64(len(call.body))
			return resp, nil
		})
		checked, err := contract.New(plain, func(_ context.Context, d contract.Departure) { b.Error(d) })
		require.NoError(b, err)
		for _, mode := range []struct {
			name string
			rt   http.RoundTripper
		}{{"contract=off", plain}, {"contract=on", checked}} {
			b.Run(call.name+"/"+mode.name, func(b *testing.B) {
				client, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: "id", Secret: "secret"},
					plaidlink.WithHTTPClient(&http.Client{Transport: mode.rt}))
				require.NoError(b, err)
				b.ReportAllocs()
				for b.Loop() {
					if err := call.do(client); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
