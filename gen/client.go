package gen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
)

// Doer sends requests, as *http.Client does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Client sends the operations' requests as they are: credentials, limits, retries and errors are package plaidlink's.
type Client struct {
	server *url.URL // without a slash at its end
	doer   Doer
}

// NewClient makes a client of a server, whose URL is absolute and may have a path.
func NewClient(server string, doer Doer) (*Client, error) {
	u, err := url.Parse(strings.TrimRight(server, "/"))
	if err != nil || u.Host == "" {
		return nil, errors.New("gen: NewClient: expected an absolute URL") // its text may hold a password
	}
	if doer == nil {
		return nil, errors.New("gen: NewClient: expected a Doer, found nil")
	}
	return &Client{u, doer}, nil
}

// post builds the request of an operation by hand: http.NewRequest would parse the URL each time, and copy the request once
// more for its context.
func (c *Client) post(ctx context.Context, path string, body any) (*http.Response, error) {
	data := bytes.NewBuffer(make([]byte, 0, 512)) // not from a pool: a transport may read it after the call
	if err := json.MarshalWrite(data, body); err != nil {
		return nil, fmt.Errorf("gen: %s: %w", path, err)
	}
	to := *c.server
	to.Path += path
	if to.RawPath != "" {
		to.RawPath += path
	}
	req := (&http.Request{
		Method: http.MethodPost, URL: &to, Host: to.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(data.Len()),
		Body:          newBody(data.Bytes()),
		GetBody:       func() (io.ReadCloser, error) { return newBody(data.Bytes()), nil },
	}).WithContext(ctx)
	return c.doer.Do(req)
}

// body is the body of a request.
type body struct{ bytes.Reader }

func newBody(data []byte) *body {
	b := new(body)
	b.Reset(data)
	return b
}

// Close does nothing.
func (*body) Close() error { return nil }
