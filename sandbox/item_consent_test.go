package sandbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func in(code gen.CountryCode) func(*gen.LinkTokenCreateRequest) {
	return func(req *gen.LinkTokenCreateRequest) { req.CountryCodes = []gen.CountryCode{code} }
}

func TestConsentRunsOut(t *testing.T) {
	for _, test := range []struct {
		country gen.CountryCode
		code    string
	}{{gen.CountryCodeGB, "PENDING_EXPIRATION"}, {gen.CountryCodeUS, "PENDING_DISCONNECT"}, {gen.CountryCodeCA, "PENDING_DISCONNECT"}} {
		t.Run(string(test.country), func(t *testing.T) {
			l := begin(t, newServer(t), in(test.country))
			ends := l.server.Now().Add(20 * aDay)
			require.NoError(t, l.server.SetConsentExpiration(l.id, ends))
			require.Equal(t, ends, *l.item().ConsentExpirationTime)
			l.server.Advance(12 * aDay)
			require.Empty(t, l.received())
			l.server.Advance(2 * aDay)
			events := l.received()
			require.Equal(t, []string{test.code}, codes(events), "7 days before")
			require.NotEmpty(t, events[0].ID, "the deadline names the occurrence")
			switch p := events[0].Payload.(type) {
			case *gen.PendingExpirationWebhook:
				require.Equal(t, ends, p.ConsentExpirationTime)
			case *gen.PendingDisconnectWebhook:
				require.Equal(t, ends, p.DisconnectTime)
				require.Equal(t, gen.PendingDisconnectWebhookReasonInstitutionTokenExpiration, p.Reason)
			}
			l.healthy() // it works to the end
			l.server.Advance(5 * aDay)
			require.Empty(t, l.received(), "once")
			l.server.Advance(2 * aDay)
			require.Equal(t, []string{"ERROR"}, codes(l.received()))
			l.broken("OAUTH_CONSENT_EXPIRED")

			l.update(sandbox.Success())
			l.healthy()
			require.WithinDuration(t, l.server.Now().Add(180*aDay), *l.item().ConsentExpirationTime, time.Minute)
		})
	}
}

func TestConsentOfEuropeEndsAfter180Days(t *testing.T) {
	l := begin(t, newServer(t), in(gen.CountryCodeGB))
	require.WithinDuration(t, l.server.Now().Add(180*aDay), *l.item().ConsentExpirationTime, time.Minute)
	require.Nil(t, begin(t, newServer(t), in(gen.CountryCodeUS)).item().ConsentExpirationTime)
}

// A clock that leaps shows the app what came first.
func TestConsentThatRunsOutInOneLeap(t *testing.T) {
	l := begin(t, newServer(t), in(gen.CountryCodeGB))
	require.NoError(t, l.server.SetConsentExpiration(l.id, l.server.Now().Add(20*aDay)))
	l.server.Advance(25 * aDay)
	require.Equal(t, []string{"PENDING_EXPIRATION", "ERROR"}, codes(l.received()))
	require.NoError(t, l.server.RepairElsewhere(l.id))
	l.healthy()
	require.Equal(t, []string{"LOGIN_REPAIRED"}, codes(l.received()), "another app mended it")
}

func TestAccessThatIsTakenBackAtPlaid(t *testing.T) {
	l := begin(t, newServer(t))
	update := l.updateToken()
	require.NoError(t, l.server.RevokeAtPlaid(l.id))
	events := l.received()
	require.Equal(t, []string{"USER_PERMISSION_REVOKED"}, codes(events))
	sent := events[0].Payload.(*gen.UserPermissionRevokedWebhook)
	require.Equal(t, []string{"ITEM_ERROR", "USER_PERMISSION_REVOKED"}, []string{string(sent.Error.ErrorType), sent.Error.ErrorCode})
	l.gone(plaidlink.CodeItemNotFound)
	require.Error(t, failure(l.server.FinishLink(update, sandbox.Success())))
}

func TestAccessThatIsTakenBackAtTheBank(t *testing.T) {
	l := begin(t, newServer(t))
	require.NoError(t, l.server.RevokeAtBank(l.id))
	require.Equal(t, []string{"USER_PERMISSION_REVOKED", "ERROR"}, codes(l.received()))
	l.broken("OAUTH_USER_REVOKED")
	l.update(sandbox.Success())
	l.healthy()
}

func TestAccountThatIsTakenBack(t *testing.T) {
	for _, test := range []struct {
		institution string
		want        []string
	}{{"ins_13", []string{"USER_ACCOUNT_REVOKED"}}, {"ins_56", []string{}}} {
		l := begin(t, newServer(t))
		l.link(sandbox.Item{Institution: sandbox.Institution{ID: test.institution}})
		accounts, err := l.accounts()
		require.NoError(t, err)
		require.ErrorContains(t, l.server.RevokeAccount(l.id, "account-1"), "no account with this id")
		require.NoError(t, l.server.RevokeAccount(l.id, accounts[0].AccountID))
		require.Equal(t, test.want, codes(l.received()), test.institution)
		_, err = l.accounts()
		requireRefused(t, err, plaidlink.CodeNoAccounts, "")
	}
}

// Where a bank allows one connection, the second breaks the first, and mending the first breaks the second.
func TestSecondConnectionBreaksTheFirst(t *testing.T) {
	for _, test := range []struct {
		institution string
		owner       string // of the second Item
		breaks      bool
	}{
		{"ins_56", "user-123", true},
		{"ins_13", "user-123", true},
		{"ins_56", "user-456", false}, // somebody else's login
		{"ins_109508", "user-123", false},
	} {
		t.Run(test.institution+" "+test.owner, func(t *testing.T) {
			l := begin(t, newServer(t))
			bank := sandbox.Item{Institution: sandbox.Institution{ID: test.institution}}
			l.link(bank)
			first := *l
			l.link(bank, func(req *gen.LinkTokenCreateRequest) { req.User.ClientUserID = test.owner })
			require.NotEqual(t, first.id, l.id)
			was, err := l.accounts()
			require.NoError(t, err)
			if !test.breaks {
				first.healthy()
				return
			}
			first.broken("OAUTH_INVALID_TOKEN")
			require.Equal(t, []string{"ERROR"}, codes(l.received()))
			first.update(sandbox.Success())
			l.broken("OAUTH_INVALID_TOKEN")
			is, err := first.accounts()
			require.NoError(t, err)
			require.NotEqual(t, was[0].AccountID, is[0].AccountID)
			require.NotEmpty(t, was[0].PersistentAccountID)
			require.Equal(t, was[0].PersistentAccountID, is[0].PersistentAccountID, "it is the same account")
		})
	}
}
