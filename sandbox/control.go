package sandbox

import (
	"maps"
	"net/http"
	"strings"

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
		response, err := s.runControl(run, r.Header, body, readErr)
		if err != nil {
			return err
		}
		respond(w, http.StatusOK, response)
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
		view := s.statePage()
		view.Held = r.URL.Query().Has("hold")
		if id := r.URL.Query().Get("request"); id != "" {
			view.Shown = s.shownRequest(id)
		}
		servePage(w, show(view))
	default:
		return notFound()
	}
	return nil
}

func (s *Sandbox) runControl(run control, header http.Header, body []byte, readErr error) (map[string]any, error) {
	if err := checkHeaders(header); err != nil { // a web page cannot send this Content-Type unasked
		return nil, err
	}
	if _, err := decodeObject(body, readErr); err != nil {
		return nil, err
	}
	if len(body) > maxControlBody {
		return nil, invalidRequest(plaidlink.CodeInvalidBody, "the body is larger than %d bytes", maxControlBody)
	}
	properties, err := run(s, body)
	response := map[string]any{"request_id": s.ids.requestID()}
	maps.Copy(response, properties)
	return response, err
}
