package sandbox

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
)

const maxFixture = 8 << 20 // bytes

// WithFixtures responds to paths of Plaid that the sandbox does not play with JSON files, as a handler of [Sandbox.Handle] does:
// accounts/balance/get.json is the response of /accounts/balance/get, with a request_id of its own each time. Files with
// another extension are left alone. What is wrong with a file is the error of [Listen], with its line: it must be one JSON
// object of at most 8 MiB, and its path one that the sandbox does not play.
func WithFixtures(dir fs.FS) Option {
	return func(s *Sandbox) {
		found := false
		err := fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() || path.Ext(name) != ".json":
				return nil
			}
			found = true
			body, err := readFixture(dir, name)
			if err == nil {
				err = s.handle("/"+strings.TrimSuffix(name, ".json"), fixture(body))
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

// fixture is the response of a handler.
type fixture []byte

func (f fixture) ServeHTTP(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(f) }

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
