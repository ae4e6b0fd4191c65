package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	plaidlink "github.com/plaidlink/plaidlink-go"
)

// maxBody is the largest request body, in bytes.
const maxBody = 1 << 20

// ServeHTTP answers as Plaid does, and by a fault where Fail has queued one; it serves the pages of Hosted Link and its own
// paths, see the package comment. After Drop and DropAnswer, and where the client goes during Slow or a latency, it panics
// with http.ErrAbortHandler, which an http.Server turns into a closed connection.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.broken != nil {
		respond(w, http.StatusInternalServerError, newErrorBody(s.ids.requestID(), plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, s.broken.Error()))
		return
	}
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	switch {
	case strings.HasPrefix(r.URL.Path, controlPrefix):
		s.serveControl(w, r, body, readErr)
	case strings.HasPrefix(r.URL.Path, hostedPrefix):
		s.serveHosted(w, r, body, readErr)
	default:
		s.serveOperation(w, r, body, readErr)
	}
}

func (s *Sandbox) serveOperation(w http.ResponseWriter, r *http.Request, body []byte, readErr error) {
	op := s.operations[r.URL.Path]
	if r.Method != http.MethodPost {
		op = nil
	}
	answered := s.record(op, r, body, readErr)
	if op == nil {
		s.respondRefusal(w, notFound())
		answered(http.StatusNotFound)
		return
	}
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, refused := s.answer(op, r, body, readErr)
		if refused != nil {
			s.respondRefusal(w, refused)
			return
		}
		respond(w, http.StatusOK, answer)
	})
	if fault := s.takeFault(op.id); fault != nil {
		handler = fault(handler)
	}
	if late := s.late(); late != nil {
		handler = late(handler)
	}
	again := r.WithContext(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body)) // for a fault that looks at it
	watched := &statusWriter{ResponseWriter: w}
	defer func() { answered(watched.status) }()
	handler.ServeHTTP(watched, again)
}

// answer checks one request of an operation, in Plaid's order, and carries it out.
func (s *Sandbox) answer(op *operation, r *http.Request, body []byte, readErr error) (any, *refusal) {
	if refused := checkHeaders(r.Header); refused != nil {
		return nil, refused
	}
	members, refused := decodeObject(body, readErr)
	if refused != nil {
		return nil, refused
	}
	if refused := s.checkCredentials(r.Header, members); refused != nil {
		return nil, refused
	}
	if refused := s.checkRate(op.id); refused != nil {
		return nil, refused
	}
	if refused := checkSchema(op.request, members); refused != nil {
		return nil, refused
	}
	return op.carryOut(s, incoming{s.ids.requestID(), baseURLOf(r)}, body)
}

// baseURLOf is how the client reached the sandbox.
func baseURLOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *Sandbox) respondRefusal(w http.ResponseWriter, r *refusal) {
	respond(w, r.status, newErrorBody(s.ids.requestID(), r.kind, r.code, r.message))
}

func respond(w http.ResponseWriter, status int, answer any) {
	data, err := json.Marshal(answer)
	if err != nil { // a PlaidError can have a text that is no UTF-8
		status = http.StatusInternalServerError
		data, _ = json.Marshal(newErrorBody(newIDs().requestID(), plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, "the answer cannot be encoded"))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // an error means that the client has gone
}

// statusWriter remembers the status of an answer; 0 where there was none.
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
