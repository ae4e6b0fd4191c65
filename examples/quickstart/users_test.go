package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

func TestTwoUsers(t *testing.T) {
	q := newQuickstart(t)
	ada, bob := q.visitor("Ada"), q.visitor("Bob")
	item := ada.connect()
	linkToken, back := ada.begin("/links")
	require.NoError(t, failure(q.plaid.FinishLink(linkToken, sandbox.Success())))
	require.Empty(t, bob.banks())
	for _, request := range []struct{ method, path string }{
		{http.MethodPost, "/items/" + item + "/update"},
		{http.MethodPost, "/items/" + item + "/remove"},
		{http.MethodPost, "/items/" + item + "/break"},
		{http.MethodPost, "/items/" + item + "/replace"},
		{http.MethodPost, strings.Replace(back, "done", "connect", 1)},
		{http.MethodPost, strings.Replace(back, "done", "decline", 1)},
		{http.MethodGet, back},
		{http.MethodGet, "/?link=" + strings.Split(back, "/")[2]},
	} {
		status, _, _ := bob.do(request.method, request.path, nil)
		require.Equal(t, http.StatusNotFound, status, request.path)
	}
	require.Equal(t, 1, q.exchanges(), "nor was Plaid asked for another's link")
	require.Contains(t, ada.banks(), item, "nothing changed")
	other := bob.connect()
	require.Equal(t, []string{other}, bob.banks())
	require.Contains(t, ada.banks(), item)
	require.NotContains(t, ada.banks(), other)
	require.Contains(t, q.visitor("  ada ").banks(), item, "the same user on another device")
	require.Len(t, q.clientUserIDs(), 2, "Plaid distinguishes them, and does not get their names")
	require.NotContains(t, q.clientUserIDs(), "Ada")
}

// clientUserIDs returns those that Plaid got.
func (q *quickstart) clientUserIDs() map[string]bool {
	ids := map[string]bool{}
	for _, request := range q.plaid.Requests() {
		if _, rest, ok := strings.Cut(request.Body, `"client_user_id":"`); ok {
			id, _, _ := strings.Cut(rest, `"`)
			ids[id] = true
		}
	}
	return ids
}

func TestSession(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	home, err := url.Parse(q.app.url)
	require.NoError(t, err)
	cookie := v.client.Jar.Cookies(home)[0]

	var stored int
	require.NoError(t, q.app.store.db.QueryRow("SELECT count(*) FROM sessions WHERE instr(cookie_hash, ?)", cookie.Value).Scan(&stored))
	require.Zero(t, stored, "only its hash")
	q.restart()
	require.Equal(t, []string{item}, v.banks(), "signed in still")

	q.app.store.now = func() time.Time { return time.Now().Add(sessionLifetime) }
	require.Empty(t, v.banks(), "not after a week")
	q.app.store.now = time.Now
	status, _, _ := v.do(http.MethodPost, "/sign-out", nil)
	require.Equal(t, http.StatusSeeOther, status)
	v.client.Jar.SetCookies(home, []*http.Cookie{cookie}) // somebody kept it
	for _, request := range []struct{ method, path string }{
		{http.MethodPost, "/links"}, {http.MethodPost, "/items/" + item + "/remove"}, {http.MethodGet, "/links/x/done"},
	} {
		status, to, _ := v.do(request.method, request.path, nil)
		require.Equal(t, http.StatusSeeOther, status)
		require.Equal(t, "/", to)
	}
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, "Sign in")
	require.Equal(t, []string{item}, q.visitor("Ada").banks(), "nothing was removed")
}

// Signing in again ends the browser's session before, and no other.
func TestSecondSignInEndsTheFirstSession(t *testing.T) {
	q := newQuickstart(t)
	v, elsewhere := q.visitor("Ada"), q.visitor("Ada")
	home, err := url.Parse(q.app.url)
	require.NoError(t, err)
	first := v.client.Jar.Cookies(home)[0]
	status, _, _ := v.do(http.MethodPost, "/sign-in", url.Values{"name": {"Bob"}})
	require.Equal(t, http.StatusSeeOther, status)
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, "Bob")
	_, _, page = elsewhere.do(http.MethodGet, "/", nil)
	require.Contains(t, page, "Ada")
	v.client.Jar.SetCookies(home, []*http.Cookie{first}) // somebody kept it
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, "Sign in with any name")
	t.Attr("got", fmt.Sprintf("the first session after a second sign-in: open=%t", strings.Contains(page, "Ada")))
}

// What the last action did is shown once, as text.
func TestNoticeIsShownOnce(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	_, err := q.app.store.db.Exec("UPDATE items SET institution = '<b>Bank'")
	require.NoError(t, err)
	v.do(http.MethodPost, "/items/"+item+"/remove", nil)
	_, _, page := v.do(http.MethodGet, "/", nil)
	require.Contains(t, page, "&lt;b&gt;Bank was removed, and")
	_, _, page = v.do(http.MethodGet, "/", nil)
	require.NotContains(t, page, "was removed")
	home, err := url.Parse(q.app.url)
	require.NoError(t, err)
	v.client.Jar.SetCookies(home, []*http.Cookie{{Name: noticeCookie, Value: "!", Path: "/"}})
	status, _, _ := v.do(http.MethodGet, "/", nil)
	require.Equal(t, http.StatusOK, status, "a cookie that nobody set here")
}

func TestCookie(t *testing.T) {
	for address, secure := range map[string]bool{"http://127.0.0.1:8000": false, "https://app.example": true} {
		q := newQuickstart(t)
		q.app.url = address
		resp, err := http.DefaultTransport.RoundTrip(signInRequest(t, q, "Ada"))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		cookie := resp.Cookies()[0]
		require.True(t, cookie.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
		require.Equal(t, secure, cookie.Secure)
	}
}

func signInRequest(t *testing.T, q *quickstart, name string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+q.address+"/sign-in", strings.NewReader(url.Values{"name": {name}}.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

func TestNames(t *testing.T) {
	q := newQuickstart(t)
	for name, status := range map[string]int{
		"Ada": 303, " Zoë  Müller ": 303, strings.Repeat("ö", 40): 303, "<script>": 303,
		"": 400, "  ": 400, strings.Repeat("ö", 41): 400, "a\x00b": 400, "a\u202eb": 400, "\xff": 400,
		strings.Repeat("a", 9<<10): 400,
	} {
		resp, err := http.DefaultTransport.RoundTrip(signInRequest(t, q, name))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, status, resp.StatusCode, "%q", name)
	}
	_, _, page := q.visitor("<script>").do(http.MethodGet, "/", nil)
	require.Contains(t, page, "&lt;script&gt;")
	require.NotContains(t, page, "<script")
}

// Another site's form, sent by a user's browser, does nothing.
func TestCrossSiteForm(t *testing.T) {
	q := newQuickstart(t)
	v := q.visitor("Ada")
	item := v.connect()
	for _, header := range []struct{ name, value string }{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		req, err := http.NewRequest(http.MethodPost, q.app.url+"/items/"+item+"/remove", nil)
		require.NoError(t, err)
		req.Header.Set(header.name, header.value)
		resp, err := v.client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusForbidden, resp.StatusCode, header.name)
		require.Contains(t, resp.Header.Get("Content-Security-Policy"), "default-src 'none'")
	}
	require.Equal(t, []string{item}, v.banks())
}
