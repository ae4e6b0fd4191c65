package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestHostedPreviewOpensNoSession(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	for range 3 {
		visit(t, server, created.HostedLinkURL).send(http.MethodGet, created.HostedLinkURL+"?form=1", nil)
	}
	require.Empty(t, get(t, client, created.LinkToken).LinkSessions)
}

func TestHostedTwoWindows(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	first, second := visit(t, server, created.HostedLinkURL), visit(t, server, created.HostedLinkURL)
	third := visit(t, server, created.HostedLinkURL)
	first.choose("ins_109508").signIn("user_good", "pass_good")
	second.choose("ins_109509").signIn("user_good", "pass_good")
	require.NotEqual(t, first.at, second.at)
	first.share("Plaid Checking")
	second.press("next", "account", second.account("Plaid Checking"))
	require.Equal(t, http.StatusGone, second.status)
	require.Equal(t, "This link was used", second.title())
	third.press("next")
	require.Equal(t, http.StatusGone, third.status, "no session opens any more")
	third.open(created.HostedLinkURL)
	require.Equal(t, http.StatusGone, third.status)

	sessions := get(t, client, created.LinkToken).LinkSessions
	require.Len(t, sessions, 2)
	require.NotNil(t, sessions[0].Results)
	require.Nil(t, sessions[1].Results)
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresAccountSelection, sessions[1].Exit.Metadata.Status)
	require.Equal(t, []string{"ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED", "EVENTS", "SESSION_FINISHED"}, webhookCodes(server))
}

func TestHostedLinkExpires(t *testing.T) {
	server, client := start(t)
	req := pageRequest()
	req.HostedLink.URLLifetimeSeconds = new(60)
	created := create(t, client, req)
	unopened, opened := visit(t, server, created.HostedLinkURL), visit(t, server, created.HostedLinkURL).choose("ins_109508")
	server.Advance(59 * time.Second)
	visit(t, server, created.HostedLinkURL).form("next")
	server.Advance(time.Second)

	for name, v := range map[string]*visitor{"before": unopened.press("next"), "in the middle": opened.signIn("user_good", "pass_good")} {
		require.Equal(t, http.StatusGone, v.status, name)
		require.Equal(t, "This link has expired", v.title(), name)
		require.False(t, v.offers("next"), name)
	}
	session := onlySession(t, client, created.LinkToken)
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresCredentials, session.Exit.Metadata.Status)
	require.Equal(t, []string{"EVENTS", "SESSION_FINISHED"}, webhookCodes(server))
}

func TestHostedLifetimes(t *testing.T) {
	server, client := start(t)
	for name, test := range map[string]struct {
		hosted gen.LinkTokenCreateHostedLink
		lives  time.Duration
	}{
		"by default":   {gen.LinkTokenCreateHostedLink{}, 30 * time.Minute},
		"by SMS":       {gen.LinkTokenCreateHostedLink{DeliveryMethod: "sms"}, 24 * time.Hour},
		"by e-mail":    {gen.LinkTokenCreateHostedLink{DeliveryMethod: "email"}, 7 * 24 * time.Hour},
		"as asked for": {gen.LinkTokenCreateHostedLink{DeliveryMethod: "email", URLLifetimeSeconds: new(90)}, 90 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			req := createRequest()
			req.HostedLink = &test.hosted
			req.User.PhoneNumber, req.User.EmailAddress = "+14155550123", "user@app.example"
			address := create(t, client, req).HostedLinkURL
			server.Advance(test.lives - time.Second)
			require.Equal(t, http.StatusOK, visit(t, server, address).status)
			server.Advance(time.Second)
			require.Equal(t, http.StatusGone, visit(t, server, address).status)
		})
	}
}

func TestHostedUnknownAddresses(t *testing.T) {
	server, client := start(t)
	one, other := create(t, client, pageRequest()), create(t, client, pageRequest())
	v := visit(t, server, one.HostedLinkURL).press("next")
	foreign := strings.Replace(v.at, one.HostedLinkURL, other.HostedLinkURL, 1)
	require.NotEqual(t, v.at, foreign)
	require.NoError(t, failure(server.FinishLink(one.LinkToken, sandbox.Exited(sandbox.Exit{}))))
	finished := get(t, client, one.LinkToken).LinkSessions[1].LinkSessionID
	for name, address := range map[string]string{
		"no link":                      server.URL + "/hosted/",
		"an unknown link":              server.URL + "/hosted/0123456789012345678901",
		"an unknown session":           one.HostedLinkURL + "/00000000-0000-4000-8000-000000000000",
		"a session of another link":    foreign,
		"more behind a session":        v.at + "/more",
		"a session without the page":   one.HostedLinkURL + "/" + finished,
		"the link token, not its page": server.URL + "/hosted/" + one.LinkToken,
	} {
		t.Run(name, func(t *testing.T) {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				w := visit(t, server, one.HostedLinkURL)
				w.send(method, address, map[string][]string{"do": {"exit"}, "step": {"institution"}})
				require.Equal(t, http.StatusNotFound, w.status)
				require.False(t, w.offers("next"))
			}
		})
	}
	require.Empty(t, get(t, client, other.LinkToken).LinkSessions)
	require.True(t, get(t, client, one.LinkToken).LinkSessions[0].FinishedAt.IsZero())
}
