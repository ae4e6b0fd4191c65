package sandbox

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// hostedPrefix is where Hosted Link is: /hosted/<id> is a link, /hosted/<id>/<link_session_id> one session of it.
const hostedPrefix = "/hosted/"

// formNumber is the parameter in the address of a form that tells it from those before: a form that is sent twice, or from
// a page that the back button brought up, does nothing.
const formNumber = "form"

// reply is how a hosted page answers: with a view, or by going on at another address.
type reply struct {
	status   int
	view     any
	location string
}

func show(view any) reply { return reply{http.StatusOK, view, ""} }

func goTo(location string) reply { return reply{status: http.StatusSeeOther, location: location} }

func closed(status int, title, advice string) reply {
	return reply{status: status, view: page.Closed{Frame: page.Frame{Step: page.StepClosed}, Title: title, Advice: advice}}
}

// serveHosted answers the browser of somebody who connects a bank.
func (s *Sandbox) serveHosted(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	w.Header().Set("Cache-Control", "no-store") // a browser may bring up an old page even so; formNumber makes its forms do nothing
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD, POST")
		servePage(w, closed(http.StatusMethodNotAllowed, "This page cannot do that", "Open the link in a browser."))
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || readErr != nil {
		servePage(w, closed(http.StatusBadRequest, "The form did not arrive", "Go back and send it again."))
		return
	}
	if r.Method != http.MethodPost {
		form = nil
	}
	id, sessionID, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, hostedPrefix), "/")
	servePage(w, s.hosted(id, sessionID, r.URL.Query().Get(formNumber), form))
}

func servePage(w http.ResponseWriter, answer reply) {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is all that one needs to go on
	if answer.location != "" {
		w.Header().Set("Location", answer.location)
		w.WriteHeader(answer.status)
		return
	}
	html, err := page.Render(answer.view)
	if err != nil {
		http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", page.ContentSecurityPolicy)
	w.WriteHeader(answer.status)
	_, _ = w.Write(html) // an error means that the browser has gone
}

// hosted answers for a link, or for a session of it where there is one. The form is nil unless one was posted; the number
// tells which one.
func (s *Sandbox) hosted(id, sessionID, number string, form url.Values) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, ok := s.hostedLinks[id]
	if !ok {
		return closed(http.StatusNotFound, "This link does not work", "It is unknown here, or it was used long ago. Ask the app for a new one.")
	}
	path := hostedPrefix + id
	if sessionID == "" {
		return s.hostedStart(token, path, number, form)
	}
	session := token.session(sessionID)
	if session == nil || session.visit == nil {
		return closed(http.StatusNotFound, "This session does not exist", "Open the link that the app gave you.")
	}
	refused := unusable(token, s.now())
	switch {
	case session.ended() && form == nil:
		return show(session.done())
	case session.ended():
		return goTo(session.visit.path)
	case refused != nil:
		s.leave(session)
		return *refused
	case form == nil:
		return show(session.view())
	case number != session.visit.number():
		return goTo(session.visit.path)
	default:
		return s.take(session, form)
	}
}

func (t *linkToken) session(id string) *linkSession {
	for _, session := range t.sessions {
		if session.shown.LinkSessionID == id {
			return session
		}
	}
	return nil
}
