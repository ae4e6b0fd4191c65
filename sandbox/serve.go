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

// ServeHTTP answers as Plaid does, and by a fault where Fail has queued one. After Drop and DropAnswer it panics with
// http.ErrAbortHandler, which an http.Server turns into a closed connection.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.broken != nil {
		respond(w, http.StatusInternalServerError, newErrorBody(plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, s.broken.Error()))
		return
	}
	body, readErr := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		s.serveControl(w, r, body, readErr)
		return
	}
	op := s.operations[r.URL.Path]
	if r.Method != http.MethodPost {
		op = nil
	}
	s.record(op, r, body, readErr)
	if op == nil {
		respondRefusal(w, notFound())
		return
	}
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, refused := s.answer(op, r.Header, body, readErr)
		if refused != nil {
			respondRefusal(w, refused)
			return
		}
		respond(w, http.StatusOK, answer)
	})
	if fault := s.takeFault(op.id); fault != nil {
		handler = fault(handler)
	}
	again := r.WithContext(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body)) // for a fault that looks at it
	handler.ServeHTTP(w, again)
}

// answer checks one request of an operation, in Plaid's order, and carries it out.
func (s *Sandbox) answer(op *operation, header http.Header, body []byte, readErr error) (any, *refusal) {
	if refused := checkHeaders(header); refused != nil {
		return nil, refused
	}
	members, refused := decodeObject(body, readErr)
	if refused != nil {
		return nil, refused
	}
	if refused := s.checkCredentials(header, members); refused != nil {
		return nil, refused
	}
	if refused := checkSchema(op.request, members); refused != nil {
		return nil, refused
	}
	return op.carryOut(s, newRequestID(), body)
}

func respondRefusal(w http.ResponseWriter, r *refusal) {
	respond(w, r.status, newErrorBody(r.kind, r.code, r.message))
}

func respond(w http.ResponseWriter, status int, answer any) {
	data, err := json.Marshal(answer)
	if err != nil { // a PlaidError can have a text that is no UTF-8
		status = http.StatusInternalServerError
		data, _ = json.Marshal(newErrorBody(plaidlink.TypeAPIError, plaidlink.CodeInternalServerError, "the answer cannot be encoded"))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // an error means that the client has gone
}
