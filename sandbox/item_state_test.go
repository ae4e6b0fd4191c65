package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

const aDay = 24 * time.Hour

func resetLogin(t testing.TB, l *life) {
	got, err := l.client.SandboxItemResetLogin(t.Context(), gen.SandboxItemResetLoginRequest{AccessToken: l.token})
	require.NoError(t, err)
	require.True(t, got.ResetLogin)
}

func TestItemLosesItsLogin(t *testing.T) {
	for name, lose := range map[string]func(testing.TB, *life){
		"by RequireLogin":                 func(t testing.TB, l *life) { require.NoError(t, l.server.RequireLogin(l.id)) },
		"by /sandbox/item/reset_login":    resetLogin,
		"after 30 days without a sign-in": func(_ testing.TB, l *life) { l.server.Advance(30 * aDay) },
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, newServer(t))
			l.healthy()
			lose(t, l)
			l.broken("")
			events := l.received()
			require.Equal(t, []string{"ERROR"}, codes(events))
			sent := events[0].Payload.(*gen.ItemErrorWebhook)
			require.Equal(t, l.id, sent.ItemID)
			require.Equal(t, "ITEM_LOGIN_REQUIRED", sent.Error.ErrorCode)
			require.Equal(t, 400, *sent.Error.Status)
			require.True(t, plaidlink.ErrorCode(sent.Error.ErrorCode).NeedsUpdateMode())
			got, err := l.client.ItemGet(t.Context(), gen.ItemGetRequest{AccessToken: l.token})
			require.NoError(t, err)
			require.Equal(t, "ERROR", got.Status.LastWebhook.CodeSent)
		})
	}
}

func TestItemKeepsItsLoginFor29Days(t *testing.T) {
	l := begin(t, newServer(t))
	l.server.Advance(29 * aDay)
	l.healthy()
	l.update(sandbox.Success())
	l.server.Advance(29 * aDay)
	l.healthy() // since the 30 days begin with each sign-in
}

func TestLostLoginWithoutAnAddressIsSilent(t *testing.T) {
	l := begin(t, newServer(t), func(req *gen.LinkTokenCreateRequest) { req.Webhook = "" })
	require.NoError(t, l.server.RequireLogin(l.id))
	l.broken("")
	require.Empty(t, l.server.Deliveries())
}

// Nothing in the body names the occurrence, so that whoever drops what was seen before misses the second lost login.
func TestTwoLostLoginsHaveTheSameBytes(t *testing.T) {
	l := begin(t, newServer(t))
	var bodies []string
	for range 2 {
		require.NoError(t, l.server.RequireLogin(l.id))
		l.update(sandbox.Success())
		l.server.Advance(time.Hour)
		for _, e := range l.received() {
			require.Empty(t, e.ID)
			bodies = append(bodies, string(e.Raw))
		}
	}
	require.Len(t, bodies, 2)
	require.Equal(t, bodies[0], bodies[1])
}

func TestASecondLossOfTheSameLoginIsSilent(t *testing.T) {
	for _, test := range []struct {
		choices sandbox.Choices
		want    []string
	}{
		{sandbox.Choices{}, []string{"ERROR"}},
		{sandbox.Choices{ErrorIsSentAgain: true}, []string{"ERROR", "ERROR"}},
	} {
		l := begin(t, newServer(t, sandbox.WithChoices(test.choices)))
		resetLogin(t, l)
		resetLogin(t, l)
		require.Equal(t, test.want, codes(l.received()))
		l.broken("")
	}
}

func TestCachedAccountsOfABrokenItem(t *testing.T) {
	l := begin(t, newServer(t, sandbox.WithChoices(sandbox.Choices{BrokenItemListsAccounts: true})))
	require.NoError(t, l.server.RequireLogin(l.id))
	accounts, err := l.accounts()
	require.NoError(t, err)
	require.Len(t, accounts, 1)
}

func TestUpdateModeMendsInSilence(t *testing.T) {
	l := begin(t, newServer(t))
	require.NoError(t, l.server.RequireLogin(l.id))
	require.Equal(t, []string{"ERROR"}, codes(l.received()))

	l.update(sandbox.Exited(sandbox.Exit{}))
	l.broken("")
	l.update(sandbox.Success())
	l.healthy()
	require.Equal(t, l.id, l.item().ItemID)
	require.Equal(t, l.app.url, *l.item().Webhook, "the address of the link token has no effect")
	require.Empty(t, l.received(), "no LOGIN_REPAIRED")
}

func TestUpdateModeOnTheHostedPageMends(t *testing.T) {
	l := begin(t, newServer(t))
	require.NoError(t, l.server.RequireLogin(l.id))
	req := pageRequest()
	req.Products, req.AccessToken = nil, l.token
	visit(t, l.server, create(t, l.client, req).HostedLinkURL).press("next").signIn("user_good", "pass_good")
	l.healthy()
}

// After update mode an account can be gone, and one that is shared again has a new id.
func TestUpdateModeChangesAccounts(t *testing.T) {
	l := begin(t, newServer(t))
	checking := sandbox.Account{Name: "Plaid Checking", Mask: "0000", Type: "depository", Subtype: "checking"}
	saving := sandbox.Account{Name: "Plaid Saving", Mask: "1111", Type: "depository", Subtype: "savings"}
	ids := func() map[string]string {
		accounts, err := l.accounts()
		require.NoError(t, err)
		found := map[string]string{}
		for _, account := range accounts {
			found[account.Name] = account.AccountID
		}
		return found
	}
	first := ids()["Plaid Checking"]
	l.update(sandbox.Success(sandbox.Item{Accounts: []sandbox.Account{checking, saving}}))
	require.Equal(t, first, ids()["Plaid Checking"])
	l.update(sandbox.Success(sandbox.Item{Accounts: []sandbox.Account{saving}}))
	require.NotContains(t, ids(), "Plaid Checking")
	l.update(sandbox.Success(sandbox.Item{Accounts: []sandbox.Account{checking, saving}}))
	require.NotEqual(t, first, ids()["Plaid Checking"])

	for _, wrong := range []sandbox.Outcome{
		sandbox.Success(sandbox.Item{}),
		sandbox.Success(sandbox.Item{Institution: sandbox.Institution{ID: "ins_3"}, Accounts: []sandbox.Account{saving}}),
		sandbox.Success(sandbox.Item{Accounts: []sandbox.Account{saving}}, sandbox.Item{Accounts: []sandbox.Account{saving}}),
	} {
		require.ErrorContains(t, failure(l.server.FinishLink(l.updateToken(), wrong)), "in update mode")
	}
}

func TestRepairElsewhereIsReported(t *testing.T) {
	l := begin(t, newServer(t))
	require.ErrorContains(t, l.server.RepairElsewhere(l.id), "does not need a new login")
	require.NoError(t, l.server.RequireLogin(l.id))
	require.NoError(t, l.server.RepairElsewhere(l.id))
	l.healthy()
	events := l.received()
	require.Equal(t, []string{"ERROR", "LOGIN_REPAIRED"}, codes(events))
	require.Equal(t, l.id, events[1].Payload.(*gen.ItemLoginRepairedWebhook).ItemID)
}

func TestWhatHappensToNoItem(t *testing.T) {
	server := newServer(t)
	l := begin(t, server)
	removed := l.id
	_, err := l.client.ItemRemove(t.Context(), gen.ItemRemoveRequest{AccessToken: l.token})
	require.NoError(t, err)
	for _, id := range []string{"", "item-1", removed} {
		for name, err := range map[string]error{
			"RequireLogin":         server.RequireLogin(id),
			"RepairElsewhere":      server.RepairElsewhere(id),
			"SetConsentExpiration": server.SetConsentExpiration(id, server.Now()),
			"RevokeAtPlaid":        server.RevokeAtPlaid(id),
			"RevokeAtBank":         server.RevokeAtBank(id),
			"RevokeAccount":        server.RevokeAccount(id, "account-1"),
		} {
			require.ErrorContains(t, err, "sandbox: "+name+": no Item")
		}
	}
}

// A sandbox that runs for long needs no Advance: an Item is as old as it is when somebody asks.
func TestItemGrowsOldByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		call := func(path, body string) (properties map[string]any) {
			r := newCreate(t, s, body)
			r.URL.Path = path
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &properties))
			return properties
		}
		public := call("/sandbox/public_token/create", `{"institution_id":"ins_109508","initial_products":["auth"]}`)["public_token"]
		token := call("/item/public_token/exchange", fmt.Sprintf(`{"public_token":%q}`, public))["access_token"]
		time.Sleep(30 * aDay)
		require.Equal(t, "ITEM_LOGIN_REQUIRED", call("/accounts/get", fmt.Sprintf(`{"access_token":%q}`, token))["error_code"])
	})
}
