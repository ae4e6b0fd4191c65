package sandbox

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/plaidlink/plaidlink-go/gen"
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
		refusalOf(err).respond(w, s.ids.requestID())
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
	name, custom, faults := s.assign(r)
	request := s.record(name, r, body, readErr)
	var handler http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.carryOut(w, r, name, custom, body, readErr); err != nil {
			refusalOf(err).respond(w, s.ids.requestID())
		}
	})
	for _, fault := range faults {
		handler = fault(handler)
	}
	watched := &recordedResponse{ResponseWriter: w, room: maxRecordedBody}
	defer func() { s.recordResponse(request, watched) }()
	handler.ServeHTTP(watched, withBody(r, body)) // for a fault that looks at it
}

// assign returns what plays a request: the operation, which is empty where nothing does, its handler where it is one of Handle, and
// what happens to the request, innermost first: the next of the queued faults, and the latency.
func (s *Sandbox) assign(r *http.Request) (name string, custom http.Handler, faults []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name = playedID(r.URL.Path)
	if custom = s.store.handlers[r.URL.Path]; custom != nil {
		name = r.URL.Path
	}
	if name == "" || r.Method != http.MethodPost {
		return "", nil, nil
	}
	if queue := s.store.faults[name]; len(queue) > 0 {
		faults = append(faults, queue[0])
		if s.store.faults[name] = queue[1:]; len(queue) == 1 {
			delete(s.store.faults, name)
		}
	}
	if s.store.latency > 0 {
		faults = append(faults, Slow(s.store.latency))
	}
	return name, custom, faults
}

func withBody(r *http.Request, body []byte) *http.Request {
	again := r.WithContext(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	return again
}

// carryOut checks one request, in Plaid's order, and carries it out: an operation, or a path with a handler.
func (s *Sandbox) carryOut(w http.ResponseWriter, r *http.Request, name string, custom http.Handler, body []byte, readErr error) error {
	switch {
	case r.Method != http.MethodPost:
		return notFound()
	case name == "":
		return notPlayed()
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

func respond(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil { // a PlaidError can have a text that is not UTF-8
		internalError("the response cannot be encoded").respond(w, newIDs().requestID())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // an error means that the client has gone
}

// incoming is what a request brings beside its body.
type incoming struct {
	requestID string // for the response
	token     string // access_token of the body; empty where it has none
	baseURL   string // of hosted pages, without a slash at its end
}

// created is a response with the status 201.
type created struct{ response any }

// operation does what a valid request body asks for, and returns the response.
type operation func(s *Sandbox, in incoming, body []byte) (any, error)

// operations has what the sandbox does, by operationId.
var operations = map[string]operation{
	gen.OperationAccountsGet.ID:                    ofItem((*store).accountsGet),
	gen.OperationInstitutionsGetByID.ID:            inStore((*store).institutionsGetByID),
	gen.OperationItemAccessTokenInvalidate.ID:      ofItem((*store).itemAccessTokenInvalidate),
	gen.OperationItemGet.ID:                        ofItem((*store).itemGet),
	gen.OperationItemPublicTokenExchange.ID:        inStore((*store).itemPublicTokenExchange),
	gen.OperationItemRemove.ID:                     ofItem((*store).itemRemove),
	gen.OperationItemWebhookUpdate.ID:              inStore((*store).itemWebhookUpdate),
	gen.OperationLinkOAuthCorrelationIDExchange.ID: inStore((*store).linkOAuthCorrelationIDExchange),
	gen.OperationLinkProfileEligibilityCheck.ID:    inStore((*store).linkProfileEligibilityCheck),
	gen.OperationLinkTokenCreate.ID:                inStore((*store).linkTokenCreate),
	gen.OperationLinkTokenGet.ID:                   inStore((*store).linkTokenGet),
	gen.OperationSandboxItemFireWebhook.ID:         ofItem((*store).sandboxItemFireWebhook),
	gen.OperationSandboxItemResetLogin.ID:          ofItem((*store).sandboxItemResetLogin),
	gen.OperationSandboxPublicTokenCreate.ID:       inStore((*store).sandboxPublicTokenCreate),
	gen.OperationUserCreate.ID:                     inStore((*store).userCreate),
	gen.OperationUserGet.ID:                        inStore((*store).userGet),
	gen.OperationUserRemove.ID:                     inStore((*store).userRemove),
	gen.OperationUserUpdate.ID:                     inStore((*store).userUpdate),
	gen.OperationWebhookVerificationKeyGet.ID:      inStore((*store).webhookVerificationKeyGet),
}

// inStore decodes the body for fn, which runs with the lock held.
func inStore[Req, Resp any](fn func(*store, incoming, Req) (Resp, error)) operation {
	return func(s *Sandbox, in incoming, body []byte) (any, error) {
		var req Req
		if err := decodeValid(body, &req); err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return fn(s.store, in, req)
	}
}

// ofItem is inStore for what is about the Item of the access_token.
func ofItem[Req, Resp any](fn func(*store, incoming, *itemRecord, Req) (Resp, error)) operation {
	return inStore(func(st *store, in incoming, req Req) (response Resp, err error) {
		item, err := st.findItem(gen.AccessToken(in.token))
		if err != nil {
			return response, err
		}
		return fn(st, in, item, req)
	})
}

// ofOperation does what an exported method asks for about an operation, by its operationId or the path where it has a handler.
func (s *Sandbox) ofOperation(method, id string, do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if operations[id] == nil && s.store.handlers[id] == nil {
		return named(method, fmt.Errorf("%q is not an operationId; expected one such as linkTokenCreate, or a path with a handler", id))
	}
	return named(method, do())
}
