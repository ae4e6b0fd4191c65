package sandbox

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/internal/schema"
	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// maxBody is the largest request body, in bytes.
const maxBody = 1 << 20

// ServeHTTP responds as Plaid does, and by a fault where [Sandbox.Fail] has queued one; it serves the pages of Hosted Link
// and its own paths, see the package comment. After [Drop] and [DropResponse], and where the client goes during [Slow] or a
// latency, it panics with [http.ErrAbortHandler], which an [http.Server] turns into a closed connection.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := s.serve(w, r); err != nil {
		s.respondError(w, err)
	}
}

// serve responds, or returns what it refuses a request for.
func (s *Sandbox) serve(w http.ResponseWriter, r *http.Request) error {
	if s.misconfigured != nil {
		return internalError("sandbox: " + s.misconfigured.Error())
	}
	if err := s.checkHost(r.Host); err != nil {
		return err
	}
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	switch {
	case strings.HasPrefix(r.URL.Path, controlPrefix):
		return s.serveControl(w, r, body, readErr)
	case r.URL.Path == "/" && reads(r):
		http.Redirect(w, r, page.StatePath, http.StatusSeeOther)
	case r.URL.Path == webScriptPath:
		serveWebScript(w, r)
	case strings.HasPrefix(r.URL.Path, webPrefix):
		s.serveWeb(w, r, body, readErr)
	case strings.HasPrefix(r.URL.Path, hostedPrefix):
		s.serveHosted(w, r, body, readErr)
	case browsersOwn(r):
		return notFound()
	default:
		s.serveOperation(w, r, body, readErr)
	}
	return nil
}

func reads(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// serveOperation serves what the sandbox plays, and what has a handler.
func (s *Sandbox) serveOperation(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	name, custom := "", s.handlerOf(r.URL.Path)
	switch {
	case r.Method != http.MethodPost:
	case custom != nil:
		name = r.URL.Path
	default:
		name = playedID(r.URL.Path)
	}
	request := s.record(name, r, body, readErr)
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.carryOut(w, r, name, custom, body, readErr); err != nil {
			s.respondError(w, err)
		}
	})
	for _, fault := range s.takeFaults(name) {
		handler = fault(handler)
	}
	watched := &recordedResponse{ResponseWriter: w}
	defer func() { s.recordResponse(request, watched) }()
	handler.ServeHTTP(watched, withBody(r, body)) // for a fault that looks at it
}

func withBody(r *http.Request, body []byte) *http.Request {
	again := r.WithContext(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	return again
}

// carryOut checks one request, in Plaid's order, and carries it out: an operation, or a path with a handler.
func (s *Sandbox) carryOut(w http.ResponseWriter, r *http.Request, name string, custom http.Handler, body []byte, readErr error) error {
	if name == "" {
		return notPlayed(r.Method)
	}
	if err := checkHeaders(r.Header); err != nil {
		return err
	}
	properties, err := decodeObject(body, readErr)
	if err != nil {
		return err
	}
	if err := s.checkCredentials(r.Header, properties); err != nil {
		return err
	}
	if err := s.checkRate(name); err != nil {
		return err
	}
	if custom != nil {
		return s.runHandler(w, withBody(r, body), properties, custom)
	}
	spec, err := schema.Load() // reads the document for the first request
	if err != nil {            // not in a sound build
		return internalError("sandbox: " + err.Error())
	}
	if err := checkSchema(spec.Operations[r.URL.Path].CheckRequest(properties), s.strict); err != nil {
		return err
	}
	token, _ := properties["access_token"].(string)
	response, err := operations[name](s, incoming{s.ids.requestID(), token, cmp.Or(s.publicURL, baseURLOf(r))}, body)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if made, ok := response.(created); ok {
		status, response = http.StatusCreated, made.response
	}
	respond(w, status, response)
	return nil
}

// baseURLOf returns how the client reached the sandbox.
func baseURLOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *Sandbox) respondError(w http.ResponseWriter, err error) {
	r := refusalOf(err)
	respond(w, r.status, r.body(s.ids.requestID()))
}

func respond(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil { // a PlaidError can have a text that is not UTF-8
		failure := internalError("the response cannot be encoded")
		status = failure.status
		data, _ = json.Marshal(failure.body(newIDs().requestID()))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // an error means that the client has gone
}
