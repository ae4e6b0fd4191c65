package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

func TestHostedSignInFails(t *testing.T) {
	server, client := start(t)
	for name, test := range map[string]struct {
		institution, username, password string
		kind                            gen.PlaidErrorType
		code                            string
	}{
		"wrong user":           {"ins_109508", "user_bad", "pass_good", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"wrong password":       {"ins_109508", "user_good", "pass_bad", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"nothing typed":        {"ins_109508", "", "", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"asked for, Item":      {"ins_109508", "user_good", "error_ITEM_LOCKED", "ITEM_ERROR", "ITEM_LOCKED"},
		"locked":               {"ins_109508", "user_locked", "pass_good", "ITEM_ERROR", "ITEM_LOCKED"},
		"asked for, bank":      {"ins_109508", "user_good", "error_INSTITUTION_NOT_RESPONDING", "INSTITUTION_ERROR", "INSTITUTION_NOT_RESPONDING"},
		"asked for, API":       {"ins_109508", "user_good", "error_INTERNAL_SERVER_ERROR", "API_ERROR", "INTERNAL_SERVER_ERROR"},
		"asked by a stranger":  {"ins_109508", "user_bad", "error_ITEM_LOCKED", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"no code after error_": {"ins_109508", "user_good", "error_nothing", "ITEM_ERROR", "INVALID_CREDENTIALS"},
		"a bank that is down":  {"ins_132361", "user_good", "pass_good", "INSTITUTION_ERROR", "INSTITUTION_DOWN"},
	} {
		t.Run(name, func(t *testing.T) {
			created := create(t, client, pageRequest())
			v := visit(t, server, created.HostedLinkURL).choose(test.institution).signIn(test.username, test.password)
			require.Equal(t, "Sign in", v.title(), "the user can try again")
			require.Contains(t, v.page.text, "Error code "+test.code)
			require.Equal(t, test.code == "ITEM_LOCKED", strings.Contains(v.page.text, "has locked this login"), "what the user can do about it")
			require.Equal(t, test.username, v.page.byName("username").attr["value"], "what was typed stays")
			require.NotContains(t, v.page.byName("password").attr, "value", "but for the password")
			v.press("exit")
			require.NotEmpty(t, v.left)

			session := onlySession(t, client, created.LinkToken)
			failed := session.Events[slices.Index(eventNames(session), "ERROR")].EventMetadata
			require.Equal(t, string(test.kind), failed.ErrorType)
			require.Equal(t, test.code, failed.ErrorCode)
			require.NotEmpty(t, failed.ErrorMessage)
			require.Equal(t, test.institution, failed.InstitutionID)
			require.Equal(t, test.kind, session.Exit.Error.ErrorType)
			require.Equal(t, test.code, session.Exit.Error.ErrorCode)
			require.NotEmpty(t, session.Exit.Error.DisplayMessage)
			require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresCredentials, session.Exit.Metadata.Status)
			require.Equal(t, test.institution, session.Exit.Metadata.Institution.InstitutionID)
			require.Nil(t, session.Results)
		})
	}
}

func TestHostedSignInAfterAFailure(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_bad")
	_, typed := v.form("next", "username", "x", "password", "x")
	require.NotEmpty(t, typed)
	v.signIn("user_good", "pass_good")
	require.NotContains(t, v.page.text, "Error code")
	v.press("exit")
	session := onlySession(t, client, created.LinkToken)
	require.Nil(t, session.Exit.Error, "it is mended")
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresAccountSelection, session.Exit.Metadata.Status)
}

func TestHostedErrorOfOneBankIsNotThatOfTheNext(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_bad").press("back")
	require.NotContains(t, v.page.text, "Error code")
	action, sent := v.form("next", "institution", "ins_109509")
	sent.Set("institution", "ins_0")
	v.send("POST", action, sent)
	require.Contains(t, v.page.text, "Choose one of the banks")
	require.NotContains(t, v.page.text, "Error code")
	v.press("next", "institution", "ins_109509").press("exit")
	require.Nil(t, onlySession(t, client, created.LinkToken).Exit.Error)
}

func TestHostedDegradedBankWorks(t *testing.T) {
	server, client := start(t)
	v := visit(t, server, create(t, client, pageRequest()).HostedLinkURL).choose("ins_132363")
	require.Contains(t, v.page.text, "fail more often than usual")
	v.signIn("user_good", "pass_good").share("Plaid Checking")
	require.NotEmpty(t, v.left)
}
