package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// hostedPrefix is where Hosted Link is: /hosted/<id> is a link, /hosted/<id>/<link_session_id> one session of it.
const hostedPrefix = "/hosted/"

// formParameter is the parameter in the address of a form that distinguishes it from those before: a form that is sent twice, or from
// a page that the back button brought up, does nothing.
const formParameter = "form"

// reply is how a page responds: with a view, or by going on at another address.
type reply struct {
	status   int
	view     any
	location string
	report   *webReport // to the page of the app around it; nil in Hosted Link
}

func show(view any) reply { return reply{status: http.StatusOK, view: view} }

func goTo(location string) reply { return reply{status: http.StatusSeeOther, location: location} }

// showClosed is the end where there is no session.
func showClosed(status int, title, advice string) reply {
	return reply{status: status, view: page.Link{Step: page.StepClosed, Title: title, Advice: advice}}
}

// serveHosted serves the browser of somebody who connects a bank.
func (s *Sandbox) serveHosted(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	form, ok := readForm(w, r, body, readErr)
	if !ok {
		return
	}
	id, sessionID, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, hostedPrefix), "/")
	s.mu.Lock()
	reply := s.store.replyHosted(id, sessionID, r.URL.Query().Get(formParameter), form)
	s.mu.Unlock()
	servePage(w, reply)
}

// readForm returns the form that was posted, which is nil for a GET; false where it has responded already.
func readForm(w http.ResponseWriter, r *http.Request, body []byte, readErr error) (form url.Values, ok bool) {
	w.Header().Set("Cache-Control", "no-store") // a browser may bring up an old page even so; formParameter makes its forms do nothing
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD, POST")
		servePage(w, showClosed(http.StatusMethodNotAllowed, "This page cannot do that", "Open the link in a browser."))
		return nil, false
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || readErr != nil {
		servePage(w, showClosed(http.StatusBadRequest, "The form did not arrive", "Go back and send it again."))
		return nil, false
	}
	if r.Method != http.MethodPost {
		form = nil
	}
	return form, true
}

func servePage(w http.ResponseWriter, r reply) {
	if _, ok := r.view.(page.State); ok {
		w.Header().Set("Referrer-Policy", "same-origin") // else a browser hides from where its forms come
	} else {
		w.Header().Set("Referrer-Policy", "no-referrer") // the address is all that one needs to go on
	}
	if r.location != "" {
		w.Header().Set("Location", r.location)
		w.WriteHeader(r.status)
		return
	}
	html, err := page.Render(r.view)
	policy := page.ContentSecurityPolicy
	if r.report != nil && err == nil {
		html, policy, err = r.report.addTo(html)
	}
	if err != nil {
		http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	w.WriteHeader(r.status)
	_, _ = w.Write(html) // an error means that the browser has gone
}

// replyHosted replies for a link, or for a session of it where there is one. The form is nil unless one was posted, and the
// number is that of the form.
func (st *store) replyHosted(id, sessionID, number string, form url.Values) reply {
	link, ok := st.linksByPage[id]
	if !ok || link.hostedAt == "" {
		return showClosed(http.StatusNotFound, "This link does not work", "It is unknown here, or it was used long ago. Ask the app for a new one.")
	}
	if sessionID == "" {
		return st.replyStart(link, hostedPrefix+id, number, form)
	}
	v := link.findVisit(sessionID)
	if v == nil || v.framed() {
		return showClosed(http.StatusNotFound, "This session does not exist", "Open the link that the app gave you.")
	}
	return v.reply(number, form)
}

// reply replies for a session. The form is nil unless one was posted, and the number is that of the form.
func (v *visit) reply(number string, form url.Values) reply {
	useless := v.session.link.useless(v.store.clock.now())
	switch {
	case v.session.ended() && form == nil:
		return v.show(v.lastView())
	case v.session.ended():
		return goTo(v.path)
	case useless != nil && v.framed():
		v.mistake = invalidLinkToken(useless.view.(page.Link).Title)
		v.leave()
		return goTo(v.path)
	case useless != nil:
		v.leave()
		return *useless
	case form == nil:
		return v.show(v.view())
	case number != v.formNumber():
		return goTo(v.path)
	default:
		return v.take(form)
	}
}

// replyStart replies for a link before there is a session: opening it does nothing yet, so that a preview of the link in a
// chat begins no session.
func (st *store) replyStart(link *linkRecord, path, number string, form url.Values) reply {
	if useless := link.useless(st.clock.now()); useless != nil {
		return *useless
	}
	if v := link.visitThatGoesOn(number); v != nil {
		return goTo(v.path)
	}
	if form == nil {
		return show(link.page(page.StepStart, path+"?"+formParameter+"="+st.ids.id(22)))
	}
	v := st.beginVisit(link, path, number)
	if form.Get("do") == "exit" {
		return v.exit()
	}
	v.enter()
	return goTo(v.path)
}

// useless replies for a link that cannot be used; nil where it can.
func (link *linkRecord) useless(now time.Time) *reply {
	closed := link.page(page.StepClosed, "")
	switch {
	case link.orphaned():
		closed.Title, closed.Advice = "This link does not work any more", "What it is for was removed. Ask the app for a new one."
	case link.succeeded:
		closed.Title, closed.Advice = "This link was used", "Your account is connected already. You can close this window."
	case link.expired(now):
		closed.Title, closed.Advice = "This link has expired", "Ask the app for a new one."
	default:
		return nil
	}
	return &reply{status: http.StatusGone, view: closed}
}
