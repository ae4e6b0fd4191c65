package contract

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/schema"
)

// exchange is one request with its response.
type exchange struct {
	*roundTripper
	ctx  context.Context // of the request, for report
	path string
	op   *schema.Operation // nil for none
}

// watchRequest compares a request, and returns it. One without GetBody is compared as its body is sent, and a copy is
// returned, because a round tripper must not change the request.
func (e *exchange) watchRequest(req *http.Request) *http.Request {
	sent := req
	e.guard(Request, 0, func() {
		e.path = req.URL.Path
		if e.op = e.spec.Find(e.path); e.op == nil || req.Method != http.MethodPost {
			e.op = nil
			e.reportAll(Request, 0, one(UnknownOperation, "", known))
			return
		}
		e.reportAll(Request, 0, e.compareHeaders(req.Header))
		compare := func(data []byte, needed string) {
			switch {
			case needed == "":
				e.reportAll(Request, 0, compareBody(data, req.Header, e.op.CheckRequest))
			case len(data) > 0 || needed != unread: // else it was not sent at all
				e.reportAll(Request, 0, one(Unchecked, "", needed))
			}
		}
		switch {
		case req.Body == nil || req.Body == http.NoBody:
			compare(nil, "")
		case req.GetBody != nil:
			body, err := req.GetBody()
			if err != nil {
				e.reportAll(Request, 0, one(Unchecked, "", "a request body that can be read twice"))
				return
			}
			defer body.Close()
			copied := &recorder{body: body, announced: -1, compare: compare}
			_, _ = io.Copy(io.Discard, io.LimitReader(copied, MaxBody+1))
			copied.finish(unread)
		default:
			announced := req.ContentLength
			if announced == 0 { // beside a body it means unknown
				announced = -1
			}
			with := *req
			with.Body = &recorder{body: req.Body, announced: announced, compare: func(data []byte, needed string) {
				e.guard(Request, 0, func() { compare(data, needed) })
			}}
			sent = &with
		}
	})
	return sent
}

// known is the operations that are compared.
var known = func() string {
	var paths []string
	for _, op := range gen.Operations() {
		paths = append(paths, op.Path)
	}
	return "a POST of one of the operations that are compared: " + strings.Join(paths, ", ")
}()

// watchResponse compares the body when the caller has read it.
func (e *exchange) watchResponse(resp *http.Response) {
	if e.op == nil || resp.Body == nil || resp.StatusCode == http.StatusSwitchingProtocols {
		return // a body of 101 is a connection
	}
	status, header := resp.StatusCode, resp.Header
	resp.Body = &recorder{body: resp.Body, announced: resp.ContentLength, compare: func(data []byte, needed string) {
		e.guard(Response, status, func() {
			if needed != "" {
				e.reportAll(Response, status, one(Unchecked, "", needed))
			} else {
				e.reportAll(Response, status, compareResponse(data, header, e.op, status))
			}
		})
	}}
}

// compareResponse takes another status below 400 for a failure only where the body is one: Plaid sends 208 so.
func compareResponse(data []byte, header http.Header, op *schema.Operation, status int) []Departure {
	found := one(NotJSON, "", "the content type application/json")
	if isJSON(header) {
		found = compareBody(data, header, func(body any) []schema.Violation { return op.CheckResponse(status, body) })
	}
	if !op.Declares(status) && status < 400 && len(found) > 0 {
		return one(UndeclaredStatus, "", "a status that the specification lists, or the body of a failure")
	}
	return found
}

// compareHeaders holds the headers to those that every request must have. Keys of the map need not be in canonical case.
func (e *exchange) compareHeaders(header http.Header) (found []Departure) {
	for _, name := range e.spec.Headers {
		var values []string
		for key, value := range header {
			if strings.EqualFold(key, name) {
				values = append(values, value...)
			}
		}
		switch {
		case len(values) != 1 || values[0] == "":
			found = append(found, one(WrongHeader, "", "the header "+name+", once")...)
		case name == "Plaid-Version" && values[0] != e.spec.Version:
			found = append(found, one(WrongHeader, "", "the header "+name+": "+e.spec.Version)...)
		}
	}
	if !isJSON(header) {
		found = append(found, one(WrongHeader, "", "the header Content-Type: application/json")...)
	}
	return found
}

// reportAll reports, and lets no panic of the callback out.
func (e *exchange) reportAll(direction Direction, status int, found []Departure) {
	for _, d := range found {
		d.Path, d.Direction, d.Status = e.path, direction, status
		if e.op != nil {
			d.Operation = e.op.ID
		}
		func() {
			defer func() { _ = recover() }()
			e.report(e.ctx, d)
		}()
	}
}

// guard reports a panic of the comparison, or of what it reads, in place of letting it out.
func (e *exchange) guard(direction Direction, status int, compare func()) {
	defer func() {
		if recover() != nil {
			e.reportAll(direction, status, one(Unchecked, "", "an exchange that can be compared"))
		}
	}()
	compare()
}
