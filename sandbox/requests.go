package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxRequests     = 1000     // kept by Requests
	maxRecorded     = 16 << 20 // bytes, of all that are kept
	maxRecordedBody = 64 << 10 // bytes
	masked          = "[redacted]"
)

// Request is one that the sandbox received, with every secret masked: the headers PLAID-CLIENT-ID, PLAID-SECRET and
// Authorization, at any depth of the body the members client_id, secret, access_token, access_tokens and user_token, and
// the secret and access tokens where they do not belong.
type Request struct {
	Operation string      `json:"operation"` // operationId; empty where the path or the method is unknown
	Method    string      `json:"method"`    // such as POST
	Path      string      `json:"path"`      // without a query
	Header    http.Header `json:"header"`    // with the secret ones masked
	Body      string      `json:"body"`      // JSON; empty where it was none, and above 64 KiB
	Status    int         `json:"status"`    // of the answer; 0 where there was none, or none yet
	Time      time.Time   `json:"time"`      // of the sandbox's clock
}

// size is about how many bytes a request holds.
func (r *Request) size() int {
	size := len(r.Method) + len(r.Path) + len(r.Body)
	for name, values := range r.Header {
		size += len(name)
		for _, value := range values {
			size += len(value)
		}
	}
	return size
}

// Requests are the last 1000 received, or fewer where these hold over 16 MiB, oldest first: refused ones and those that met
// a fault too, but neither those of a browser nor those to the sandbox's own paths.
func (s *Sandbox) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.requests))
	for i, request := range s.requests {
		requests[i] = *request
		requests[i].Header = request.Header.Clone()
	}
	return requests
}

// record keeps a request; op is nil where there is none. What it returns is called with the status of the answer.
func (s *Sandbox) record(op *operation, r *http.Request, body []byte, readErr error) (answered func(status int)) {
	request := &Request{Method: r.Method, Path: s.hide(r.URL.Path), Header: http.Header{}}
	for name, values := range r.Header {
		for _, value := range values {
			request.Header.Add(name, s.hide(value))
		}
	}
	if op != nil {
		request.Operation = op.id
	}
	for _, name := range []string{"PLAID-CLIENT-ID", "PLAID-SECRET", "Authorization"} {
		if request.Header.Get(name) != "" {
			request.Header.Set(name, masked)
		}
	}
	if readErr == nil && len(body) <= maxRecordedBody {
		request.Body = s.maskBody(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Time = s.now()
	s.requests = append(s.requests, request)
	for s.recorded += request.size(); len(s.requests) > maxRequests || s.recorded > maxRecorded; {
		s.recorded -= s.requests[0].size()
		s.requests[0] = nil // lets go of it before the slice does
		s.requests = s.requests[1:]
	}
	return func(status int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		request.Status = status
	}
}

// accessTokens are Plaid's, of any environment.
var accessTokens = regexp.MustCompile(accessKind + `-(sandbox|development|production)-`)

// hide masks a text that is the secret, or has an access token in it.
func (s *Sandbox) hide(text string) string {
	if text == string(s.credentials.Secret) || accessTokens.MatchString(text) {
		return masked
	}
	return text
}

var secretMembers = []string{"client_id", "secret", "access_token", "access_tokens", "user_token"}

// maskBody copies JSON token by token, so that all but the secrets stays as it was sent. Without JSON it is empty: where
// the secrets stand is unknown then.
func (s *Sandbox) maskBody(body []byte) string {
	var out bytes.Buffer
	lenient := []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
	dec := jsontext.NewDecoder(bytes.NewReader(body), lenient...)
	enc := jsontext.NewEncoder(&out, lenient...)
	for {
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return string(bytes.TrimSuffix(out.Bytes(), []byte("\n")))
		}
		if err != nil {
			return ""
		}
		container, length := dec.StackIndex(dec.StackDepth())
		isName := container == '{' && length%2 == 1
		written := token
		if token.Kind() == '"' && !isName {
			written = jsontext.String(s.hide(token.String()))
		}
		if enc.WriteToken(written) != nil {
			return ""
		}
		if isName && slices.Contains(secretMembers, token.String()) {
			if dec.SkipValue() != nil || enc.WriteToken(jsontext.String(masked)) != nil {
				return ""
			}
		}
	}
}
