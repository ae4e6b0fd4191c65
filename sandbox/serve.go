package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/internal/schema"
)

// maxBody is the largest request body, in bytes.
const maxBody = 1 << 20

// ServeHTTP responds as Plaid does, and by a fault where [Sandbox.Fail] has queued one; it serves the pages of Hosted Link
// and its own paths, see the package comment. After [Drop] and [DropResponse], and where the client goes during [Slow] or a
// latency, it panics with [http.ErrAbortHandler], which an [http.Server] turns into a closed connection.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.broken != nil {
		s.respondError(w, internalError("sandbox: "+s.broken.Error()))
		return
	}
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	switch {
	case strings.HasPrefix(r.URL.Path, controlPrefix):
		s.serveControl(w, r, body, readErr)
	case r.URL.Path == webScriptPath:
		serveWebScript(w, r)
	case strings.HasPrefix(r.URL.Path, webPrefix):
		s.serveWeb(w, r, body, readErr)
	case strings.HasPrefix(r.URL.Path, hostedPrefix):
		s.serveHosted(w, r, body, readErr)
	default:
		s.serveOperation(w, r, body, readErr)
	}
}

func (s *Sandbox) serveOperation(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	op := s.spec.Operations[r.URL.Path]
	if op == nil || r.Method != http.MethodPost || operations[op.ID] == nil {
		request := s.record("", r, body, readErr)
		s.respondError(w, notFound())
		s.recordStatus(request, http.StatusNotFound)
		return
	}
	request := s.record(op.ID, r, body, readErr)
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		response, err := s.carryOut(op, r, body, readErr)
		if err != nil {
			s.respondError(w, err)
			return
		}
		status := http.StatusOK
		if made, ok := response.(created); ok {
			status, response = http.StatusCreated, made.response
		}
		respond(w, status, response)
	})
	for _, fault := range s.takeFaults(op.ID) {
		handler = fault(handler)
	}
	again := r.WithContext(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body)) // for a fault that looks at it
	watched := &statusWriter{ResponseWriter: w}
	defer func() { s.recordStatus(request, watched.status) }()
	handler.ServeHTTP(watched, again)
}

// carryOut checks one request of an operation, in Plaid's order, and carries it out.
func (s *Sandbox) carryOut(op *schema.Operation, r *http.Request, body []byte, readErr error) (any, error) {
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
	if err := s.checkRate(op.ID); err != nil {
		return nil, err
	}
	if err := checkSchema(op.CheckRequest(properties)); err != nil {
		return nil, err
	}
	return operations[op.ID](s, incoming{s.ids.requestID(), baseURLOf(r)}, body)
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

// statusWriter remembers the status of a response; 0 where there was none.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives a fault the connection, through http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
