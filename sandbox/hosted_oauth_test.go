package sandbox_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

func TestHostedOAuth(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).choose("ins_127287")
	require.Equal(t, "Allow Example App to see your accounts?", v.title())
	v.press("deny")
	require.Equal(t, "Sign in at your bank", v.title())
	require.Contains(t, v.page.text, "You did not allow the bank to share anything")
	v.press("back").press("next", "institution", "ins_127287").press("next").share("Plaid Checking")
	require.NotEmpty(t, v.left)
	session := onlySession(t, client, created.LinkToken)
	require.Equal(t, []string{
		"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION",
		"SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "ERROR", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW SELECT_INSTITUTION",
		"SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW CONNECTED", "HANDOFF",
	}, happened(session))
	require.Equal(t, "ins_127287", session.Results.ItemAddResults[0].Institution.InstitutionID)
}

func TestHostedOAuthLeftAtTheBank(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).choose("ins_127287")
	action, sent := v.form("deny")
	sent.Set("do", "fly")
	v.send("POST", action, sent)
	require.True(t, v.offers("deny"), "what is unknown authorizes nothing")
	action, sent = v.form("deny")
	sent.Set("do", "exit")
	v.send("POST", action, sent)
	require.NotEmpty(t, v.left)
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresOAuth, onlySession(t, client, created.LinkToken).Exit.Metadata.Status)
}

func TestHostedOAuthByWayOfTheApp(t *testing.T) {
	server, client := start(t)
	for redirect, want := range map[string]string{
		"https://app.example/back":         "https://app.example/back?link_correlation_id=",
		"https://app.example/back#further": "https://app.example/back?link_correlation_id=",
	} {
		t.Run(redirect, func(t *testing.T) {
			req := paymentRequest()
			req.HostedLink, req.RedirectURI = pageRequest().HostedLink, redirect
			created := create(t, client, req)
			v := visit(t, server, created.HostedLinkURL).choose("ins_127287").press("next")
			require.Contains(t, v.left, want)
			to, err := url.Parse(v.left)
			require.NoError(t, err)
			got, err := client.LinkOAuthCorrelationIDExchange(t.Context(), gen.LinkOAuthCorrelationIDExchangeRequest{
				LinkCorrelationID: to.Query().Get("link_correlation_id"),
			})
			require.NoError(t, err)
			require.Equal(t, created.LinkToken, got.LinkToken)

			again := visit(t, server, created.HostedLinkURL)
			require.Equal(t, "Choose your account", again.title(), "it goes on where the bank left it")
			again.press("back").press("next")
			require.Empty(t, again.left, "the app has learned of it already")
			again.share("Plaid Checking")
			require.Equal(t, "https://app.example/done?user=1", again.left)
			require.NotNil(t, onlySession(t, client, created.LinkToken).Results, "it is one session")
		})
	}
}

func TestHostedOAuthAtTheAppIsOneWindow(t *testing.T) {
	server, client := start(t)
	req := paymentRequest()
	req.HostedLink = pageRequest().HostedLink
	created := create(t, client, req)
	visit(t, server, created.HostedLinkURL).choose("ins_127287").press("next")
	v := visit(t, server, created.HostedLinkURL).press("back")
	require.True(t, v.offers("deny"))
	require.Equal(t, "Connect your bank to Example App", visit(t, server, created.HostedLinkURL).title(), "the user is here, not at the app")
}

// Who refuses at the bank and leaves has an error and how far they came, in the documented order.
func TestHostedOAuthRefused(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	visit(t, server, created.HostedLinkURL).choose("ins_127287").press("deny").press("exit")
	session := onlySession(t, client, created.LinkToken)
	require.Equal(t, []string{
		"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH",
		"ERROR", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW EXIT", "EXIT",
	}, happened(session))
	require.Equal(t, "ACCESS_NOT_GRANTED", session.Exit.Error.ErrorCode)
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresOAuth, session.Exit.Metadata.Status)
}
