package sandbox_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

func TestHostedExit(t *testing.T) {
	server, client := start(t)
	for name, test := range map[string]struct {
		reach  func(v *visitor)
		status gen.LinkSessionExitMetadataStatus
		events int // between OPEN and EXIT
		bank   string
	}{
		"before the first step": {func(*visitor) {}, "", 1, ""},
		"at the banks":          {func(v *visitor) { v.press("next") }, "institution_not_found", 2, ""},
		"at the sign-in":        {func(v *visitor) { v.choose("ins_109508") }, "requires_credentials", 4, "ins_109508"},
		"at the accounts": {
			func(v *visitor) { v.choose("ins_109508").signIn("user_good", "pass_good") },
			"requires_account_selection", 7, "ins_109508",
		},
		"at the consent": {
			func(v *visitor) {
				v.choose("ins_109508").signIn("user_good", "pass_good").press("next", "account", v.account("Plaid Checking"))
			},
			"", 7, "ins_109508",
		},
	} {
		t.Run(name, func(t *testing.T) {
			created := create(t, client, pageRequest())
			v := visit(t, server, created.HostedLinkURL)
			test.reach(v)
			v.press("exit")
			require.Equal(t, "https://app.example/done?user=1", v.left)
			session := onlySession(t, client, created.LinkToken)
			require.Equal(t, test.status, session.Exit.Metadata.Status)
			require.Nil(t, session.Exit.Error)
			require.Nil(t, session.Results)
			require.Len(t, session.Events, test.events+2)
			require.Equal(t, "EXIT", session.Events[test.events+1].EventName)
			require.Equal(t, string(test.status), session.Events[test.events+1].EventMetadata.ExitStatus)
			if test.bank == "" {
				require.Nil(t, session.Exit.Metadata.Institution)
			} else {
				require.Equal(t, test.bank, session.Exit.Metadata.Institution.InstitutionID)
			}

			again := visit(t, server, created.HostedLinkURL)
			require.Equal(t, "Connect your bank to Example App", again.title(), "the link is still good")
		})
	}
	require.Equal(t, []string{"EVENTS", "SESSION_FINISHED"}, webhookCodes(server)[:2])
}

func TestHostedExitEndsOnItsOwnPage(t *testing.T) {
	server, client := start(t)
	v := visit(t, server, create(t, client, pageRequest()).HostedLinkURL).press("next")
	action, sent := v.form("exit")
	v.press("exit").open(v.at)
	require.Equal(t, "Nothing was shared", v.title())
	v.send(http.MethodPost, action, sent)
	require.Equal(t, "Nothing was shared", v.title(), "it ends once")
	require.Len(t, server.Deliveries(), 2)
}

func TestHostedBack(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL)
	require.False(t, v.offers("back"))
	v.press("next")
	require.False(t, v.offers("back"), "there is nothing before the banks")
	v.press("next", "institution", "ins_109508").signIn("user_good", "pass_good")
	v.press("next", "account", v.account("Plaid Saving")).press("back")
	require.Equal(t, "Choose your accounts", v.title())
	for _, input := range v.page.all("input") {
		_, ticked := input.attr["checked"]
		require.Equal(t, ticked, input.attr["value"] == v.account("Plaid Saving"), "what was chosen stays so")
	}
	v.press("back")
	require.Equal(t, "Sign in", v.title())
	v.press("back")
	require.Equal(t, "Choose your bank", v.title())
	v.press("next", "institution", "ins_127287").press("next")
	require.Equal(t, "Choose your accounts", v.title())
	v.press("back")
	require.True(t, v.offers("deny"), "it is the page of the bank")
	v.press("next").share("Plaid Checking")
	result := onlySession(t, client, created.LinkToken).Results.ItemAddResults[0]
	require.Equal(t, "ins_127287", result.Institution.InstitutionID)
	require.Equal(t, "Plaid Checking", result.Accounts[0].Name)
}

// toStep comes to a step from the page of the link.
var toStep = map[string]func(v *visitor){
	"start":       func(*visitor) {},
	"institution": func(v *visitor) { v.press("next") },
	"credentials": func(v *visitor) { v.choose("ins_109508") },
	"accounts":    func(v *visitor) { v.choose("ins_109508").signIn("user_good", "pass_good") },
}

// entered is what is entered there to go on.
var entered = map[string]func(v *visitor) []string{
	"start":       func(*visitor) []string { return nil },
	"institution": func(*visitor) []string { return []string{"institution", "ins_109508"} },
	"credentials": func(*visitor) []string { return []string{"username", "user_good", "password", "pass_good"} },
	"accounts":    func(v *visitor) []string { return []string{"account", v.account("Plaid Checking")} },
}

func TestHostedFormSentTwice(t *testing.T) {
	server, client := start(t)
	for step, reach := range toStep {
		t.Run(step, func(t *testing.T) {
			created := create(t, client, pageRequest())
			v := visit(t, server, created.HostedLinkURL)
			reach(v)
			action, sent := v.form("next", entered[step](v)...)
			v.send(http.MethodPost, action, sent)
			events, title := onlySession(t, client, created.LinkToken).Events, v.title()
			v.send(http.MethodPost, action, sent)
			require.Equal(t, title, v.title())
			require.Equal(t, events, onlySession(t, client, created.LinkToken).Events)
		})
	}
}

func TestHostedStaleForms(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).choose("ins_109508")
	signIn, typed := v.form("next", "username", "user_good", "password", "pass_good")
	exit, leaving := v.form("exit")
	v.press("back").press("next", "institution", "ins_109509")
	for name, form := range map[string]struct {
		action string
		sent   url.Values
	}{
		"the sign-in of the bank before": {signIn, typed},
		"an exit from there":             {exit, leaving},
		"a form without a number":        {v.at, typed},
	} {
		v.send(http.MethodPost, form.action, form.sent)
		require.Equal(t, "Sign in", v.title(), name)
		require.Contains(t, v.page.text, "First Gingham Credit Union", name)
	}
	require.NotContains(t, eventNames(onlySession(t, client, created.LinkToken)), "SUBMIT_CREDENTIALS")
	v.signIn("user_good", "pass_good").share("Plaid Checking")
	require.NotEmpty(t, v.left)
}
