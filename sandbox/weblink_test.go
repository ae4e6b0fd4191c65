package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/sandbox"
)

const appOrigin = "http://localhost:3000"

// framed is what a page in a frame reports to its application.
type framed struct {
	Origin, Path, Session, Bank, Go string
	Close, Redirects                bool
	Events                          []struct {
		EventName string
		Metadata  map[string]any
	}
	Success *struct {
		PublicToken *string `json:"public_token"`
		Metadata    map[string]any
	}
	Exit *struct {
		Error, Metadata map[string]any
	}
}

func (f framed) happened() []string {
	var names []string
	for _, event := range f.Events {
		name := event.EventName
		if view, ok := event.Metadata["view_name"].(string); ok {
			name += " " + view
		}
		names = append(names, name)
	}
	return names
}

// report reads what the page that is shown reports.
func (v *visitor) report() (report framed) {
	v.t.Helper()
	scripts := v.page.all("script")
	require.Len(v.t, scripts, 1, v.page.text)
	require.NoError(v.t, json.Unmarshal([]byte(scripts[0].attr["data-report"]), &report))
	return report
}

// openFrame opens Link in a frame of an application, as the script does.
func openFrame(t testing.TB, server *sandbox.Server, linkToken string, more ...string) *visitor {
	t.Helper()
	start := server.URL + "/link/web/?origin=" + url.QueryEscape(appOrigin)
	v := visit(t, server, start)
	require.Equal(t, appOrigin, v.report().Origin)
	sent := url.Values{"do": {"open"}, "link_token": {linkToken}}
	for i := 0; i < len(more); i += 2 {
		sent.Set(more[i], more[i+1])
	}
	v.send(http.MethodPost, start, sent)
	return v
}

func TestWebScriptHasTheAddressOfItsSandbox(t *testing.T) {
	server, _ := start(t)
	for host, want := range map[string]string{
		"127.0.0.1:1234": `"http://127.0.0.1:1234"`,
		"localhost:1234": `"http://localhost:1234"`,
	} {
		r := httptest.NewRequest(http.MethodGet, "/link/v2/stable/link-initialize.js", nil)
		r.Host = host
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
		require.Contains(t, w.Body.String(), "const SANDBOX = "+want+";")
		require.NotContains(t, w.Body.String(), "{{")
		require.NotContains(t, w.Body.String(), "plaid.com", "it never falls back to Plaid's")
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "http://localhost/link/v2/stable/link-initialize.js", nil))
	require.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

func TestWebFrameIsForPagesOfThisMachine(t *testing.T) {
	server := newServer(t, sandbox.WithAllowedHosts("app"))
	for origin, good := range map[string]bool{
		"http://app:3000":              true, // a container's name
		"http://localhost:3000":        true,
		"https://localhost":            true,
		"http://127.0.0.1:8000":        true,
		"http://app.localhost:3000":    true,
		"https://app.example":          false, // a foreign site
		"http://localhost.evil.test":   false,
		"http://evil.test:80":          false,
		"http://notlocalhost":          false,
		"http://10.0.0.1":              false,
		"http://[::1]:3000":            false, // no browser matches it in a policy
		"null":                         false, // a page of a file, or in a sandbox
		"":                             false,
		"*":                            false,
		"http://localhost:3000/path":   false,
		"http://user@localhost":        false,
		"http://localhost; script-src": false,
		"http://LOCALHOST":             false, // a browser writes it in lower case
		"file://":                      false,
		"javascript://localhost":       false,
	} {
		v := visit(t, server, server.URL+"/link/web/?origin="+url.QueryEscape(origin))
		policy := v.header.Get("Content-Security-Policy")
		if good {
			require.Equal(t, http.StatusOK, v.status, origin)
			require.Equal(t, "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors "+origin, policy)
			continue
		}
		require.Equal(t, http.StatusForbidden, v.status, origin)
		require.True(t, strings.HasSuffix(policy, "frame-ancestors 'none'"), policy)
		require.Empty(t, v.page.all("script"))
		v.send(http.MethodPost, v.at, url.Values{"do": {"open"}, "link_token": {"link-sandbox-0"}})
		require.Equal(t, http.StatusForbidden, v.status, origin)
	}
}

func TestWebSuccess(t *testing.T) {
	server, client := start(t)
	created := create(t, client, createRequest())
	v := openFrame(t, server, created.LinkToken)
	require.True(t, strings.HasSuffix(v.header.Get("Content-Security-Policy"), "frame-ancestors "+appOrigin))
	require.Equal(t, []string{"OPEN CONSENT"}, v.report().happened())
	v.choose("ins_109509").signIn("user_good", "pass_good").share("Plaid Checking")

	report := v.report()
	require.Equal(t, []string{
		"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SELECT_INSTITUTION", "TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS",
		"TRANSITION_VIEW LOADING", "TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW CONNECTED", "HANDOFF",
	}, report.happened())
	session := onlySession(t, client, created.LinkToken)
	require.Equal(t, happened(session), report.happened(), "the same as in /link/token/get")
	for i, event := range report.Events {
		require.Len(t, event.Metadata, 17, "every key is there")
		require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`, event.Metadata["timestamp"])
		require.Equal(t, session.LinkSessionID, event.Metadata["link_session_id"])
		require.NotEmpty(t, event.Metadata["request_id"])
		if i == 0 {
			require.Equal(t, "false", event.Metadata["is_update_mode"])
		} else {
			require.Nil(t, event.Metadata["is_update_mode"])
		}
	}
	require.Nil(t, report.Exit)
	require.Equal(t, session.Results.ItemAddResults[0].PublicToken, *report.Success.PublicToken)
	metadata := report.Success.Metadata
	require.Equal(t, map[string]any{"name": "First Gingham Credit Union", "institution_id": "ins_109509"}, metadata["institution"])
	account := metadata["accounts"].([]any)[0]
	require.Equal(t, map[string]any{
		"id": account.(map[string]any)["id"], "name": "Plaid Checking", "mask": "0000", "type": "depository", "subtype": "checking",
		"verification_status": nil, "class_type": nil,
	}, account)
	require.Equal(t, account, metadata["account"])
	require.Equal(t, session.LinkSessionID, metadata["link_session_id"])
	require.Contains(t, metadata, "transfer_status")
	require.Nil(t, metadata["transfer_status"])
	require.NotEmpty(t, exchange(t, client, *report.Success.PublicToken).AccessToken)
	require.Empty(t, server.Deliveries(), "Plaid sends no webhook for such a session")
}

func TestWebExit(t *testing.T) {
	server, client := start(t)
	v := openFrame(t, server, create(t, client, createRequest()).LinkToken).choose("ins_109508").signIn("user_good", "pass_bad")
	require.Equal(t, "TRANSITION_VIEW ERROR", v.report().happened()[7])
	v.press("exit")
	report := v.report()
	require.Equal(t, []string{"SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR", "TRANSITION_VIEW ERROR", "TRANSITION_VIEW EXIT", "EXIT"}, report.happened()[4:])
	require.Equal(t, "INVALID_CREDENTIALS", report.Exit.Error["error_code"])
	require.Equal(t, "ITEM_ERROR", report.Exit.Error["error_type"])
	require.Len(t, report.Exit.Error, 4)
	require.Equal(t, "requires_credentials", report.Exit.Metadata["status"])
	require.Equal(t, report.Session, report.Exit.Metadata["link_session_id"])
	require.Len(t, report.Exit.Metadata, 4)

	token := create(t, client, createRequest()).LinkToken
	v = openFrame(t, server, token)
	action, sent := v.form("exit")
	sent.Set("do", "force")
	v.send(http.MethodPost, action, sent)
	require.Equal(t, []string{"OPEN CONSENT", "EXIT"}, v.report().happened(), "no view comes in between")
	require.Nil(t, v.report().Exit.Error)
	require.Nil(t, v.report().Exit.Metadata["status"])
}

func TestWebRefusesLinkTokens(t *testing.T) {
	server, client := start(t)
	expired := create(t, client, createRequest()).LinkToken
	server.Advance(5 * time.Hour)
	used := create(t, client, createRequest()).LinkToken
	_, err := server.FinishLink(used, sandbox.Success())
	require.NoError(t, err)
	for name, token := range map[string]string{
		"expired": expired, "used": used, "unknown": "link-sandbox-0", "of another environment": "link-production-0", "none": "",
	} {
		report := openFrame(t, server, token).report()
		require.Equal(t, "INVALID_LINK_TOKEN", report.Exit.Error["error_code"], name)
		require.Equal(t, "INVALID_INPUT", report.Exit.Error["error_type"], name)
		require.Nil(t, report.Exit.Error["display_message"])
		require.Empty(t, report.Events)
	}

	token := create(t, client, createRequest()).LinkToken
	server.Advance(4*time.Hour - time.Minute)
	v := openFrame(t, server, token).choose("ins_109508")
	server.Advance(time.Minute)
	v.signIn("user_good", "pass_good")
	require.Equal(t, "INVALID_LINK_TOKEN", v.report().Exit.Error["error_code"], "it expired on the way")
}

func TestWebSeveralItems(t *testing.T) {
	server, client := start(t)
	req := createRequest()
	req.EnableMultiItemLink, req.Webhook = new(true), "https://app.example/webhook"
	created := create(t, client, req)
	v := openFrame(t, server, created.LinkToken).choose("ins_109511").signIn("user_good", "pass_good")
	v.press("next", "account", v.account("Plaid Checking")).press("more")
	v.press("next", "institution", "ins_109512").signIn("user_good", "pass_good").share("Plaid Saving")
	report := v.report()
	require.Nil(t, report.Success.PublicToken, "the tokens come by webhook")
	require.Nil(t, report.Success.Metadata["institution"])
	require.Empty(t, report.Success.Metadata["accounts"])
	require.Equal(t, []string{"ITEM_ADD_RESULT", "ITEM_ADD_RESULT", "EVENTS", "SESSION_FINISHED"}, webhookCodes(server))
}

func TestWebUpdate(t *testing.T) {
	server, client := start(t)
	known := linked(t, server, client, "ins_109511")
	req := createRequest()
	req.Products, req.AccessToken = nil, known.AccessToken
	v := openFrame(t, server, create(t, client, req).LinkToken)
	v.press("next").signIn("user_good", "pass_good")
	report := v.report()
	require.Equal(t, "true", report.Events[0].Metadata["is_update_mode"])
	require.Equal(t, known.ItemID, exchange(t, client, *report.Success.PublicToken).ItemID)
}

func TestWebInstitutionChosenInTheApplication(t *testing.T) {
	server, client := start(t)
	v := openFrame(t, server, create(t, client, createRequest()).LinkToken, "institution", "ins_109511")
	v.press("next").signIn("user_good", "pass_good")
	require.Equal(t, []string{"OPEN CONSENT", "SELECT_INSTITUTION", "TRANSITION_VIEW CONSENT", "TRANSITION_VIEW CREDENTIAL"}, v.report().happened()[:4])

	several := createRequest()
	several.EnableMultiItemLink = new(true)
	hosted := createRequest()
	hosted.HostedLink = &gen.LinkTokenCreateHostedLink{}
	for name, req := range map[string]gen.LinkTokenCreateRequest{"several Items": several, "hosted": hosted} {
		refused := openFrame(t, server, create(t, client, req).LinkToken, "institution", "ins_109511").report()
		require.Equal(t, "INVALID_FIELD", refused.Exit.Error["error_code"], name)
	}
}

// A session is on the page where it was opened, and on no other.
func TestWebAndHostedAreApart(t *testing.T) {
	server, client := start(t)
	created := create(t, client, pageRequest())
	web := openFrame(t, server, created.LinkToken)
	path := strings.TrimPrefix(web.report().Path, "/link/web/")
	require.Equal(t, http.StatusNotFound, visit(t, server, server.URL+"/hosted/"+path).status, "which may be framed by nobody")
	hosted := visit(t, server, created.HostedLinkURL).press("next")
	other := strings.Replace(hosted.at, "/hosted/", "/link/web/", 1)
	require.Equal(t, http.StatusNotFound, visit(t, server, other).status)
	require.Equal(t, http.StatusNotFound, visit(t, server, other+"/bank").status)

	web = openFrame(t, server, create(t, client, createRequest()).LinkToken)
	id, _, _ := strings.Cut(strings.TrimPrefix(web.report().Path, "/link/web/"), "/")
	require.Equal(t, http.StatusNotFound, visit(t, server, server.URL+"/hosted/"+id).status, "it has no hosted_link")
}
