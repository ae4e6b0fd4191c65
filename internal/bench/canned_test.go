package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// createdBody is a response of /link/token/create.
const createdBody = `{"link_token":"link-sandbox-af1a0311-da53-4636-b754-dd15cc058176","expiration":"2026-03-02T13:30:00Z","request_id":"XQVgFigpGHXkb0b"}`

// canned responds from memory, so that only the client is measured. get returns the response of /link/token/get.
type canned struct{ get func() []byte }

var jsonHeader = http.Header{"Content-Type": {"application/json"}}

// RoundTrip responds according to the path of the request.
func (c canned) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		io.Copy(io.Discard, req.Body)
		req.Body.Close()
	}
	body := created
	if strings.HasSuffix(req.URL.Path, "/get") {
		body = c.get()
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: jsonHeader,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: -1, Request: req, // as in Plaid's responses, which are compressed
	}, nil
}

var created = []byte(createdBody)

var ids = regexp.MustCompile(`"(event_id|request_id|link_session_id|id|public_token)": *"[^"]{4}`)

// fresh returns a function that returns a response with different ids each time, as a server does: a codec that caches strings
// from one response to the next would look better than it is. There are 64 responses, which is more than a codec caches.
func fresh(response []byte) func() []byte {
	responses := make([][]byte, 64)
	for i := range responses {
		n := i << 10
		responses[i] = ids.ReplaceAllFunc(response, func(id []byte) []byte {
			n++
			return append(id[:len(id)-4:len(id)-4], fmt.Sprintf("%04x", n)...)
		})
	}
	next := 0
	return func() []byte {
		next++
		return responses[next%len(responses)]
	}
}
