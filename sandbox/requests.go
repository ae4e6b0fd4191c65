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
	Operation string      `json:"operation"` // operationId; empty where the path or the method is unknown
	Method    string      `json:"method"`    // such as POST
	Path      string      `json:"path"`      // without a query
	Header    http.Header `json:"header"`    // with the secret ones masked
	Body      string      `json:"body"`      // JSON; empty where it was not JSON, and above 64 KiB
	Status    int         `json:"status"`    // of the response; 0 where there was none, or none yet
	Time      time.Time   `json:"time"`      // of the sandbox's clock
}

// size returns about how many bytes a request holds.
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

// Requests returns the last 1000 received, or fewer where these hold over 16 MiB, oldest first: refused ones and those that
// met a fault too, but neither those of a browser nor those to the sandbox's own paths.
func (s *Sandbox) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.store.requests))
	for i, request := range s.store.requests {
		requests[i] = *request
		requests[i].Header = request.Header.Clone()
	}
	return requests
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
		request.Body = s.maskBody(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.keepRequest(request)
	return request
}

// recordStatus adds the status of the response to a request that record returned.
func (s *Sandbox) recordStatus(request *Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Status = status
}

func (st *store) keepRequest(request *Request) {
	request.Time = st.clock.now()
	st.requests = append(st.requests, request)
	for st.requestsBytes += request.size(); len(st.requests) > maxRequests || st.requestsBytes > maxRecorded; {
		st.requestsBytes -= st.requests[0].size()
		st.requests[0] = nil // lets go of it before the slice does
		st.requests = st.requests[1:]
	}
}

// aSecretToken is an access token or a user token of Plaid's, of any environment.
var aSecretToken = regexp.MustCompile(`(` + accessKind + `|` + userKind + `)-(sandbox|development|production)-`)

// hide masks a text that is the secret, or that holds an access token or a user token.
func (s *Sandbox) hide(text string) string {
	if text == string(s.credentials.Secret) || aSecretToken.MatchString(text) {
		return safe.Redacted
	}
	return text
}

var secretProperties = []string{"client_id", "secret", "access_token", "access_tokens", "user_token"}

// maskBody copies JSON token by token, so that all but the secrets stays as it was sent. It returns nothing where the body
// is not JSON: where secrets are is unknown then.
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
		if isName && slices.Contains(secretProperties, token.String()) {
			if dec.SkipValue() != nil || enc.WriteToken(jsontext.String(safe.Redacted)) != nil {
				return ""
			}
		}
	}
}
