package sandbox_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestHostedSessionIsAbandoned(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).press("next")
	ended := func() bool { return !onlySession(t, client, created.LinkToken).FinishedAt.IsZero() }
	server.Advance(9 * time.Minute)
	v.press("search", "query", "tartan")
	server.Advance(9 * time.Minute)
	require.False(t, ended(), "somebody goes on with it")
	v.press("next", "institution", "ins_109511")
	server.Advance(9 * time.Minute)
	v.open(v.at)
	require.False(t, ended())
	server.Advance(time.Minute)
	require.True(t, ended(), "looking is not going on")
	exit := onlySession(t, client, created.LinkToken).Exit
	require.Equal(t, gen.LinkSessionExitMetadataStatusRequiresCredentials, exit.Metadata.Status)
	require.Equal(t, "ins_109511", exit.Metadata.Institution.InstitutionID)
	require.Equal(t, []string{"EVENTS", "SESSION_FINISHED"}, webhookCodes(server))
	v.signIn("user_good", "pass_good")
	require.Equal(t, "Nothing was shared", v.title())
}

func TestHostedSessionAndAClockMovedBack(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).choose("ins_109508")
	server.Advance(-24 * time.Hour)
	require.True(t, onlySession(t, client, created.LinkToken).FinishedAt.IsZero())
	server.Advance(9 * time.Minute)
	require.True(t, onlySession(t, client, created.LinkToken).FinishedAt.IsZero())
	server.Advance(time.Minute)
	require.False(t, onlySession(t, client, created.LinkToken).FinishedAt.IsZero(), "it rests since the clock was moved")
	v.signIn("user_good", "pass_good")
	require.Equal(t, "Nothing was shared", v.title())
}

func exits(s *sandbox.Sandbox) (count int) {
	for _, token := range s.State().LinkTokens {
		for _, session := range token.Sessions {
			if session.Exit != nil {
				count++
			}
		}
	}
	return count
}

func TestHostedSessionIsAbandonedInRealTime(t *testing.T) {
	sandbox.New().Close() // reads the specification outside the bubble
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		defer s.Close()
		address := ask(s, http.MethodPost, newHosted(s), "do=next")
		ask(s, http.MethodPost, newHosted(s), "do=next")
		time.Sleep(9 * time.Minute)
		ask(s, http.MethodPost, address+"?form=0", "do=search&query=tartan")
		time.Sleep(time.Minute + time.Second)
		require.Equal(t, 1, exits(s), "nobody goes on with the second one")
		s.Advance(5 * time.Minute)
		time.Sleep(3 * time.Minute)
		require.Equal(t, 1, exits(s))
		time.Sleep(time.Minute)
		require.Equal(t, 2, exits(s), "the sandbox's clock is what counts")

		ask(s, http.MethodPost, newHosted(s), "do=next")
		s.Advance(-time.Hour)
		time.Sleep(10*time.Minute + time.Second)
		require.Equal(t, 3, exits(s), "also when it was moved back")
	})
}

func TestHostedSessionStaysAfterClose(t *testing.T) {
	sandbox.New().Close()
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		address := ask(s, http.MethodPost, newHosted(s), "do=next")
		s.Close()
		ask(s, http.MethodPost, address+"?form=0", "do=search&query=tartan")
		time.Sleep(time.Hour)
		require.Zero(t, exits(s))
	})
}
