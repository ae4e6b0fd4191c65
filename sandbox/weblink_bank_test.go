package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWebBankInAWindow(t *testing.T) {
	server, client := start(t)
	token := create(t, client, createRequest()).LinkToken
	frame := openFrame(t, server, token).choose("ins_127287")
	require.Equal(t, "Sign in at your bank", frame.title())
	bank := frame.report().Bank
	frame.press("next")
	require.Equal(t, "Go on at your bank", frame.title())

	window := visit(t, server, server.URL+bank)
	require.True(t, strings.HasSuffix(window.header.Get("Content-Security-Policy"), "frame-ancestors 'none'"))
	closed := url.Values{"do": {"closed"}}
	frame.send(http.MethodPost, server.URL+frame.report().Path, closed)
	require.Contains(t, frame.page.text, "You closed the window of the bank")
	frame.press("next")
	window.open(server.URL + bank)
	window.press("deny")
	require.True(t, window.report().Close)
	frame.send(http.MethodPost, server.URL+frame.report().Path, closed)
	require.Contains(t, frame.page.text, "ACCESS_NOT_GRANTED")
	frame.press("next")
	window.open(server.URL + bank)
	window.press("next")
	require.True(t, window.report().Close)
	frame.send(http.MethodPost, server.URL+frame.report().Path, closed)
	frame.share("Plaid Checking")
	require.NotNil(t, frame.report().Success)
	require.Equal(t, []string{
		"SELECT_INSTITUTION", "TRANSITION_VIEW OAUTH", "OPEN_OAUTH", "CLOSE_OAUTH", "OPEN_OAUTH", "ERROR", "TRANSITION_VIEW ERROR",
		"OPEN_OAUTH", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW CONNECTED", "HANDOFF",
	}, frame.report().happened()[2:])
}

func TestWebBankByWayOfTheApplication(t *testing.T) {
	server, client := start(t)
	for wish, after := range map[string][]string{
		"next": {"OPEN", "TRANSITION_VIEW SELECT_ACCOUNT"},
		"deny": {"OPEN", "ERROR", "TRANSITION_VIEW ERROR"},
	} {
		req := createRequest()
		req.RedirectURI = "http://localhost:3000/oauth"
		token := create(t, client, req).LinkToken
		frame := openFrame(t, server, token).choose("ins_127287")
		require.True(t, frame.report().Redirects)
		action, sent := frame.form("next")
		sent.Set("do", "redirect")
		frame.send(http.MethodPost, action, sent)
		require.Equal(t, frame.report().Path+"/bank", frame.report().Go)

		window := visit(t, server, server.URL+frame.report().Go)
		window.press(wish)
		back, err := url.Parse(window.left)
		require.NoError(t, err)
		state := back.Query().Get("oauth_state_id")
		require.Regexp(t, "^[0-9a-f-]{36}$", state)

		other := create(t, client, createRequest()).LinkToken
		require.Equal(t, "OAUTH_STATE_ID_NOT_FOUND", openFrame(t, server, other, "oauth_state_id", state).report().Exit.Error["error_code"])
		again := openFrame(t, server, "", "oauth_state_id", state)
		require.Equal(t, after, again.report().happened()[4:], wish)
		require.Equal(t, "OAUTH_STATE_ID_ALREADY_PROCESSED", openFrame(t, server, token, "oauth_state_id", state).report().Exit.Error["error_code"])
		if wish == "deny" {
			again.press("exit")
			require.Equal(t, "requires_oauth", again.report().Exit.Metadata["status"])
			continue
		}
		again.share("Plaid Checking")
		require.NotNil(t, again.report().Success)
		require.Len(t, get(t, client, token).LinkSessions, 1)
	}
}
