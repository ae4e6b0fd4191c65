package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox"
)

// press posts a form to a control path, as a browser does from the page of an origin.
func press(s *sandbox.Sandbox, path string, fields url.Values, header map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://localhost:8080/_sandbox/"+path, strings.NewReader(fields.Encode()))
	r.RemoteAddr = here
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

var fromPage = map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"}

func TestButtonsOfThePage(t *testing.T) {
	s := sandbox.New()
	token, began, key := created(t, s, createBody), s.Now(), s.WebhookKeyID()
	for _, test := range []struct {
		path   string
		fields url.Values
	}{
		{"advance", url.Values{"seconds": {"1200"}}},
		{"webhook/rotate_key", nil},
		{"link/finish", url.Values{"link_token": {token}, "outcome": {"exit"}}},
		{"link/finish", url.Values{"link_token": {token}, "outcome": {"success"}}},
		{"fail", url.Values{
			"operation": {"linkTokenGet"}, "fault": {"error"}, "status": {"500"}, "error_type": {"API_ERROR"}, "error_code": {"INTERNAL_SERVER_ERROR"},
		}},
	} {
		got := press(s, test.path, test.fields, fromPage)
		require.Equal(t, http.StatusSeeOther, got.Code, "%s: %s", test.path, got.Body)
		require.Equal(t, "/_sandbox/", got.Header().Get("Location"))
	}
	state := s.State()
	require.WithinDuration(t, began.Add(20*time.Minute), state.Time, time.Minute)
	require.NotEqual(t, key, s.WebhookKeyID())
	require.Len(t, state.LinkTokens[0].Sessions, 2)
	require.True(t, state.LinkTokens[0].UsedUp)
	require.Equal(t, map[string]int{"linkTokenGet": 1}, state.QueuedFaults)

	got := press(s, "link/finish", url.Values{"link_token": {token}, "outcome": {"success"}}, fromPage)
	require.Equal(t, http.StatusBadRequest, got.Code)
	require.Contains(t, got.Body.String(), `role="alert">the link_token was used up`)
	require.NotContains(t, got.Body.String(), "http-equiv", "it stays for as long as somebody reads")
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	s := sandbox.New()
	began := s.Now()
	for name, test := range map[string]struct {
		header map[string]string
		status int
	}{
		"no browser":     {nil, http.StatusBadRequest},
		"another site":   {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}, http.StatusForbidden},
		"another port":   {map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:9090"}, http.StatusForbidden},
		"an old browser": {map[string]string{"Origin": "http://evil.example"}, http.StatusForbidden},
		"a quiet origin": {map[string]string{"Origin": "null"}, http.StatusForbidden},
	} {
		require.Equal(t, test.status, press(s, "advance", url.Values{"seconds": {"7200"}}, test.header).Code, name)
	}
	require.WithinDuration(t, began, s.Now(), time.Minute)
}

func TestStatePageIsWhereTheRootLeads(t *testing.T) {
	s := sandbox.New()
	got := arrive(s, "GET", "http://localhost/", here, nil)
	require.Equal(t, http.StatusSeeOther, got.Code)
	require.Equal(t, "/_sandbox/", got.Header().Get("Location"))
	page := arrive(s, "GET", "http://localhost/_sandbox/", here, nil)
	require.Contains(t, page.Body.String(), `<meta http-equiv="refresh" content="5; url=/_sandbox/"/>`)
	require.Contains(t, page.Body.String(), `<a href="/_sandbox/?hold">`, "or a keyboard has 5 seconds to come to a button")
	require.Equal(t, "same-origin", page.Header().Get("Referrer-Policy"), "else Origin would be null")

	require.Equal(t, http.StatusNotFound, arrive(s, "GET", "http://localhost/favicon.ico", here, nil).Code)
	require.Equal(t, http.StatusNotFound, arrive(s, "GET", "http://localhost/.well-known/a.json", here, map[string]string{"Sec-Fetch-Mode": "no-cors"}).Code)
	require.Empty(t, s.Requests(), "what a browser asks for by itself is not listed")
	arrive(s, "GET", "http://localhost/link/token/get", here, nil)
	require.Len(t, s.Requests(), 1, "a mistaken method of a client is")
}

func TestStatePageShowsBodiesOnAClick(t *testing.T) {
	server, client := start(t)
	access := exchange(t, client, newPublicToken(t, client)).AccessToken
	request := server.Requests()[1]
	_, text := look(t, server, "?request="+request.RequestID)
	require.Contains(t, text, "itemPublicTokenExchange – 200 OK")
	require.Contains(t, text, "&#34;access_token&#34;: &#34;[redacted]&#34;")
	require.NotContains(t, text, string(access))
	require.NotContains(t, text, "http-equiv")
	_, text = look(t, server, "?hold")
	require.NotContains(t, text, "http-equiv")
	_, text = look(t, server, "?request=unknown")
	require.Contains(t, text, "http-equiv")
	require.Contains(t, text, "healthy", "the Item is listed")
	require.Contains(t, text, "Lose the login")
}
