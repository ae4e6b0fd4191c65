// Package transport sends one attempt of a call: with the credentials, to one origin, and with everything that comes
// back bounded.
package transport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Errors of an attempt, beside those of net/http.
var (
	ErrTooLarge      = errors.New("the answer is too large")
	ErrForeignOrigin = errors.New("the request does not go to the base URL")
	ErrPanic         = errors.New("the HTTP transport panicked")
)

const (
	// errorBodyLimit bounds what is read of an answer other than 200. What Plaid says fits in a hundredth of it.
	errorBodyLimit = 64 << 10
	// maxHeaderBytes bounds the headers of an answer where the transport is ours.
	maxHeaderBytes = 256 << 10
)

// Guard sends requests through an http.Client and bounds what comes back.
type Guard struct {
	client *http.Client
	limit  int64
}

// NewGuard makes a guard over a copy of client, so that the caller's is not changed: the copy sends through rt and
// follows no redirect, because net/http would send credentials and body along. Limit bounds the body of a 200, in bytes,
// after decompression.
func NewGuard(client *http.Client, rt http.RoundTripper, limit int64) *Guard {
	own := *client
	own.Transport = rt
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Guard{client: &own, limit: limit}
}

// Answer is a whole answer. Body is cut at 64 KiB where the status is not 200.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Exchange sends a request once, within timeout, and reads its whole answer. On an error the answer has what arrived
// before it, or is zero.
func (g *Guard) Exchange(req *http.Request, timeout time.Duration) (answer Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrPanic, p)
		}
	}()
	client := *g.client
	if client.Timeout == 0 || timeout < client.Timeout {
		client.Timeout = timeout
	}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	answer = Answer{Status: resp.StatusCode, Header: resp.Header}
	if resp.StatusCode != http.StatusOK {
		// A failure to read the text of a failure changes nothing: the status decides.
		answer.Body, _ = io.ReadAll(io.LimitReader(resp.Body, errorBodyLimit))
		return answer, nil
	}
	if resp.ContentLength > g.limit {
		return answer, fmt.Errorf("%w: %d bytes announced, at most %d are read", ErrTooLarge, resp.ContentLength, g.limit)
	}
	answer.Body, err = io.ReadAll(io.LimitReader(resp.Body, g.limit+1))
	if int64(len(answer.Body)) > g.limit {
		answer.Body = nil
		return answer, fmt.Errorf("%w: at most %d bytes are read", ErrTooLarge, g.limit)
	}
	return answer, err
}

// CloseIdleConnections closes the connections that no request uses.
func (g *Guard) CloseIdleConnections() { g.client.CloseIdleConnections() }
