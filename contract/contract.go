package contract

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/plaidlink/plaidlink-go/internal/schema"
)

// MaxBody is how much of a body is compared, in bytes: 8 MiB, which is what the client reads of a response. It bounds
// the copy as well as what a gzip unpacks to.
const MaxBody = 8 << 20

// New wraps next, which is http.DefaultTransport where it is nil, and passes each departure to report, with the context of
// the request. Hand the result to plaidlink.WithHTTPClient as the Transport of a client: there it sees what goes over
// the wire, retries and headers included. It is safe for concurrent use where next and report are. The first call reads
// the specification, in about 40 ms. It fails without a report.
func New(next http.RoundTripper, report func(context.Context, Departure)) (http.RoundTripper, error) {
	if report == nil {
		return nil, errors.New("contract: New: expected a function to report to, found nil")
	}
	if next == nil {
		next = http.DefaultTransport
	}
	spec, err := schema.Load()
	if err != nil {
		return nil, fmt.Errorf("contract: New: %w", err)
	}
	return &roundTripper{next: next, report: report, spec: spec}, nil
}

type roundTripper struct {
	next   http.RoundTripper
	report func(context.Context, Departure)
	spec   *schema.Document
}

// RoundTrip sends the request as it is and returns what came of it, unread.
func (t *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	e := &exchange{roundTripper: t, ctx: req.Context()}
	sent := e.watchRequest(req)
	resp, err := t.next.RoundTrip(sent)
	if err == nil && resp != nil {
		if resp.Request == sent {
			resp.Request = req
		}
		e.watchResponse(resp)
	}
	return resp, err
}

// CloseIdleConnections passes the call of http.Client on.
func (t *roundTripper) CloseIdleConnections() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
