package sandbox

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/loopback"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/bank"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const (
	// webScriptPath is where an application loads Link from: Plaid's path, at another host.
	webScriptPath = "/link/v2/stable/link-initialize.js"
	// webPrefix is where the pages are that the script shows in a frame: first a page without a session, at this path itself,
	// then those of the session.
	webPrefix = "/link/web/"
)

// serveWebScript serves the script with the address by which it was asked for: the script cannot find that out where a test
// has it served in place of Plaid's.
func serveWebScript(w http.ResponseWriter, r *http.Request) {
	if !reads(r) {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*") // it holds nothing
	serveAsset(w, "text/javascript; charset=utf-8", page.Script(baseURLOf(r)))
}

func serveAsset(w http.ResponseWriter, contentType string, content []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(content)
}

// serveWeb serves the frame of an application's page.
func (s *Sandbox) serveWeb(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	switch r.URL.Path {
	case page.FrameScriptPath:
		serveAsset(w, "text/javascript; charset=utf-8", page.FrameScript())
		return
	case page.FrameStylesheetPath:
		serveAsset(w, "text/css; charset=utf-8", page.FrameStylesheet())
		return
	}
	form, ok := readForm(w, r, body, readErr)
	if !ok {
		return
	}
	id, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, webPrefix), "/")
	if id == "" {
		servePage(w, s.replyFrame(r.URL.Query(), form))
		return
	}
	sessionID, place, _ := strings.Cut(rest, "/")
	s.mu.Lock()
	reply := s.store.replyWeb(id, sessionID, place, r.URL.Query().Get(formParameter), form)
	s.mu.Unlock()
	servePage(w, reply)
}

// origins are what a browser calls the origin of a web page, with its host.
var origins = regexp.MustCompile(`^https?://([a-z0-9._-]{1,253})(?::[0-9]{1,5})?$`)

// mayFrame reports whether the pages of an origin may show Link: those of this machine and of the allowed hosts.
func (s *Sandbox) mayFrame(origin string) bool {
	match := origins.FindStringSubmatch(origin)
	return match != nil && (loopback.IsHost(match[1]) || loopback.IsName(match[1]) || s.allowedHosts[match[1]])
}

// replyFrame replies before there is a session: with a page that waits for its application to open Link, or with banks to
// choose from; to a form, by opening Link.
func (s *Sandbox) replyFrame(query, form url.Values) reply {
	origin := query.Get("origin")
	if !s.mayFrame(origin) {
		return showClosed(http.StatusForbidden, "This page cannot be shown here",
			"The sandbox serves the pages of this machine: open the application at http://localhost or http://127.0.0.1, or allow its name with WithAllowedHosts (--allow-host).")
	}
	if form != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.store.openWeb(origin, form)
	}
	if query.Has("embedded") {
		return show(page.Link{Step: page.StepEmbedded, Found: bank.Search("")}).reporting(webReport{Origin: origin, Embedded: true})
	}
	return showClosed(http.StatusOK, "One moment", "Link is about to open.").reporting(webReport{Origin: origin})
}

// openWeb opens Link with a link token, or goes on with the session that a bank's page has sent back to the application.
func (st *store) openWeb(origin string, form url.Values) reply {
	if state := form.Get("oauth_state_id"); state != "" {
		return st.resumeWeb(origin, form.Get("link_token"), state)
	}
	link, ok := st.linkTokens.values[form.Get("link_token")]
	if !ok {
		return refuseWeb(origin, invalidLinkToken(unknownToken(linkKind, form.Get("link_token")).Error()))
	}
	if useless := link.useless(st.clock.now()); useless != nil {
		return refuseWeb(origin, invalidLinkToken(useless.view.(page.Link).Title))
	}
	chosen := form.Get("institution")
	institution, known := bank.Find(chosen)
	if chosen != "" && (!known || link.namesBank() || link.multiItem || link.hostedAt != "") {
		return refuseWeb(origin, invalidEmbedded)
	}
	v := st.beginVisit(link, webPrefix+link.pageID, "")
	v.origin = origin
	if chosen != "" {
		v.institution = &institution
		v.addEvent("SELECT_INSTITUTION", gen.LinkEventMetadata{})
		v.move(page.StepStart)
	}
	return goTo(v.path)
}

// resumeWeb goes on with a session, in the page to which the bank has sent its user.
func (st *store) resumeWeb(origin, token, state string) reply {
	v, ok := st.visits.values[state]
	if !ok || !v.framed() || token != "" && token != v.session.link.token {
		return refuseWeb(origin, oauthStateNotFound)
	}
	if v.pending == nil {
		return refuseWeb(origin, oauthStateProcessed)
	}
	if useless := v.session.link.useless(st.clock.now()); useless != nil {
		return refuseWeb(origin, invalidLinkToken(useless.view.(page.Link).Title))
	}
	v.touch()
	resume := v.pending
	v.origin, v.pending, v.redirected, v.resumed = origin, nil, false, true
	st.addEvent(v.session, gen.LinkEvent{EventName: "OPEN"}) // it has no view
	resume()
	return goTo(v.path)
}

// replyWeb replies for a session in a frame, or at the place "bank" for the bank's own page, which is in no frame.
func (st *store) replyWeb(id, sessionID, place, number string, form url.Values) reply {
	var v *visit
	if link, ok := st.linksByPage[id]; ok {
		v = link.findVisit(sessionID)
	}
	if v == nil || !v.framed() || place != "" && place != "bank" {
		return showClosed(http.StatusNotFound, "This session does not exist", "Open Link in the application.")
	}
	if place == "bank" {
		return v.replyBank(number, form)
	}
	if form.Get("do") == "closed" {
		if v.step != page.StepBank {
			return goTo(v.path) // the user was done at the bank
		}
		number = v.formNumber() // whatever became of the forms meanwhile
	} else if v.step == page.StepBank && form != nil && !v.redirected {
		v.step = page.StepOAuth // the user is back from the bank's window
	}
	return v.reply(number, form)
}

// replyBank replies for the page of the bank, in a window of its own or in that of the application.
func (v *visit) replyBank(number string, form url.Values) reply {
	switch {
	case v.pending != nil:
		return goTo(v.appReturn())
	case v.session.ended() || v.step != page.StepBank:
		return showClosed(http.StatusOK, "Back to the application", "You can close this window.").reporting(webReport{Close: true})
	case form == nil:
		view := v.session.link.page(page.StepBank, v.bankPath()+"?"+formParameter+"="+v.formNumber())
		view.Institution = *v.institution
		return show(view)
	case number != v.formNumber() || form.Get("do") != "next" && form.Get("do") != "deny":
		return goTo(v.bankPath())
	}
	next := v.take(form)
	return goTo(cmp.Or(map[bool]string{true: next.location}[v.pending != nil], v.bankPath()))
}
