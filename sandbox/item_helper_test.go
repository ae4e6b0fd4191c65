package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
	"github.com/plaidlink/plaidlink-go/webhook"
)

// life is an Item that was linked by Link, with the app that receives its webhooks.
type life struct {
	t      testing.TB
	server *sandbox.Server
	client *plaidlink.Client
	app    *receiver
	id     string
	token  gen.AccessToken
}

// begin links an Item of First Platypus Bank for user-123, unless edits change the request.
func begin(t testing.TB, server *sandbox.Server, edits ...func(*gen.LinkTokenCreateRequest)) *life {
	t.Helper()
	l := &life{t: t, server: server, client: newClient(t, server), app: receive(t, server)}
	l.link(sandbox.Item{}, edits...)
	return l
}

// link links another Item for the same app, whose webhooks go where those of the others go.
func (l *life) link(item sandbox.Item, edits ...func(*gen.LinkTokenCreateRequest)) {
	l.t.Helper()
	req := createRequest()
	req.Products = append(req.Products, gen.ProductsTransactions)
	req.Webhook = l.app.url
	for _, edit := range edits {
		edit(&req)
	}
	token := create(l.t, l.client, req).LinkToken
	require.NoError(l.t, failure(l.server.FinishLink(token, sandbox.Success(item))))
	got := exchange(l.t, l.client, get(l.t, l.client, token).LinkSessions[0].Results.ItemAddResults[0].PublicToken)
	l.id, l.token = got.ItemID, got.AccessToken
}

func (l *life) received() []webhook.Event { return l.app.received(l.t, l.server) }

func (l *life) item() gen.ItemWithConsentFields {
	l.t.Helper()
	got, err := l.client.ItemGet(l.t.Context(), gen.ItemGetRequest{AccessToken: l.token})
	require.NoError(l.t, err)
	return got.Item
}

func (l *life) accounts() ([]gen.AccountBase, error) {
	got, err := l.client.AccountsGet(l.t.Context(), gen.AccountsGetRequest{AccessToken: l.token})
	if err != nil {
		return nil, err
	}
	return got.Accounts, nil
}

// healthy requires that the Item works.
func (l *life) healthy() {
	l.t.Helper()
	require.Nil(l.t, l.item().Error)
	_, err := l.accounts()
	require.NoError(l.t, err)
}

// broken requires that the Item needs a new login, and that its data cannot be had.
func (l *life) broken(reason string) {
	l.t.Helper()
	failure := l.item().Error
	require.NotNil(l.t, failure)
	require.Equal(l.t, []string{"ITEM_ERROR", "ITEM_LOGIN_REQUIRED", reason}, []string{string(failure.ErrorType), failure.ErrorCode, failure.ErrorCodeReason})
	require.Nil(l.t, failure.Status, "only webhooks have it")
	_, err := l.accounts()
	requireRefused(l.t, err, plaidlink.CodeItemLoginRequired, "sign in again")
}

// gone requires that the Item exists no more.
func (l *life) gone(code plaidlink.ErrorCode) {
	l.t.Helper()
	_, err := l.client.ItemGet(l.t.Context(), gen.ItemGetRequest{AccessToken: l.token})
	requireRefused(l.t, err, code, "removed")
	require.True(l.t, plaidlink.ItemGone(err))
}

// updateToken opens update mode.
func (l *life) updateToken() string {
	l.t.Helper()
	req := createRequest()
	req.Products, req.AccessToken, req.Webhook = nil, l.token, "http://127.0.0.1:1/ignored"
	return create(l.t, l.client, req).LinkToken
}

// update goes through update mode.
func (l *life) update(outcome sandbox.Outcome) {
	l.t.Helper()
	require.NoError(l.t, failure(l.server.FinishLink(l.updateToken(), outcome)))
}
