package e2e_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

func TestBrowserExits(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	for name, one := range map[string]struct {
		walk   func(t *testing.T, w *window, link *gen.LinkTokenCreateResponse)
		status gen.LinkSessionExitMetadataStatus
		bank   string
	}{
		"on the first page": {
			walk: func(t *testing.T, w *window, link *gen.LinkTokenCreateResponse) { w.open(t, link.HostedLinkURL) },
		},
		"at the sign-in": {
			walk:   func(t *testing.T, w *window, link *gen.LinkTokenCreateResponse) { w.choose(t, link, firstPlatypus) },
			status: gen.LinkSessionExitMetadataStatusRequiresCredentials,
			bank:   firstPlatypus,
		},
		"at the accounts": {
			walk: func(t *testing.T, w *window, link *gen.LinkTokenCreateResponse) {
				w.choose(t, link, "Houndstooth Bank")
				w.signIn(t, "user_good", "pass_good")
			},
			status: gen.LinkSessionExitMetadataStatusRequiresAccountSelection,
			bank:   "Houndstooth Bank",
		},
	} {
		chromium.check(t, "exit "+name, func(t *testing.T) {
			link, w := a.link(t), newWindow(t, browser)
			one.walk(t, w, link)
			w.leave(t)
			w.at(t, arrived)
			a.requireExit(t, link, one.status, one.bank)
		})
	}
	chromium.check(t, "exit with nowhere to go, then a success", func(t *testing.T) {
		link, w := a.link(t, stays), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		w.leave(t)
		w.at(t, "Nothing was shared")
		a.requireExit(t, link, gen.LinkSessionExitMetadataStatusRequiresCredentials, firstPlatypus)
		w.connect(t, link)
		w.at(t, "You are connected")
		require.Len(t, a.sessions(t, link.LinkToken), 2)
	})
}

// requireExit requires that the only session of a link ended as an exit, and that its webhooks report it.
func (a *app) requireExit(
	t *testing.T, link *gen.LinkTokenCreateResponse, status gen.LinkSessionExitMetadataStatus, bank string,
) {
	t.Helper()
	sessions := a.sessions(t, link.LinkToken)
	require.Len(t, sessions, 1)
	require.Nil(t, sessions[0].Results)
	require.NotNil(t, sessions[0].Exit)
	require.Nil(t, sessions[0].Exit.Error)
	require.Equal(t, status, sessions[0].Exit.Metadata.Status)
	if bank != "" {
		require.Equal(t, bank, sessions[0].Exit.Metadata.Institution.Name)
	}
	payloads := a.webhooks(t, link.LinkToken)
	require.Len(t, payloads, 2)
	finished := one[*gen.LinkSessionFinishedWebhook](t, payloads)
	require.Equal(t, "EXITED", finished.Status)
	require.Empty(t, finished.PublicTokens)
	require.Equal(t, sessions[0].Events, one[*gen.LinkEventsWebhook](t, payloads).Events)
}

// Links that no longer work, and sessions that nobody continues.
func TestBrowserMeetsTheEndOfALink(t *testing.T) {
	a, browser := newApp(t), startBrowser(t)
	fiveMinutes := func(req *gen.LinkTokenCreateRequest) { req.HostedLink.URLLifetimeSeconds = new(300) }
	const expired, used = "This link has expired", "This link was used"
	chromium.check(t, "it expired before it was opened", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		a.sandbox.Advance(31 * time.Minute)
		w.open(t, link.HostedLinkURL)
		require.Empty(t, w.at(t, expired).with("button", "link"), "nothing to press")
		require.Empty(t, a.webhooks(t, link.LinkToken))
	})
	chromium.check(t, "it expires on the first page", func(t *testing.T) {
		link, w := a.link(t, fiveMinutes), newWindow(t, browser)
		w.open(t, link.HostedLinkURL)
		a.sandbox.Advance(5 * time.Minute)
		w.press(t, "Continue")
		w.at(t, expired)
		require.Empty(t, a.webhooks(t, link.LinkToken))
	})
	chromium.check(t, "it expires at the sign-in", func(t *testing.T) {
		link, w := a.link(t, fiveMinutes), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		a.sandbox.Advance(5 * time.Minute)
		w.signIn(t, "user_good", "pass_good")
		w.at(t, expired)
		a.requireExit(t, link, gen.LinkSessionExitMetadataStatusRequiresCredentials, firstPlatypus)
	})
	chromium.check(t, "nobody continues the session", func(t *testing.T) {
		link, w := a.link(t, stays), newWindow(t, browser)
		w.choose(t, link, firstPlatypus)
		a.sandbox.Advance(11 * time.Minute)
		a.requireExit(t, link, gen.LinkSessionExitMetadataStatusRequiresCredentials, firstPlatypus)
		w.signIn(t, "user_good", "pass_good")
		w.at(t, "Nothing was shared")
	})
	chromium.check(t, "it was used", func(t *testing.T) {
		link, w := a.link(t), newWindow(t, browser)
		w.connect(t, link)
		w.at(t, arrived)
		w.open(t, link.HostedLinkURL)
		require.Empty(t, w.at(t, used).with("button", "link"), "nothing to press")
		require.Len(t, a.sessions(t, link.LinkToken), 1)
	})
	chromium.check(t, "it never existed", func(t *testing.T) {
		w := newWindow(t, browser)
		w.open(t, a.sandbox.URL+"/hosted/unknown")
		w.at(t, "This link does not work")
	})
}
