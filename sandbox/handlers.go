package sandbox

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
)

// Handle lets a handler respond to a path of Plaid that the sandbox does not play, such as /accounts/balance/get; a later
// handler of a path replaces an earlier one. It gets the requests that pass the sandbox's checks: POST, headers, one JSON object,
// credentials, and an access_token or access_tokens, where the body has them, of Items that are linked here. A JSON object that
// it responds with, without a request_id, is given one; a handler that writes nothing responds with 200 and the request_id.
//
// [Sandbox.Fail] and [Sandbox.LimitRate] take the path for the operation. The error is that the path has another form, that
// the sandbox plays it, or that the handler is nil.
func (s *Sandbox) Handle(path string, handler http.Handler) error {
	return named("Handle", s.handle(path, handler))
}

func (s *Sandbox) handle(path string, handler http.Handler) error {
	switch {
	case !plaidPath.MatchString(path):
		return fmt.Errorf("path %q: expected one such as /accounts/balance/get", path)
	case playedID(path) != "":
		return fmt.Errorf("path %s: the sandbox plays it itself", path)
	case handler == nil:
		return fmt.Errorf("path %s: expected a handler, found nil", path)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store.handlers[path] = handler
	return nil
}

// plaidPath leaves no room for the sandbox's own paths.
var plaidPath = regexp.MustCompile(`^(/[a-z0-9][A-Za-z0-9_-]*)+$`)

// playedID returns the operationId of a path that the sandbox plays; empty where it does not.
func playedID(path string) string {
	for _, op := range gen.Operations() {
		if op.Path == path && operations[op.ID] != nil {
			return op.ID
		}
	}
	return ""
}

// runHandler checks the access tokens of a request to a path of Handle, and carries it out.
func (s *Sandbox) runHandler(w http.ResponseWriter, r *http.Request, properties map[string]any, handler http.Handler) error {
	if err := s.checkAccess(properties); err != nil {
		return err
	}
	held := &recordedResponse{ResponseWriter: lost(w.Header()), room: math.MaxInt}
	handler.ServeHTTP(held, r)
	data := withRequestID(held.body, s.ids.requestID())
	if w.Header().Get("Content-Type") == "" && json.Unmarshal(data, new(jsontext.Value)) == nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(max(held.status, http.StatusOK))
	_, _ = w.Write(data) // an error means that the client has gone
	return nil
}

// checkAccess refuses access tokens that are not of Items linked here.
func (s *Sandbox) checkAccess(properties map[string]any) error {
	var tokens []gen.AccessToken
	list, isList := properties["access_tokens"].([]any)
	if properties["access_tokens"] != nil && !isList {
		return invalidField("access_tokens must be an array")
	}
	if token := properties["access_token"]; token != nil {
		list = append(list, token)
	}
	for _, value := range list {
		token, ok := value.(string)
		if !ok {
			return invalidField("an access token must be a string")
		}
		tokens = append(tokens, gen.AccessToken(token))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.store.findItems(tokens)
	return err
}

// withRequestID adds a request_id to a JSON object that has none. Anything else stays as it is, but for nothing at all.
func withRequestID(data []byte, id string) []byte {
	var properties map[string]jsontext.Value
	if len(bytes.TrimSpace(data)) == 0 {
		data = []byte("{}")
	}
	if err := json.Unmarshal(data, &properties); err != nil || properties == nil || properties["request_id"] != nil {
		return data
	}
	comma := ""
	if len(properties) > 0 {
		comma = ","
	}
	data = bytes.TrimSpace(data)
	return fmt.Appendf(nil, `%s%s"request_id":%q}`, data[:len(data)-1], comma, id)
}

const maxFixture = 8 << 20 // bytes

// WithFixtures responds to paths of Plaid that the sandbox does not play with JSON files, as a handler of [Sandbox.Handle] does:
// accounts/balance/get.json is the response of /accounts/balance/get, with a request_id of its own each time. Files with
// another extension are left alone. What is wrong with a file is the error of [Listen], with its line: it must be one JSON
// object of at most 8 MiB, and its path one that the sandbox does not play.
func WithFixtures(dir fs.FS) Option {
	return func(s *Sandbox) {
		found := false
		err := fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || path.Ext(name) != ".json" {
				return err
			}
			found = true
			body, err := readFixture(dir, name)
			if err == nil {
				err = s.handle("/"+strings.TrimSuffix(name, ".json"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
			}
			if err != nil {
				s.fail(fmt.Errorf("WithFixtures: %s: %w", name, err))
			}
			return nil
		})
		if err == nil && !found {
			err = fmt.Errorf("expected at least one file such as accounts/balance/get.json")
		}
		if err != nil {
			s.fail(fmt.Errorf("WithFixtures: %w", err))
		}
	}
}

// readFixture returns the JSON object of a file without its request_id.
func readFixture(dir fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(dir, name)
	if err == nil && info.Size() > maxFixture {
		err = fmt.Errorf("expected at most %d bytes", maxFixture)
	}
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	var properties map[string]jsontext.Value
	if err := json.Unmarshal(data, &properties); err != nil || properties == nil {
		reason := jsonerr.Explain(err, nil)
		line := 1 + bytes.Count(data[:min(int64(len(data)), reason.Offset)], []byte("\n"))
		return nil, fmt.Errorf("line %d: expected one JSON object in UTF-8, without duplicate names", line)
	}
	delete(properties, "request_id")
	return json.Marshal(properties, json.Deterministic(true))
}
