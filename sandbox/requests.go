package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxRequests     = 1000     // kept by Requests
	maxRecordedBody = 64 << 10 // bytes
	masked          = "[redacted]"
)

// Request is one that the sandbox received, with every secret masked: the headers PLAID-CLIENT-ID, PLAID-SECRET and
// Authorization, and at any depth of the body the members client_id, secret, access_token, access_tokens and user_token.
type Request struct {
	Operation string // operationId; empty where the path or the method is unknown
	Method    string
	Path      string // without a query
	Header    http.Header
	Body      string    // JSON; empty where it was none, and above 64 KiB
	Time      time.Time // of the sandbox's clock
}

// Requests are the last 1000 received, oldest first: refused ones and those that met a fault too, but none to the control
// endpoint.
func (s *Sandbox) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := slices.Clone(s.requests)
	for i := range requests {
		requests[i].Header = requests[i].Header.Clone()
	}
	return requests
}

// record keeps a request; op is nil where there is none.
func (s *Sandbox) record(op *operation, r *http.Request, body []byte, readErr error) {
	request := Request{Method: r.Method, Path: r.URL.Path, Header: r.Header.Clone()}
	if op != nil {
		request.Operation = op.id
	}
	for _, name := range []string{"PLAID-CLIENT-ID", "PLAID-SECRET", "Authorization"} {
		if request.Header.Get(name) != "" {
			request.Header.Set(name, masked)
		}
	}
	if readErr == nil && len(body) <= maxRecordedBody {
		request.Body = maskBody(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Time = s.now()
	if len(s.requests) == maxRequests {
		s.requests = s.requests[1:]
	}
	s.requests = append(s.requests, request)
}

var secretMembers = []string{"client_id", "secret", "access_token", "access_tokens", "user_token"}

// maskBody copies JSON token by token, so that all but the secrets stays as it was sent. Without JSON it is empty: where
// the secrets stand is unknown then.
func maskBody(body []byte) string {
	var out bytes.Buffer
	lenient := []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
	dec := jsontext.NewDecoder(bytes.NewReader(body), lenient...)
	enc := jsontext.NewEncoder(&out, lenient...)
	for {
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return string(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
		}
		if err != nil || enc.WriteToken(token) != nil {
			return ""
		}
		container, length := dec.StackIndex(dec.StackDepth())
		isName := container == '{' && length%2 == 1
		if isName && slices.Contains(secretMembers, token.String()) {
			if dec.SkipValue() != nil || enc.WriteToken(jsontext.String(masked)) != nil {
				return ""
			}
		}
	}
}
