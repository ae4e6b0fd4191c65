package wiretest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// The credentials of every client. Secret must turn up nowhere but in the PLAID-SECRET header.
const (
	ClientID = "test-client-id"
	Secret   = "test-secret-d0a5c3"
)

// The operations of [GetToken], which may always be sent again, and of [Exchange], which may not.
const (
	OpGet      = "linkTokenGet"
	OpExchange = "itemPublicTokenExchange"
)

// NewClient returns a client of the server at a base URL. Its idle connections are closed when the test ends.
func NewClient(t testing.TB, baseURL string, opts ...plaidlink.Option) *plaidlink.Client {
	t.Helper()
	opts = append([]plaidlink.Option{plaidlink.WithBaseURL(baseURL)}, opts...)
	c, err := plaidlink.New(plaidlink.Sandbox, plaidlink.Credentials{ClientID: ClientID, Secret: Secret}, opts...)
	require.NoError(t, err)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// GetToken calls [plaidlink.Client.LinkTokenGet], where a test needs an operation that may always be sent again.
func GetToken(t testing.TB, c *plaidlink.Client, opts ...plaidlink.CallOption) (*gen.LinkTokenGetResponse, error) {
	return c.LinkTokenGet(t.Context(), gen.LinkTokenGetRequest{LinkToken: "link-sandbox-0"}, opts...)
}

// Exchange calls [plaidlink.Client.ItemPublicTokenExchange], where a test needs an operation that must not be sent again
// after it was perhaps carried out.
func Exchange(t testing.TB, c *plaidlink.Client, opts ...plaidlink.CallOption) (*gen.ItemPublicTokenExchangeResponse, error) {
	return c.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: "public-sandbox-0"}, opts...)
}
