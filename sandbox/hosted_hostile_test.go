package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

func TestHostedEscapesWhatTheAppSays(t *testing.T) {
	server, client := start(t)
	req := pageRequest()
	req.ClientName = `<script>x</script>"'&`
	v := visit(t, server, create(t, client, req).HostedLinkURL)
	require.Equal(t, "Connect your bank to "+req.ClientName, v.title())
	require.Empty(t, v.page.all("script"))
	v.choose("ins_109508").signIn(`"><b>`, "x")
	require.Empty(t, v.page.all("b"))
	v.signIn("user_good", "pass_good").press("next", "account", v.account("Plaid Checking"))
	require.Equal(t, "Share this with "+req.ClientName+"?", v.title())
}

func TestHostedForms(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).press("next")
	search, _ := v.form("search", "query", "")
	for name, test := range map[string]struct {
		body   string
		status int
	}{
		"more than 1 MiB":       {"do=search&query=" + strings.Repeat("a", 1<<20), http.StatusBadRequest},
		"a wrong escape":        {"do=search&query=%zz", http.StatusBadRequest},
		"a wrong separator":     {"do=exit;step=institution", http.StatusBadRequest},
		"an unknown wish":       {"do=fly", http.StatusOK},
		"no wish":               {"", http.StatusOK},
		"a wish of other steps": {"do=deny", http.StatusOK},
		"no step before":        {"do=back", http.StatusOK},
		"no institution":        {"do=next", http.StatusOK},
		"another step":          {"do=next&step=consent&institution=ins_0", http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			w := visit(t, server, v.at)
			action, _ := w.form("search", "query", "")
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, action, strings.NewReader(test.body))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			response, err := (&http.Client{Transport: newTransport(t)}).Do(r)
			require.NoError(t, err)
			defer response.Body.Close()
			require.Equal(t, test.status, response.StatusCode)
			require.Equal(t, "text/html; charset=utf-8", response.Header.Get("Content-Type"))
			w.open(v.at)
			require.Equal(t, "Choose your bank", w.title())
		})
	}
	require.Equal(t, []string{"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION"}, happened(onlySession(t, client, created.LinkToken)))
	v.send(http.MethodPost, search, url.Values{"do": {"exit"}})
	require.True(t, onlySession(t, client, created.LinkToken).FinishedAt.IsZero(), "its number is old by now")
}

func TestHostedKeepsLittleOfAForm(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL).press("next").press("search", "query", strings.Repeat("ä", 1000))
	v.press("search", "query", "no\xff\xfebank")
	v.press("search", "query", "").press("next", "institution", "ins_109508").signIn(strings.Repeat("u", 1000)+"\xff", "\xff")
	events := onlySession(t, client, created.LinkToken).Events
	require.Equal(t, strings.Repeat("ä", 200), events[2].EventMetadata.InstitutionSearchQuery)
	require.Equal(t, "no\ufffd\ufffdbank", events[3].EventMetadata.InstitutionSearchQuery, "else there would be no response")
	require.NotContains(t, v.page.all("input")[3].attr["value"], strings.Repeat("u", 201))
}

func TestHostedMethods(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	v := visit(t, server, created.HostedLinkURL)
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		v.send(method, created.HostedLinkURL, url.Values{"do": {"next"}})
		require.Equal(t, http.StatusMethodNotAllowed, v.status, method)
		require.Equal(t, "GET, HEAD, POST", v.header.Get("Allow"))
	}
	response, err := (&http.Client{Transport: newTransport(t)}).Head(created.HostedLinkURL)
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Empty(t, get(t, client, created.LinkToken).LinkSessions)
}

func TestHostedHeaders(t *testing.T) {
	server, client := start(t)
	v := visit(t, server, create(t, client, pageRequest()).HostedLinkURL)
	check := func(step string) {
		require.Equal(t, "no-store", v.header.Get("Cache-Control"), step)
		require.Equal(t, "no-referrer", v.header.Get("Referrer-Policy"), step)
		require.Contains(t, v.header.Get("Content-Security-Policy"), "default-src 'none'", step)
		require.Equal(t, "text/html; charset=utf-8", v.header.Get("Content-Type"), step)
	}
	check("start")
	v.press("next")
	check("institution")
	v.open(server.URL + "/hosted/unknown")
	check("closed")
	v.send(http.MethodPut, server.URL+"/hosted/unknown", nil)
	check("method")
}

func TestHostedCompletionRedirectURI(t *testing.T) {
	_, client := start(t)
	for uri, good := range map[string]bool{
		"https://app.example/done": true,
		"exampleapp://done":        true,
		"javascript:alert(1)":      false,
		"JavaScript:alert(1)":      false,
		"data:text/html,x":         false,
		"/done":                    false,
		"//app.example/done":       false,
		"%zz":                      false,
	} {
		req := pageRequest()
		req.HostedLink.CompletionRedirectURI = uri
		_, err := client.LinkTokenCreate(t.Context(), req)
		if good {
			require.NoError(t, err, uri)
		} else {
			requireRefused(t, err, plaidlink.CodeInvalidField, "completion_redirect_uri")
		}
	}
}
