package gen

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

// Doer sends a request and returns its response, as [http.Client] does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client sends the requests of the operations as they are. Package plaidlink adds credentials, limits, retries and errors.
type Client struct {
	server string
	doer   Doer
}

// NewClient returns a client of a server, whose URL must be absolute and may have a path.
func NewClient(server string, doer Doer) (*Client, error) {
	if _, err := parseServer(server); err != nil {
		return nil, err
	}
	if doer == nil {
		return nil, errors.New("gen: NewClient: expected a Doer, found nil")
	}
	return &Client{server, doer}, nil
}

func parseServer(server string) (*url.URL, error) {
	u, err := url.Parse(server)
	if err != nil || u.Host == "" {
		return nil, errors.New("gen: server: expected an absolute URL") // its text may hold a password
	}
	return u, nil
}

// NewRequest returns the request POST path to a server, with a body that is encoded as JSON. Use it for an operation that the
// specification does not have. The body of the request can be read again.
func NewRequest(server, path string, body any) (*http.Request, error) {
	u, err := parseServer(server)
	if err != nil {
		return nil, err
	}
	u.Path = strings.TrimRight(u.Path, "/") + path
	if u.RawPath != "" {
		u.RawPath = strings.TrimRight(u.RawPath, "/") + path
	}
	data, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("gen: %s: %w", path, err)
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
