// Package transport sends one attempt of a call: with the credentials, to one origin, and with everything that comes
// back bounded.
package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/plaidlink/plaidlink-go/internal/retry"
)

// Errors of an attempt, beside those of net/http.
var (
	ErrTimeout       = errors.New("the attempt took too long")
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
	client  *http.Client
	timeout time.Duration // of the caller's client, 0 or less for none
	limit   int64
}

// NewGuard makes a guard over a copy of client, so that the caller's is not changed: the copy sends through rt and
// follows no redirect, because net/http would send credentials and body along. Limit bounds the body of a 200, in bytes,
// after decompression.
func NewGuard(client *http.Client, rt http.RoundTripper, limit int64) *Guard {
	own := *client
	own.Timeout = 0 // Exchange applies it: net/http would leave a goroutine and a timer behind a panic
	own.Transport = redirects{rt}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Guard{client: &own, timeout: client.Timeout, limit: limit}
}

// Answer is a whole answer. Body is cut at 64 KiB where the status is not 200.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Exchange sends a copy of a request once, within timeout and that of the caller's client, and reads its whole answer. On
// an error the answer has what arrived before it, or is zero.
func (g *Guard) Exchange(req *http.Request, timeout time.Duration) (answer Answer, err error) {
	if g.timeout > 0 {
		timeout = min(timeout, g.timeout)
	}
	ctx, cancel := context.WithTimeout(req.Context(), timeout)
	defer cancel()
	var progress progress
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrPanic, p)
		} else if err != nil && ctx.Err() != nil && req.Context().Err() == nil && Failure(err) == retry.Ambiguous {
			err = fmt.Errorf("%w (%v)", ErrTimeout, timeout)
		}
		err = progress.mark(err)
	}()
	resp, err := g.client.Do(req.Clone(progress.watch(ctx))) // a copy, because net/http adds the Jar's cookies to the request itself
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
	answer.Body, err = readBody(resp.Body, resp.ContentLength, g.limit)
	return answer, err
}

// readBody reads to the end, or until there is more than limit. It reads in pieces and joins them at the end, so that what is
// too large takes little more memory than limit; io.ReadAll takes several times as much.
func readBody(body io.Reader, announced, limit int64) ([]byte, error) {
	first := int64(4 << 10)
	if announced >= 0 && announced < 64<<10 { // more is not believed before it comes
		first = announced + 1 // so that the end is seen without another piece
	}
	var (
		pieces [][]byte
		piece  = make([]byte, 0, first)
		size   int64
	)
	for {
		n, err := body.Read(piece[len(piece):cap(piece)])
		piece = piece[:len(piece)+n]
		size += int64(n)
		switch {
		case size > limit:
			return nil, fmt.Errorf("%w: at most %d bytes are read", ErrTooLarge, limit)
		case err != nil:
			if err == io.EOF {
				err = nil
			}
			if len(pieces) > 0 {
				piece = slices.Concat(append(pieces, piece)...)
			}
			return piece, err
		case len(piece) == cap(piece):
			pieces = append(pieces, piece)
			piece = make([]byte, 0, min(2*cap(piece), 1<<20))
		}
	}
}

// CloseIdleConnections closes the connections that no request uses.
func (g *Guard) CloseIdleConnections() { g.client.CloseIdleConnections() }
