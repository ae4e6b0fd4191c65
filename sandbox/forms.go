package sandbox

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	plaidlink "github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

const formType = "application/x-www-form-urlencoded"

// serveForm carries a button of the page out, and leads back to the page. Only a browser sends one, and says from where.
func (s *Sandbox) serveForm(w http.ResponseWriter, r *http.Request, run control, body []byte, readErr error) error {
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return invalidRequest(plaidlink.CodeInvalidHeaders,
			"the header Content-Type must be application/json; a form needs the header Origin or Sec-Fetch-Site")
	}
	form, err := url.ParseQuery(string(body))
	if err == nil {
		err = readErr
	}
	if err == nil {
		_, err = run(s, formBody(form))
	}
	if err == nil {
		http.Redirect(w, r, page.StatePath, http.StatusSeeOther)
		return nil
	}
	refused := refusalOf(err)
	view := s.statePage()
	view.Problem = refused.message
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
