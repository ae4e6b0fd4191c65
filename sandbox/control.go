package sandbox

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const (
	controlPrefix  = "/_sandbox/" // outside Plaid's paths
	maxControlBody = 16 << 10     // bytes, as the sandbox keeps texts of some
)

// serveControl serves the sandbox's own paths.
func (s *Sandbox) serveControl(w http.ResponseWriter, r *http.Request, body []byte, readErr error) error {
	if err := s.checkControl(w, r); err != nil {
		return err
	}
	path := strings.TrimPrefix(r.URL.Path, controlPrefix)
	switch run := controls[path].run; {
	case r.Method == http.MethodPost && run != nil && r.Header.Get("Content-Type") == formType:
		return s.serveForm(w, r, run, body, readErr)
	case r.Method == http.MethodPost && run != nil:
		return s.serveJSON(w, r, run, body, readErr)
	case !reads(r):
		return notFound()
	case r.URL.Path == page.StylesheetPath:
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(page.Stylesheet())
	case r.URL.Path == healthPath:
		respond(w, http.StatusOK, map[string]any{"request_id": s.ids.requestID()})
	case path == "state":
		respond(w, http.StatusOK, s.State())
	case path == "":
		view := s.statePage(r.URL.Query().Get("request"))
		view.Held = r.URL.Query().Has("hold")
		servePage(w, show(view))
	default:
		return notFound()
	}
	return nil
}

// serveJSON carries out what a test asks for.
func (s *Sandbox) serveJSON(w http.ResponseWriter, r *http.Request, run control, body []byte, readErr error) error {
	if err := checkHeaders(r.Header); err != nil { // a web page cannot send this Content-Type unasked
		return err
	}
	if _, err := decodeObject(body, readErr); err != nil {
		return err
	}
	if len(body) > maxControlBody {
		return invalidRequest(plaidlink.CodeInvalidBody, "the body is larger than %d bytes", maxControlBody)
	}
	properties, err := run(s, body)
	response := map[string]any{"request_id": s.ids.requestID()}
	if maps.Copy(response, properties); err == nil {
		respond(w, http.StatusOK, response)
	}
	return err
}

const formType = "application/x-www-form-urlencoded"

// serveForm carries a button of the page out, and leads back to the page. Only a browser sends one, and says from where.
func (s *Sandbox) serveForm(w http.ResponseWriter, r *http.Request, run control, body []byte, readErr error) error {
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return invalidRequest(plaidlink.CodeInvalidHeaders,
			"the header Content-Type must be application/json; a form needs the header Origin or Sec-Fetch-Site")
	}
	form, err := url.ParseQuery(string(body))
	if err = cmp.Or(err, readErr); err == nil {
		_, err = run(s, formBody(form))
	}
	if err == nil {
		http.Redirect(w, r, page.StatePath, http.StatusSeeOther)
		return nil
	}
	refused := refusalOf(err)
	view := s.statePage("")
	view.Problem = refused.ErrorMessage
	servePage(w, reply{status: refused.status, view: view})
	return nil
}

// formBody returns the fields of a form as JSON: whole numbers as numbers, all else as strings.
func formBody(form url.Values) []byte {
	properties := map[string]any{}
	for name := range form {
		value := form.Get(name)
		if _, err := strconv.ParseInt(value, 10, 32); err == nil {
			properties[name] = jsontext.Value(value)
		} else {
			properties[name] = value
		}
	}
	body, _ := json.Marshal(properties, jsontext.AllowInvalidUTF8(true)) // strings and numbers always encode
	return body
}

// browsersOwn reports whether a request is one that a browser makes by itself, or the visit of a person: no client of Plaid
// sends it.
func browsersOwn(r *http.Request) bool {
	return r.Method != http.MethodPost && (r.Header.Get("Sec-Fetch-Mode") != "" || r.URL.Path == "/" || r.URL.Path == "/favicon.ico")
}
