package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestHostedManyVisitorsOfOneLink(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	t.Run("visitors", func(t *testing.T) {
		for range 20 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				v := visit(t, server, created.HostedLinkURL)
				for _, step := range []string{"start", "institution", "credentials", "accounts", "consent"} {
					if !v.offers("next") {
						require.Equal(t, http.StatusGone, v.status, step)
						return
					}
					var fields []string
					if enter := entered[step]; enter != nil {
						fields = enter(v)
					}
					v.press("next", fields...)
					server.State()
					server.Advance(time.Millisecond)
				}
				require.True(t, v.left != "" || v.status == http.StatusGone)
			})
		}
		t.Run("reader", func(t *testing.T) {
			t.Parallel()
			for range 50 {
				get(t, client, created.LinkToken)
			}
		})
	})
	server.Advance(10 * time.Minute)
	successes := 0
	for _, session := range get(t, client, created.LinkToken).LinkSessions {
		require.False(t, session.FinishedAt.IsZero())
		require.NotEqual(t, session.Results == nil, session.Exit == nil)
		if session.Results != nil {
			successes++
		}
	}
	require.Equal(t, 1, successes)
}

func TestHostedVisitorsWhileTheSandboxCloses(t *testing.T) {
	s := sandbox.New()
	done := make(chan struct{})
	for range 20 {
		go func() {
			defer func() { done <- struct{}{} }()
			path := newHosted(s)
			at := ask(s, http.MethodPost, path, "do=next")
			ask(s, http.MethodPost, at+"?form=0", "do=search&query=tartan")
			ask(s, http.MethodPost, at+"?form=1", "do=exit")
		}()
	}
	s.Close()
	for range 20 {
		<-done
	}
	require.Equal(t, 20, exits(s), "requests are served as before")
	s.Close()
}

// ask returns where a response sends the browser.
func ask(s *sandbox.Sandbox, method, path, form string) string {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(form))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Header().Get("Location")
}

// newHosted makes a link, without a network, and returns its path.
func newHosted(s *sandbox.Sandbox) string {
	r := httptest.NewRequest(http.MethodPost, "http://localhost/link/token/create", strings.NewReader(
		`{"client_name":"Example App","language":"en","country_codes":["US"],"user":{"client_user_id":"user-123"},`+
			`"products":["auth"],"hosted_link":{"url_lifetime_seconds":86400}}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("PLAID-CLIENT-ID", s.Credentials().ClientID)
	r.Header.Set("PLAID-SECRET", string(s.Credentials().Secret))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	_, link, _ := strings.Cut(w.Body.String(), "/hosted/")
	id, _, _ := strings.Cut(link, `"`)
	return "/hosted/" + id
}

func TestHostedSessionsOfALinkAreBounded(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	path := strings.TrimPrefix(created.HostedLinkURL, server.URL)
	first := ask(server.Sandbox, http.MethodPost, path, "do=next")
	for range 100 {
		ask(server.Sandbox, http.MethodPost, path, "do=next")
	}
	require.Len(t, get(t, client, created.LinkToken).LinkSessions, 100)
	require.Equal(t, http.StatusNotFound, visit(t, server, server.URL+first).status, "the oldest is gone")
	require.Equal(t, []string{"EVENTS", "SESSION_FINISHED"}, webhookCodes(server), "its end is reported, once")
	visit(t, server, created.HostedLinkURL).choose("ins_109508").signIn("user_good", "pass_good").share("Plaid Checking")
}

func TestHostedRunningSessionsAreBounded(t *testing.T) {
	server, client := start(t)
	req := pageRequest()
	req.Webhook = ""
	oldest, second := create(t, client, req), create(t, client, req)
	for _, created := range []*gen.LinkTokenCreateResponse{oldest, second} {
		ask(server.Sandbox, http.MethodPost, strings.TrimPrefix(created.HostedLinkURL, server.URL), "do=next")
	}
	path := newHosted(server.Sandbox)
	for n := range 9_999 {
		if n%99 == 0 {
			path = newHosted(server.Sandbox)
		}
		ask(server.Sandbox, http.MethodPost, path, "do=next")
	}
	require.False(t, onlySession(t, client, oldest.LinkToken).FinishedAt.IsZero(), "the 10,001st session ends it")
	require.True(t, onlySession(t, client, second.LinkToken).FinishedAt.IsZero())
}
