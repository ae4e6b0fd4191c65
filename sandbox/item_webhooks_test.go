package sandbox_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestWebhooksFollowTheNewAddress(t *testing.T) {
	l := begin(t, newServer(t))
	other := receive(t, l.server)
	updated, err := l.client.ItemWebhookUpdate(t.Context(), gen.ItemWebhookUpdateRequest{AccessToken: l.token, Webhook: other.url})
	require.NoError(t, err)
	require.Equal(t, other.url, *updated.Item.Webhook)
	require.NoError(t, l.server.RequireLogin(l.id))
	require.Empty(t, l.received(), "the old address gets nothing")
	events := other.received(t, l.server)
	require.Equal(t, []string{"WEBHOOK_UPDATE_ACKNOWLEDGED", "ERROR"}, codes(events))
	require.Equal(t, other.url, events[0].Payload.(*gen.WebhookUpdateAcknowledgedWebhook).NewWebhookURL)

	removed, err := l.client.ItemWebhookUpdate(t.Context(), gen.ItemWebhookUpdateRequest{
		AccessToken: l.token, ExtraFields: gen.ExtraFields{"webhook": []byte("null")},
	})
	require.NoError(t, err)
	require.Nil(t, removed.Item.Webhook)
	require.NoError(t, l.server.RepairElsewhere(l.id))
	require.Empty(t, other.received(t, l.server))
	require.Nil(t, l.item().Webhook)
}

func TestWebhookAddressThatIsRefused(t *testing.T) {
	l := begin(t, newServer(t))
	for _, test := range []struct{ webhook, code string }{
		{``, "MISSING_FIELDS"}, // no source says what it does
		{`,"webhook":""`, "INVALID_FIELD"},
		{`,"webhook":"example.com/plaid"`, "INVALID_FIELD"},
		{`,"webhook":"ftp://example.com"`, "INVALID_FIELD"},
		{`,"webhook":"https:///plaid"`, "INVALID_FIELD"},
		{`,"webhook":1`, "INVALID_FIELD"},
	} {
		got := send(t, l.server, "POST", "/item/webhook/update", fmt.Sprintf(`{"access_token":%q%s}`, string(l.token), test.webhook), nil)
		require.Equal(t, test.code, got.code, test.webhook)
	}
	require.Equal(t, l.app.url, *l.item().Webhook)
	require.Empty(t, l.received())
}

// fire fires a webhook. The address must be that of the app.
func (l *life) fire(code, kind string) error {
	_, err := l.client.SandboxItemFireWebhook(l.t.Context(), gen.SandboxItemFireWebhookRequest{
		AccessToken: l.token,
		WebhookCode: gen.SandboxItemFireWebhookRequestWebhookCode(code),
		WebhookType: gen.WebhookType(kind),
	})
	return err
}

var fireable = []struct{ code, kind, sent string }{
	{"DEFAULT_UPDATE", "", "TRANSACTIONS"},
	{"DEFAULT_UPDATE", "TRANSACTIONS", "TRANSACTIONS"},
	{"DEFAULT_UPDATE", "HOLDINGS", "HOLDINGS"},
	{"DEFAULT_UPDATE", "INVESTMENTS_TRANSACTIONS", "INVESTMENTS_TRANSACTIONS"},
	{"DEFAULT_UPDATE", "LIABILITIES", "LIABILITIES"},
	{"SYNC_UPDATES_AVAILABLE", "", "TRANSACTIONS"},
	{"RECURRING_TRANSACTIONS_UPDATE", "", "TRANSACTIONS"},
	{"SMS_MICRODEPOSITS_VERIFICATION", "", "AUTH"},
	{"AUTHORIZATION_GRANTED", "AUTH", "AUTH"},
	{"PRODUCT_READY", "", "ASSETS"},
	{"ERROR", "", "ASSETS"}, // the one of an Item comes from reset_login
	{"NEW_ACCOUNTS_AVAILABLE", "", "ITEM"},
	{"NEW_ACCOUNTS_AVAILABLE", "ITEM", "ITEM"},
	{"USER_PERMISSION_REVOKED", "", "ITEM"},
	{"USER_ACCOUNT_REVOKED", "", "ITEM"},
	{"PENDING_DISCONNECT", "", "ITEM"},
	{"LOGIN_REPAIRED", "", "ITEM"},
}

func allProducts(req *gen.LinkTokenCreateRequest) {
	req.Products = append(req.Products, gen.ProductsAssets, gen.ProductsInvestments, gen.ProductsLiabilities)
}

func TestFireableWebhooks(t *testing.T) {
	l := begin(t, newServer(t), allProducts)
	for _, test := range fireable {
		require.NoError(t, l.fire(test.code, test.kind), test.code)
		events := l.received()
		require.Len(t, events, 1)
		require.Equal(t, []string{test.sent, test.code}, []string{events[0].Type, events[0].Code})
		require.Contains(t, string(events[0].Raw), l.id)
		l.healthy() // firing changes nothing
	}
	require.Nil(t, l.item().ConsentExpirationTime)
	require.NoError(t, l.server.RequireLogin(l.id))
	require.NoError(t, l.fire("LOGIN_REPAIRED", ""))
	l.broken("")
}

func TestWebhooksThatCannotBeFired(t *testing.T) {
	l := begin(t, newServer(t))
	silent := begin(t, newServer(t), func(req *gen.LinkTokenCreateRequest) { req.Webhook = "" })
	for name, test := range map[string]struct {
		of         *life
		code, kind string
		want       plaidlink.ErrorCode
	}{
		"only in Europe":             {l, "PENDING_EXPIRATION", "", plaidlink.CodeInvalidField},
		"an acknowledgement":         {l, "WEBHOOK_UPDATE_ACKNOWLEDGED", "ITEM", plaidlink.CodeInvalidField},
		"of Link":                    {l, "SESSION_FINISHED", "", plaidlink.CodeInvalidField},
		"of the future":              {l, "NEW", "", plaidlink.CodeInvalidField},
		"a type of no webhook":       {l, "DEFAULT_UPDATE", "NEW", plaidlink.CodeInvalidField},
		"a code of another type":     {l, "ERROR", "ITEM", plaidlink.CodeInvalidField},
		"an Item without an address": {silent, "LOGIN_REPAIRED", "", plaidlink.CodeSandboxWebhookInvalid},
		"an Item without Assets":     {l, "PRODUCT_READY", "", plaidlink.CodeSandboxProductNotEnabled},
		"an Item without Holdings":   {l, "DEFAULT_UPDATE", "HOLDINGS", plaidlink.CodeSandboxProductNotEnabled},
	} {
		t.Run(name, func(t *testing.T) {
			requireRefused(t, test.of.fire(test.code, test.kind), test.want, "")
			require.Empty(t, test.of.received())
		})
	}
}

func TestFiringThatChangesTheItem(t *testing.T) {
	server := newServer(t, sandbox.WithChoices(sandbox.Choices{FiringChangesItem: true}))
	l := begin(t, server)
	require.NoError(t, server.RequireLogin(l.id))
	require.NoError(t, l.fire("LOGIN_REPAIRED", ""))
	l.healthy()
	require.NoError(t, l.fire("PENDING_DISCONNECT", ""))
	require.WithinDuration(t, server.Now().Add(7*aDay), *l.item().ConsentExpirationTime, time.Minute)
	require.NoError(t, l.fire("USER_ACCOUNT_REVOKED", ""))
	_, err := l.accounts()
	requireRefused(t, err, plaidlink.CodeNoAccounts, "no account")
	require.NoError(t, l.fire("USER_ACCOUNT_REVOKED", ""), "of no account that is left")
	require.NoError(t, l.fire("USER_PERMISSION_REVOKED", ""))
	l.gone(plaidlink.CodeItemNotFound)
	require.Equal(t, []string{"ERROR", "LOGIN_REPAIRED", "PENDING_DISCONNECT", "USER_ACCOUNT_REVOKED", "USER_ACCOUNT_REVOKED", "USER_PERMISSION_REVOKED"}, codes(l.received()))
}
