package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

const (
	maxRequests     = 1000     // kept by Requests
	maxRecorded     = 16 << 20 // bytes, of all that are kept
	maxRecordedBody = 64 << 10 // bytes
)

// Request is one that the sandbox received, with every secret masked: the headers PLAID-CLIENT-ID, PLAID-SECRET and
// Authorization, at any depth of the body the properties client_id, secret, access_token, access_tokens and user_token, and
// the secret and access tokens where they do not belong.
type Request struct {
	Operation string      `json:"operation"` // operationId, or the path where it has a handler; empty where the path or the method is unknown
	Method    string      `json:"method"`    // such as POST
	Path      string      `json:"path"`      // without a query
	Header    http.Header `json:"header"`    // with the secret ones masked
	Body      string      `json:"body"`      // JSON; empty where it was not JSON, and above 64 KiB
	Status    int         `json:"status"`    // of the response; 0 where there was none, or none yet
	Time      time.Time   `json:"time"`      // of the sandbox's clock

	ErrorCode string `json:"error_code"` // of the response; empty where it is a success
	RequestID string `json:"request_id"` // of the response
	Response  string `json:"response"`   // body, masked; empty where it is not JSON, and above 64 KiB
}

// WithRequestLog calls a function when a request of [Sandbox.Requests] has its response, on the goroutine of the request. Several
// may be under way at a time.
func WithRequestLog(log func(Request)) Option {
	return func(s *Sandbox) { s.logRequest = log }
}

// size returns about how many bytes a request holds.
func (r *Request) size() int {
	size := len(r.Method) + len(r.Path) + len(r.Body) + len(r.Response)
	for name, values := range r.Header {
		size += len(name) + len(strings.Join(values, ""))
	}
	return size
}

// Requests returns the last 1000 received, or fewer where these hold over 16 MiB, oldest first: refused ones and those that
// met a fault too, but neither those of a browser nor those to the sandbox's own paths.
func (s *Sandbox) Requests() []Request {
	s.mu.Lock()
	requests := make([]Request, len(s.store.requests))
	for i, request := range s.store.requests {
		requests[i] = *request
	}
	s.mu.Unlock()
	for i := range requests {
		s.finish(&requests[i])
	}
	return requests
}

// finish makes a copy of a kept request what is shown: with a header of its own, and with the response, which is kept as it
// was sent, masked.
func (s *Sandbox) finish(r *Request) {
	r.Header, r.Response = r.Header.Clone(), s.maskBody(r.Response)
}

// record keeps a request of an operation, which is empty where there is none.
func (s *Sandbox) record(operation string, r *http.Request, body []byte, readErr error) *Request {
	request := &Request{Operation: operation, Method: r.Method, Path: s.hide(r.URL.Path), Header: http.Header{}}
	for name, values := range r.Header {
		for _, value := range values {
			request.Header.Add(name, s.hide(value))
		}
	}
	for _, name := range []string{"PLAID-CLIENT-ID", "PLAID-SECRET", "Authorization"} {
		if request.Header.Get(name) != "" {
			request.Header.Set(name, safe.Redacted)
		}
	}
	if readErr == nil && len(body) <= maxRecordedBody {
		request.Body = s.maskBody(string(body))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Time = s.clock.now()
	s.store.requests = append(s.store.requests, request)
	s.store.holdRequests(request.size())
	return request
}

// recordResponse adds the response to a request that record returned.
func (s *Sandbox) recordResponse(request *Request, response *recordedResponse) {
	var shown struct {
		ErrorCode string `json:"error_code"`
		RequestID string `json:"request_id"`
	}
	_ = json.Unmarshal(response.body, &shown) // empty where it is not JSON, or not of that form
	s.mu.Lock()
	request.Status, request.ErrorCode, request.RequestID, request.Response = response.status, shown.ErrorCode, shown.RequestID, string(response.body)
	if slices.Contains(s.store.requests, request) { // else it went already
		s.store.holdRequests(len(request.Response))
	}
	ended := *request
	s.mu.Unlock()
	if s.logRequest != nil {
		s.finish(&ended)
		s.logRequest(ended)
	}
}

// holdRequests counts more bytes, and lets the oldest requests go where there are too many, or where they hold too much.
func (st *store) holdRequests(bytes int) {
	st.requestsBytes += bytes
	for len(st.requests) > maxRequests || st.requestsBytes > maxRecorded {
		st.requestsBytes -= st.requests[0].size()
		st.requests[0] = nil // lets go of it before the slice does
		st.requests = st.requests[1:]
	}
}

// recordedResponse remembers a response, and its body where there is room for all of it. The status is 0 where there was none.
type recordedResponse struct {
	http.ResponseWriter
	room   int // bytes; negative where there was too little
	status int
	body   []byte
}

func (w *recordedResponse) WriteHeader(status int) {
	if w.status < http.StatusOK { // else it is superfluous
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recordedResponse) Write(b []byte) (int, error) {
	w.status = max(w.status, http.StatusOK)
	if w.room -= len(b); w.room >= 0 {
		w.body = append(w.body, b...)
	} else {
		w.body = nil
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap gives a fault the connection, through http.ResponseController.
func (w *recordedResponse) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// aSecretToken is an access token or a user token of Plaid's, of any environment.
var aSecretToken = regexp.MustCompile(`(` + accessKind + `|` + userKind + `)-(sandbox|development|production)-`)

// hide masks a text that is the secret, or that holds an access token or a user token.
func (s *Sandbox) hide(text string) string {
	perhaps := strings.Contains(text, accessKind) || strings.Contains(text, userKind) // which is much faster than the pattern
	if text == string(s.credentials.Secret) || perhaps && aSecretToken.MatchString(text) {
		return safe.Redacted
	}
	return text
}

var secretProperties = []string{"client_id", "secret", "access_token", "access_tokens", "user_token"}

// maskBody copies JSON token by token, so that all but the secrets stays as it was sent. It returns nothing where the body
// is not JSON: where secrets are is unknown then.
func (s *Sandbox) maskBody(body string) string {
	var out bytes.Buffer
	lenient := []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
	dec := jsontext.NewDecoder(strings.NewReader(body), lenient...)
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
		if token.Kind() == '"' && !isName {
			token = jsontext.String(s.hide(token.String()))
		}
		if enc.WriteToken(token) != nil {
			return ""
		}
		if isName && slices.Contains(secretProperties, token.String()) {
			if dec.SkipValue() != nil || enc.WriteToken(jsontext.String(safe.Redacted)) != nil {
				return ""
			}
		}
	}
}
