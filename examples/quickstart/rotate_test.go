package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

// works reports whether Plaid accepts an access token.
func (q *quickstart) works(token gen.AccessToken) bool {
	q.t.Helper()
	_, err := q.app.client.ItemGet(q.t.Context(), gen.ItemGetRequest{AccessToken: token})
	return err == nil
}

const (
	rotated    = "was replaced. The old one has ended."
	notRotated = "was not replaced, and works as before"
	rotating   = "Its access token is being replaced."
	tokenLost  = "nobody can use this connection"
)

// After every failure there is an access token that works, or the user reads that there is none.
func TestReplace(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		first string // what the user reads at first
		then  string // and when it was tried again, after a restart
		works bool
		calls int
	}{
		"nothing fails":                  {first: rotated, then: ">Connected<", works: true, calls: 1},
		"Plaid refuses":                  {sandbox.PlaidError(400, "API_ERROR", "X", ""), notRotated, ">Connected<", true, 1},
		"the request is lost on its way": {sandbox.Drop(), rotating, ">Connected<", true, 2},
		"the response is lost":           {sandbox.DropResponse(), rotating, tokenLost, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			q := newQuickstart(t)
			v := q.visitor("Ada")
			item := v.connect()
			before := q.token(item)
			if c.fault != nil {
				require.NoError(t, q.plaid.Fail("itemAccessTokenInvalidate", c.fault))
			}
			status, _, _ := v.do(http.MethodPost, "/items/"+item+"/replace", nil)
			require.Equal(t, http.StatusSeeOther, status)
			require.Contains(t, v.page(), c.first)
			q.later()
			require.NotContains(t, v.page(), "Ended", "what is on its way is not gone")
			q.restart()
			q.settle()
			q.settle()
			require.Contains(t, v.page(), c.then)
			require.Equal(t, c.works, q.works(q.token(item)))
			require.Equal(t, c.calls, q.requests("itemAccessTokenInvalidate"))
			if c.first != notRotated {
				require.False(t, q.works(before), "the old one has ended")
			}
			require.NotContains(t, q.logs.String(), "access-sandbox-")
			t.Attr("got", fmt.Sprintf("an access token is replaced, %s: works=%t calls=%d", name, c.works, c.calls))
			if !c.works {
				require.Equal(t, 1, strings.Count(q.logs.String(), "is lost"))
				require.Contains(t, v.connectAgain(), "Your bank is connected.")
				v.do(http.MethodPost, "/items/"+item+"/remove", nil)
				require.Contains(t, v.page(), "At Plaid the connection continues, because its access token is lost")
				require.Len(t, v.banks(), 1)
			}
		})
	}
}

// connectAgain connects a bank that is lost: there is no question.
func (v *visitor) connectAgain() string {
	v.q.t.Helper()
	linkToken, back := v.begin("/links")
	require.NoError(v.q.t, failure(v.q.plaid.FinishLink(linkToken, sandbox.Success())))
	return v.comeBack(back)
}

// A first call whose response is lost can be carried out late, after the old access token was seen to work.
func TestReplaceIsCarriedOutLate(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	require.NoError(t, q.plaid.Fail("itemAccessTokenInvalidate", sandbox.Drop(),
		sandbox.PlaidError(400, "INVALID_INPUT", "INVALID_ACCESS_TOKEN", "")))
	v.do(http.MethodPost, "/items/"+item+"/replace", nil)
	q.settle()
	require.Contains(t, v.page(), tokenLost)
}

// A new access token that cannot be stored is kept until it can be; meanwhile the Item is neither removed nor taken for gone.
func TestNewAccessTokenOutlivesAFailingDatabase(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	f := trigger("UPDATE ON items WHEN NEW.access_token <> OLD.access_token")
	q.exec(f.broken)
	v.do(http.MethodPost, "/items/"+item+"/replace", nil)
	require.Contains(t, q.logs.String(), notStored)
	require.Contains(t, v.page(), rotating)
	status, _, _ := v.do(http.MethodPost, "/items/"+item+"/remove", nil)
	require.Equal(t, http.StatusInternalServerError, status, "with which token?")
	require.NoError(t, q.plaid.RequireLogin(item))
	q.webhooks()
	require.NotContains(t, v.page(), "Ended")
	stopped := make(chan struct{})
	go func() { defer close(stopped); q.stop() }()
	q.exec(f.mend)
	<-stopped
	q.start()
	q.later()
	require.Contains(t, v.page(), needsLogin, "the new one works, and shows the state")
	require.True(t, q.works(q.token(item)))
	v.do(http.MethodPost, "/items/"+item+"/remove", nil)
	require.Zero(t, q.plaid.State().Items)
	t.Attr("got", fmt.Sprintf("a new access token cannot be stored: calls=%d", q.requests("itemAccessTokenInvalidate")))
}

// The program is killed at each step of a replacement, and started again.
func TestKillDuringAReplacement(t *testing.T) {
	for name, c := range map[string]struct {
		carriedOut bool
		then       string
	}{
		"before Plaid carries it out": {false, "Connected on"},
		"before the response arrives": {true, tokenLost},
	} {
		t.Run(name, func(t *testing.T) {
			plaid := sandbox.NewServer()
			t.Cleanup(plaid.Close)
			database := filepath.Join(t.TempDir(), "quickstart.db")
			p, v := startProcess(t, plaid, database)
			v.do(http.MethodPost, "/links", nil)
			require.NoError(t, failure(plaid.FinishLink(plaid.State().LinkTokens[0].LinkToken, sandbox.Success())))
			until(t, func() bool { return len(v.banks()) == 1 }, "it is connected")
			require.NoError(t, plaid.Fail("itemAccessTokenInvalidate", func(carryOut http.Handler) http.Handler {
				return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					if c.carriedOut {
						carryOut.ServeHTTP(httptest.NewRecorder(), r)
					}
					p.kill()
				})
			}))
			req, err := http.NewRequest(http.MethodPost, v.q.app.url+"/items/"+v.banks()[0]+"/replace", nil)
			require.NoError(t, err)
			_, err = v.client.Do(req)
			require.Error(t, err, "it is killed")
			<-p.ended
			_, v = startProcess(t, plaid, database)
			until(t, func() bool { return strings.Contains(v.page(), c.then) && !strings.Contains(v.page(), rotating) }, "the user reads: "+c.then)
			t.Attr("got", fmt.Sprintf("killed %s of a new token: lost=%t", name, strings.Contains(v.page(), tokenLost)))
		})
	}
}

// A removal at the same time as a replacement: whichever comes first, the Item has ended at Plaid.
func TestReplaceAndRemoveAtOnce(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	var all sync.WaitGroup
	for _, action := range []string{"/replace", "/remove", "/replace", "/remove"} {
		all.Go(func() { v.do(http.MethodPost, "/items/"+item+action, nil) })
	}
	all.Wait()
	require.Empty(t, v.banks())
	require.Zero(t, q.plaid.State().Items)
}

// The webhooks of an Item follow the program to a new address.
func TestWebhooksFollowTheAddress(t *testing.T) {
	plaid := sandbox.NewServer()
	t.Cleanup(plaid.Close)
	client, err := plaid.Client()
	require.NoError(t, err)
	cfg := config{listen: "127.0.0.1:0", database: filepath.Join(t.TempDir(), "quickstart.db"), key: testKey,
		sandboxURL: plaid.URL, credentials: plaid.Credentials()}
	address, stop := launch(t, cfg)
	q := &quickstart{t: t, plaid: plaid, app: &app{url: address, client: client}}
	v := q.visitor("Ada")
	v.do(http.MethodPost, "/links", nil)
	require.NoError(t, failure(plaid.FinishLink(plaid.State().LinkTokens[0].LinkToken, sandbox.Success())))
	until(t, func() bool { return len(v.banks()) == 1 }, "it is connected")
	item := v.banks()[0]
	stop()
	require.NoError(t, plaid.Fail("itemWebhookUpdate", sandbox.PlaidError(400, "API_ERROR", "X", "")))
	q.app.url, stop = launch(t, cfg) // at another port
	until(t, func() bool { return q.requests("itemWebhookUpdate") == 1 }, "at the start")
	stop()
	q.app.url, _ = launch(t, cfg)
	until(t, func() bool { return q.requests("itemWebhookUpdate") == 2 }, "and again after a failure")
	require.NoError(t, plaid.WaitWebhooks(context.Background()))
	require.NoError(t, plaid.RequireLogin(item))
	require.NoError(t, plaid.WaitWebhooks(context.Background()))
	v = q.visitor("Ada")
	require.Contains(t, v.page(), needsLogin)
	require.Equal(t, 2, q.requests("itemWebhookUpdate"))
}
