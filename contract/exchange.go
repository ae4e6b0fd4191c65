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
	e.reportAll(Request, 0, func() []Departure { return e.compareHead(req) })
	switch {
	case e.op == nil:
		return req
	case req.Body == nil || req.Body == http.NoBody || req.GetBody != nil:
		e.reportAll(Request, 0, func() []Departure {
			data, needed := readAgain(req)
			return compareBody(data, needed, req.Header, e.op.CheckRequest)
		})
		return req
	}
	announced := req.ContentLength
	if announced == 0 { // beside a body it means unknown
		announced = -1
	}
	with := *req
	with.Body = &recorder{body: req.Body, announced: announced, compare: func(data []byte, needed string) {
		if len(data) > 0 || needed != unread { // else it was not sent at all
			e.reportAll(Request, 0, func() []Departure { return compareBody(data, needed, req.Header, e.op.CheckRequest) })
		}
	}}
	return &with
}

// readAgain reads the body of a request that will be sent. Where needed is not empty the body is not whole, and needed is what
// would have been.
func readAgain(req *http.Request) (data []byte, needed string) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, ""
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, "a request body that can be read twice"
	}
	defer body.Close()
	data, err = io.ReadAll(io.LimitReader(body, MaxBody+1))
	switch {
	case len(data) > MaxBody:
		return nil, tooLarge
	case err != nil:
		return nil, cut
	}
	return data, ""
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
		e.reportAll(Response, status, func() []Departure { return compareResponse(data, needed, header, e.op, status) })
	}}
}

// compareResponse takes another status below 400 for a failure only where the body is one: Plaid sends 208 so.
func compareResponse(data []byte, needed string, header http.Header, op *schema.Operation, status int) []Departure {
	if needed != "" {
		return one(Unchecked, "", needed)
	}
	found := one(NotJSON, "", "the content type application/json")
	if isJSON(header) {
		found = compareBody(data, "", header, func(body any) []schema.Violation { return op.CheckResponse(status, body) })
	}
	if !op.Declares(status) && status < 400 && len(found) > 0 {
		return one(UndeclaredStatus, "", "a status that the specification lists, or the body of a failure")
	}
	return found
}

// compareHead finds the operation of a request, and holds its headers to those that every request must have. Keys of the map
// need not be in canonical case.
func (e *exchange) compareHead(req *http.Request) (found []Departure) {
	e.path = req.URL.Path
	op := e.spec.Find(e.path)
	if op == nil || req.Method != http.MethodPost {
		return one(UnknownOperation, "", known)
	}
	e.op = op
	for _, name := range e.spec.Headers {
		var values []string
		for key, value := range req.Header {
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
	if !isJSON(req.Header) {
		found = append(found, one(WrongHeader, "", "the header Content-Type: application/json")...)
	}
	return found
}

// reportAll reports what a comparison finds, or that it panicked. It lets no panic out, of the callback either.
func (e *exchange) reportAll(direction Direction, status int, compare func() []Departure) {
	for _, d := range recovered(compare) {
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

func recovered(compare func() []Departure) (found []Departure) {
	defer func() {
		if recover() != nil {
			found = one(Unchecked, "", "an exchange that can be compared")
		}
	}()
	return compare()
}
