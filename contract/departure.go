package contract

import (
	"cmp"
	"fmt"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// Departure is one difference between an exchange and the specification. It holds no value of a header or a body; Path and
// Pointer hold the names that came, of any length.
type Departure struct {
	Operation string    // operationId of the specification; empty where Kind is UnknownOperation
	Path      string    // of the request's URL, without its query
	Direction Direction // which half of the exchange departs
	Status    int       // of the response; 0 in a request
	Kind      Kind      // how it departs
	Pointer   string    // JSON pointer (RFC 6901) of the place in the body; empty for the body, the status or the headers as a whole
	Expected  string    // what the specification expects there, a few words without the value that was found
	Count     int       // places alike, which differ in list indexes only; Pointer is the first. At least 1
}

// String returns the departure in one line, such as
//
//	linkTokenGet: response 200: /link_sessions/0/results/score: unknown property: expected a property that the specification lists
func (d Departure) String() string {
	text := cmp.Or(d.Operation, safe.Line(d.Path)) + ": " + string(d.Direction)
	if d.Status != 0 {
		text += fmt.Sprintf(" %d", d.Status)
	}
	if d.Pointer != "" {
		text += ": " + safe.Line(d.Pointer)
	}
	text += fmt.Sprintf(": %s: expected %s", d.Kind, d.Expected)
	if d.Count > 1 {
		text += fmt.Sprintf(" (%d places)", d.Count)
	}
	return text
}

// Direction is a half of an exchange.
type Direction string

// The halves of an exchange.
const (
	Request  Direction = "request"
	Response Direction = "response"
)

// Kind is how an exchange departs from the specification.
type Kind string

// The kinds of departure.
const (
	UnknownOperation Kind = "unknown operation"       // passed on without a comparison: not a POST of an operation that is known
	WrongHeader      Kind = "missing or wrong header" // of a request: credentials, Plaid-Version, Content-Type
	UndeclaredStatus Kind = "undeclared status"       // below 400, not listed, its body no failure of Plaid's
	NotJSON          Kind = "not JSON"                // another content type, no JSON, trailing bytes, duplicate names, invalid UTF-8
	MissingProperty  Kind = "missing property"        // a required one
	WrongType        Kind = "wrong type"              // null where the specification does not allow it, too
	WrongValue       Kind = "wrong value"             // outside of the format or the limits, or a number beyond 64 bits
	UnknownProperty  Kind = "unknown property"        // at any depth
	UnknownValue     Kind = "unknown value"           // not in the list of an enum
	Unchecked        Kind = "unchecked"               // a body over MaxBody, cut, left unread or encoded; too many departures
)

// Severity is what a departure means for a program.
type Severity string

// The severities.
const (
	Breach     Severity = "breach"      // the specification does not allow it
	Growth     Severity = "growth"      // new, and allowed without a new version of the API: properties and enum values
	NotChecked Severity = "not checked" // no statement about the exchange
)

// Severity returns what departures of this kind mean for a program.
func (k Kind) Severity() Severity {
	switch k {
	case UnknownProperty, UnknownValue:
		return Growth
	case Unchecked, UnknownOperation:
		return NotChecked
	default:
		return Breach
	}
}
