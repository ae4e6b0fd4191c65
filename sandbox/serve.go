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
	if s.misconfigured != nil {
		s.respondError(w, internalError("sandbox: "+s.misconfigured.Error()))
		return
	}
	if err := s.checkHost(r.Host); err != nil {
		s.respondError(w, err)
		return
	}
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	switch {
	case strings.HasPrefix(r.URL.Path, controlPrefix):
		s.serveControl(w, r, body, readErr)
	case r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		http.Redirect(w, r, page.StatePath, http.StatusSeeOther)
	case r.URL.Path == webScriptPath:
		serveWebScript(w, r)
	case strings.HasPrefix(r.URL.Path, webPrefix):
		s.serveWeb(w, r, body, readErr)
	case strings.HasPrefix(r.URL.Path, hostedPrefix):
		s.serveHosted(w, r, body, readErr)
	case browsersOwn(r):
		s.respondError(w, notFound())
	default:
		s.serveOperation(w, r, body, readErr)
	}
}

// serveOperation serves what the sandbox plays, and what has a handler.
func (s *Sandbox) serveOperation(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	spec, err := schema.Load() // reads the document for the first request
	if err != nil {            // not in a sound build
		s.respondError(w, internalError("sandbox: "+err.Error()))
		return
	}
	op, custom := spec.Operations[r.URL.Path], s.handlerOf(r.URL.Path)
	name := ""
	switch {
	case r.Method != http.MethodPost:
	case custom != nil:
		name = r.URL.Path
	case op != nil && operations[op.ID] != nil:
		name = op.ID
	}
	request := s.record(name, r, body, readErr)
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err error
		switch {
		case name == "":
			err = notPlayed(r.Method)
		case custom != nil:
			err = s.runHandler(w, r, body, readErr, custom)
		default:
			err = s.carryOut(w, op, r, body, readErr)
		}
		if err != nil {
			s.respondError(w, err)
		}
	})
	if name != "" {
		for _, fault := range s.takeFaults(name) {
			handler = fault(handler)
		}
	}
	again := r.WithContext(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body)) // for a fault that looks at it
	watched := &recordedResponse{ResponseWriter: w}
	defer func() { s.recordResponse(request, watched) }()
	handler.ServeHTTP(watched, again)
}

// carryOut checks one request of an operation, in Plaid's order, and carries it out.
func (s *Sandbox) carryOut(w http.ResponseWriter, op *schema.Operation, r *http.Request, body []byte, readErr error) error {
	properties, err := s.admit(op.ID, r, body, readErr)
	if err != nil {
		return err
	}
	if err := checkSchema(op.CheckRequest(properties), s.strict); err != nil {
		return err
	}
	response, err := operations[op.ID](s, incoming{s.ids.requestID(), cmp.Or(s.publicURL, baseURLOf(r))}, body)
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

// admit checks what every request must have, and returns its body.
func (s *Sandbox) admit(operation string, r *http.Request, body []byte, readErr error) (map[string]any, error) {
	if err := checkHeaders(r.Header); err != nil {
		return nil, err
	}
	properties, err := decodeObject(body, readErr)
	if err != nil {
		return nil, err
	}
	if err := s.checkCredentials(r.Header, properties); err != nil {
		return nil, err
	}
	return properties, s.checkRate(operation)
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
