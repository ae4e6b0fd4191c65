package contract

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strings"
)

// exchange is one request with its answer.
type exchange struct {
	*roundTripper
	ctx  context.Context
	path string
	op   *operation // nil for none
}

// watchRequest compares a request, and returns it. One without GetBody is compared as its body is sent, and a copy is
// returned, because a round tripper must not change the request.
func (e *exchange) watchRequest(req *http.Request) *http.Request {
	sent := req
	e.guard(Request, 0, func() {
		e.path = req.URL.Path
		if e.op = e.spec.find(e.path); e.op == nil || req.Method != http.MethodPost {
			e.op = nil
			e.tell(Request, 0, one(UnknownOperation, "", "POST and a path of the specification"))
			return
		}
		e.tell(Request, 0, e.headers(req.Header))
		compare := func(data []byte, whole bool, why string) {
			switch {
			case whole:
				e.tell(Request, 0, compareBody(data, req.Header, e.op.request, Request))
			case len(data) > 0 || why != unread: // else it was not sent at all
				e.tell(Request, 0, one(Unchecked, "", why))
			}
		}
		switch {
		case req.Body == nil || req.Body == http.NoBody:
			compare(nil, true, "")
		case req.GetBody != nil:
			body, err := req.GetBody()
			if err != nil {
				e.tell(Request, 0, one(Unchecked, "", "a request body that can be read twice"))
				return
			}
			defer body.Close()
			copied := &recorder{body: body, announced: -1, done: compare}
			_, _ = io.Copy(io.Discard, io.LimitReader(copied, MaxBody+1))
			copied.finish(unread)
		default:
			announced := req.ContentLength
			if announced == 0 { // beside a body it means unknown
				announced = -1
			}
			with := *req
			with.Body = &recorder{body: req.Body, announced: announced, done: e.guarded(Request, 0, compare)}
			sent = &with
		}
	})
	return sent
}

// watchAnswer has the body compared when the caller has read it.
func (e *exchange) watchAnswer(resp *http.Response) {
	if e.op == nil || resp.Body == nil || resp.StatusCode == http.StatusSwitchingProtocols {
		return // a body of 101 is a connection
	}
	status, header := resp.StatusCode, resp.Header
	compare := func(data []byte, whole bool, why string) {
		if whole {
			e.tell(Answer, status, compareAnswer(data, header, e.op, status))
		} else {
			e.tell(Answer, status, one(Unchecked, "", why))
		}
	}
	resp.Body = &recorder{body: resp.Body, announced: resp.ContentLength, done: e.guarded(Answer, status, compare)}
}

// compareAnswer takes another status below 400 for a failure only where the body is one: Plaid answers 208 so.
func compareAnswer(data []byte, header http.Header, op *operation, status int) []Departure {
	schema, listed := op.answers[status]
	if !listed {
		schema = op.failure
	}
	found := compareBody(data, header, schema, Answer)
	if !listed && status < 400 && len(found) > 0 {
		return one(UndeclaredStatus, "", "a status that the specification lists, or the body of a failure")
	}
	return found
}

// headers names what every request must have. The SDK's headers need not be in canonical case.
func (e *exchange) headers(header http.Header) (found []Departure) {
	for _, name := range e.spec.headers {
		var values []string
		for key, value := range header {
			if strings.EqualFold(key, name) {
				values = append(values, value...)
			}
		}
		switch {
		case len(values) != 1 || values[0] == "":
			found = append(found, one(WrongHeader, "", "the header "+name+", once")...)
		case name == versionHeader && values[0] != e.spec.version:
			found = append(found, one(WrongHeader, "", "the header "+name+": "+e.spec.version)...)
		}
	}
	if !isJSON(header) {
		found = append(found, one(WrongHeader, "", "the header Content-Type: application/json")...)
	}
	return found
}

func isJSON(header http.Header) bool {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && mediaType == "application/json"
}

// tell reports, and lets no panic of the callback out.
func (e *exchange) tell(direction Direction, status int, found []Departure) {
	for _, d := range found {
		d.Path, d.Direction, d.Status = e.path, direction, status
		if e.op != nil {
			d.Operation = e.op.id
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
			e.tell(direction, status, one(Unchecked, "", "an exchange that can be compared"))
		}
	}()
	compare()
}

func (e *exchange) guarded(direction Direction, status int, compare finished) finished {
	return func(data []byte, whole bool, why string) {
		e.guard(direction, status, func() { compare(data, whole, why) })
	}
}

func one(kind Kind, pointer, expected string) []Departure {
	return []Departure{{Kind: kind, Pointer: pointer, Expected: expected, Count: 1}}
}
