package sandbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

func TestItemPublicTokenExchange(t *testing.T) {
	_, client := start(t)
	public := newPublicToken(t, client)
	require.Regexp(t, "^public-sandbox-"+uuid, public)
	first := exchange(t, client, public)
	require.Regexp(t, "^access-sandbox-"+uuid, string(first.AccessToken))
	require.NotEmpty(t, first.ItemID)

	second := exchange(t, client, newPublicToken(t, client))
	require.NotEqual(t, first.ItemID, second.ItemID)
	require.NotEqual(t, string(first.AccessToken), string(second.AccessToken))
}

func TestItemPublicTokenExchangeRefuses(t *testing.T) {
	server, client := start(t)
	used := newPublicToken(t, client)
	exchange(t, client, used)
	old := newPublicToken(t, client)
	server.Advance(30 * time.Minute)
	for name, test := range map[string]struct{ token, message string }{
		"it works once":          {used, "was exchanged before"},
		"it lives 30 minutes":    {old, "has expired"},
		"nobody made it":         {"public-sandbox-5c224a01", "was not made by this sandbox"},
		"of another environment": {"public-production-5c224a01", "environment production"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: test.token})
			requireRefused(t, err, plaidlink.CodeInvalidPublicToken, test.message)
		})
	}
}

func TestPublicTokenLivesUntilItsLastMinute(t *testing.T) {
	server, client := start(t)
	public := newPublicToken(t, client)
	server.Advance(29 * time.Minute)
	exchange(t, client, public)
}

func TestSandboxPublicTokenCreateRefusesWhatIsNoInstitution(t *testing.T) {
	_, client := start(t)
	for _, id := range []string{"", "ins_", "First Platypus Bank", "ins_109508 "} {
		_, err := client.SandboxPublicTokenCreate(t.Context(), gen.SandboxPublicTokenCreateRequest{
			InstitutionID:   id,
			InitialProducts: []gen.Products{gen.ProductsAuth},
		})
		requireRefused(t, err, plaidlink.CodeInvalidInstitution, "institution_id")
	}
}
