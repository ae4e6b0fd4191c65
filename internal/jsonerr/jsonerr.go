// Package jsonerr explains why JSON does not decode, without showing any value of it: values are tokens and secrets.
package jsonerr

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Kind is how JSON does not decode.
type Kind int

// The kinds.
const (
	Syntax        Kind = iota // not valid JSON, or not in UTF-8
	DuplicateName             // an object has a name twice
	UnknownName               // the Go type does not have the name, and unknown names are refused
	WrongType                 // a value does not fit the Go type, by its kind or by its range
)

// Reason is why JSON does not decode.
type Reason struct {
	Kind    Kind
	Pointer string // JSON pointer (RFC 6901) of the place; empty for the document or where the place is not known
	Offset  int64  // of the place in bytes; for Syntax and DuplicateName
	Problem string // such as "a JSON string does not fit int"

	located bool // whether Pointer and Offset mean something
}

// maxMasked bounds what is masked, in bytes: the document chooses how long a pointer is, and masking a long one is slow.
const maxMasked = 4 << 10

// Explain explains an error of go-json-experiment/json or of encoding/json. It masks the pointer, whose names come from the document; a nil
// mask leaves it as it is.
func Explain(err error, mask func(string) string) Reason {
	pointer := func(p jsontext.Pointer) string {
		if mask == nil {
			return string(p)
		}
		return mask(string(p[:min(len(p), maxMasked)]))
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		r := Reason{Kind: WrongType, Pointer: pointer(semantic.JSONPointer), located: true}
		r.Problem = fmt.Sprintf("a JSON %s does not fit %v", kindName(semantic.JSONKind), semantic.GoType)
		if errors.Is(err, json.ErrUnknownName) {
			r.Kind, r.Problem = UnknownName, "the name is unknown"
		}
		return r
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		r := Reason{Pointer: pointer(syntactic.JSONPointer), Offset: syntactic.ByteOffset, Problem: "not valid JSON", located: true}
		if errors.Is(err, jsontext.ErrDuplicateName) {
			r.Kind, r.Problem = DuplicateName, "a name appears twice"
		}
		return r
	}
	if standard, ok := errors.AsType[*stdjson.UnmarshalTypeError](err); ok {
		kind, _, _ := strings.Cut(standard.Value, " ") // what follows is the value
		place := jsontext.Pointer("/" + strings.ReplaceAll(standard.Field, ".", "/"))
		return Reason{Kind: WrongType, Pointer: pointer(place), Problem: fmt.Sprintf("a JSON %s does not fit %v", kind, standard.Type), located: true}
	}
	return Reason{Problem: "not valid JSON"}
}

// String returns the place, of which at most 200 bytes, and the problem.
func (r Reason) String() string {
	switch {
	case !r.located:
		return r.Problem
	case r.Kind == Syntax || r.Kind == DuplicateName:
		return fmt.Sprintf("at %.200q, byte %d: %s", r.Pointer, r.Offset, r.Problem)
	}
	return fmt.Sprintf("at %.200q: %s", r.Pointer, r.Problem)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "boolean"
	}
	return k.String()
}
