package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
)

// Operation is an operation of Plaid's API.
type Operation struct {
	ID      string // operationId
	Path    string // path below the server's URL
	Retry   Retry  // whether the request may be sent again after an ambiguous failure
	Success []int  // statuses that are a success
}

// Retry reports whether a request may be sent again when it is unknown whether the first one was carried out.
type Retry string

// The values of [Retry].
const (
	RetryAlways      Retry = "always"      // the operation reads, or leaves nothing behind that matters
	RetryNever       Retry = "never"       // a second request could do harm
	RetryConditional Retry = "conditional" // it depends on the request
)

// NewRequest returns the request POST path to a server, with a body that is encoded as JSON. The body of the
// request can be read again.
func NewRequest(server, path string, body any) (*http.Request, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" {
		return nil, errors.New("wire: server: expected an absolute URL") // its text may hold a password
	}
	u.Path = strings.TrimRight(u.Path, "/") + path
	if u.RawPath != "" {
		u.RawPath = strings.TrimRight(u.RawPath, "/") + path
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("wire: %s: %w", path, err)
	}
	return &http.Request{ // http.NewRequest parses the URL once more
		Method: http.MethodPost, URL: u, Host: u.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": jsonType},
		ContentLength: int64(len(data)),
		Body:          newRequestBody(data),
		GetBody:       func() (io.ReadCloser, error) { return newRequestBody(data), nil },
	}, nil
}

var jsonType = []string{"application/json"}

// requestBody is the body of a request.
type requestBody struct{ bytes.Reader }

func newRequestBody(data []byte) *requestBody {
	b := new(requestBody)
	b.Reset(data)
	return b
}

// Close does nothing.
func (*requestBody) Close() error { return nil }
