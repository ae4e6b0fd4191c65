package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// callsOfAnItem are the calls that take an access token.
var callsOfAnItem = map[string]func(testing.TB, *plaidlink.Client, gen.AccessToken) error{
	"itemGet": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		_, err := c.ItemGet(t.Context(), gen.ItemGetRequest{AccessToken: token})
		return err
	},
	"itemRemove": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		_, err := c.ItemRemove(t.Context(), gen.ItemRemoveRequest{AccessToken: token})
		return err
	},
	"itemAccessTokenInvalidate": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		_, err := c.ItemAccessTokenInvalidate(t.Context(), gen.ItemAccessTokenInvalidateRequest{AccessToken: token})
		return err
	},
	"itemWebhookUpdate": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		_, err := c.ItemWebhookUpdate(t.Context(), gen.ItemWebhookUpdateRequest{AccessToken: token, Webhook: "http://127.0.0.1:1"})
		return err
	},
	"accountsGet": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		_, err := c.AccountsGet(t.Context(), gen.AccountsGetRequest{AccessToken: token})
		return err
	},
	"sandboxItemResetLogin": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		_, err := c.SandboxItemResetLogin(t.Context(), gen.SandboxItemResetLoginRequest{AccessToken: token})
		return err
	},
	"sandboxItemFireWebhook": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		_, err := c.SandboxItemFireWebhook(t.Context(), gen.SandboxItemFireWebhookRequest{AccessToken: token, WebhookCode: "LOGIN_REPAIRED"})
		return err
	},
	"linkTokenCreate": func(t testing.TB, c *plaidlink.Client, token gen.AccessToken) error {
		req := createRequest()
		req.Products, req.AccessToken = nil, token
		_, err := c.LinkTokenCreate(t.Context(), req)
		return err
	},
}

func TestTokenThatWorksNoMore(t *testing.T) {
	removed := func(choices sandbox.Choices) gen.AccessToken {
		l := begin(t, newServer(t, sandbox.WithChoices(choices)))
		require.NoError(t, callsOfAnItem["itemRemove"](t, l.client, l.token))
		for name, call := range callsOfAnItem {
			code := plaidlink.CodeItemNotFound
			if choices.RemovedIsInvalidToken {
				code = plaidlink.CodeInvalidAccessToken
			}
			err := call(t, l.client, l.token)
			requireRefused(t, err, code, "removed")
			require.True(t, plaidlink.ItemGone(err), name)
		}
		return l.token
	}
	removed(sandbox.Choices{})
	removed(sandbox.Choices{RemovedIsInvalidToken: true})

	l := begin(t, newServer(t))
	rotated := l.token
	require.NoError(t, callsOfAnItem["itemAccessTokenInvalidate"](t, l.client, rotated))
	for token, message := range map[gen.AccessToken]string{
		rotated: "replaced",
		"access-production-5c224a01-8314-4491-a06f-39e193d5cddc": "environment production",
		"access-sandbox-5c224a01-8314-4491-a06f-39e193d5cddc":    "not made by this sandbox",
		"x": "not made by this sandbox",
	} {
		for name, call := range callsOfAnItem {
			t.Run(message+" "+name, func(t *testing.T) {
				requireRefused(t, call(t, l.client, token), plaidlink.CodeInvalidAccessToken, message)
			})
		}
	}
}

func TestRotationEndsTheOldTokenAtOnce(t *testing.T) {
	l := begin(t, newServer(t))
	rotated, err := l.client.ItemAccessTokenInvalidate(t.Context(), gen.ItemAccessTokenInvalidateRequest{AccessToken: l.token})
	require.NoError(t, err)
	require.Regexp(t, "^access-sandbox-"+uuid, string(rotated.NewAccessToken))
	require.NotEqual(t, string(l.token), string(rotated.NewAccessToken))
	requireRefused(t, callsOfAnItem["itemGet"](t, l.client, l.token), plaidlink.CodeInvalidAccessToken, "replaced")
	id := l.id
	l.token = rotated.NewAccessToken
	l.healthy()
	require.Equal(t, id, l.item().ItemID)
	require.Equal(t, 1, l.server.State().Items)
}

// The response is the only copy of the new token: an Item whose rotation lost it can be used by nobody.
func TestRotationWithALostResponse(t *testing.T) {
	l := begin(t, newServer(t))
	require.NoError(t, l.server.Fail("itemAccessTokenInvalidate", sandbox.DropResponse()))
	_, err := l.client.ItemAccessTokenInvalidate(t.Context(), gen.ItemAccessTokenInvalidateRequest{AccessToken: l.token})
	var failed *plaidlink.Error
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.MaybeCarriedOut)
	requireRefused(t, callsOfAnItem["itemGet"](t, l.client, l.token), plaidlink.CodeInvalidAccessToken, "replaced")

	l = begin(t, newServer(t))
	require.NoError(t, l.server.Fail("itemAccessTokenInvalidate", sandbox.Drop()))
	require.Error(t, callsOfAnItem["itemAccessTokenInvalidate"](t, l.client, l.token))
	l.healthy() // as nothing was carried out
}

func TestRemovedItemIsSilent(t *testing.T) {
	l := begin(t, newServer(t))
	require.NoError(t, l.server.RequireLogin(l.id))
	require.NoError(t, l.server.SetConsentExpiration(l.id, l.server.Now().Add(30*aDay)))
	l.app.respondWith(http.StatusInternalServerError)
	require.Len(t, l.received(), 1)
	require.NoError(t, callsOfAnItem["itemRemove"](t, l.client, l.token))
	require.Zero(t, l.server.State().Items)

	l.app.respondWith(0)
	l.server.Advance(time.Minute)
	require.Equal(t, []string{"ERROR"}, codes(l.received()), "a late redelivery")
	l.server.Advance(60 * aDay)
	require.Empty(t, l.received())
}

func TestUpdateModeOfARemovedItem(t *testing.T) {
	l := begin(t, newServer(t))
	req := pageRequest()
	req.Products, req.AccessToken = nil, l.token
	created := create(t, l.client, req)
	done := l.updateToken()
	require.NoError(t, failure(l.server.FinishLink(done, sandbox.Success())))
	public := onlySession(t, l.client, done).Results.ItemAddResults[0].PublicToken
	require.NoError(t, callsOfAnItem["itemRemove"](t, l.client, l.token))

	require.ErrorContains(t, failure(l.server.FinishLink(created.LinkToken, sandbox.Success())), "an Item or a user that was removed")
	v := visit(t, l.server, created.HostedLinkURL)
	require.Equal(t, "This link does not work any more", v.title())
	_, err := l.client.ItemPublicTokenExchange(t.Context(), gen.ItemPublicTokenExchangeRequest{PublicToken: public})
	requireRefused(t, err, plaidlink.CodeInvalidPublicToken, "removed")
}
