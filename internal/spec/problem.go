package spec

import (
	"fmt"
	"strings"
)

// Kind is the sort of a problem.
type Kind string

// The kinds of problems. Each is fatal: no document is composed.
const (
	Malformed   Kind = "malformed"       // a source that is not a YAML mapping, not an overlay, or not valid OpenAPI
	DanglingRef Kind = "dangling $ref"   // a $ref to something that the document lacks
	NoTarget    Kind = "no target"       // an overlay action whose target matches nothing
	NoEffect    Kind = "no effect"       // an overlay action that changes nothing
	Duplicate   Kind = "duplicate"       // a value that appears twice in a list, or a key in a mapping
	BadExample  Kind = "invalid example" // an example that does not match its schema
	Lost        Kind = "lost"            // an operation or schema of the scope that the document lacks
	Unfitting   Kind = "unfit"           // an operation of the scope without a JSON request and response
	Undeclared  Kind = "undeclared"      // an operation that does not declare whether it may be retried
)

// Problem is one thing wrong, with its place: a file with a line, or a JSON pointer into the composed document.
type Problem struct {
	Kind  Kind
	Place string
	Text  string
}

func (p Problem) String() string { return fmt.Sprintf("%s: %s: %s", p.Place, p.Kind, p.Text) }

// Problems are all the problems of one run, as an error of a line each.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps *Problems) add(kind Kind, place, format string, args ...any) {
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ") // libraries' errors can have several lines
	*ps = append(*ps, Problem{kind, place, text})
}

func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}
