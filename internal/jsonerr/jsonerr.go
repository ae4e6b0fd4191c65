// Package jsonerr explains why JSON does not decode, without showing any value of it: values are tokens and secrets.
package jsonerr

import (
	"cmp"
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

	where string // the place in words, with at most 200 bytes of the pointer
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
		problem := fmt.Sprintf("a JSON %s does not fit %v", kindName(semantic.JSONKind), semantic.GoType)
		if errors.Is(err, json.ErrUnknownName) {
			return at(UnknownName, pointer(semantic.JSONPointer), "the name is unknown")
		}
		return at(WrongType, pointer(semantic.JSONPointer), problem)
	}
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		r := at(Syntax, pointer(syntactic.JSONPointer), "not valid JSON")
		if errors.Is(err, jsontext.ErrDuplicateName) {
			r = at(DuplicateName, r.Pointer, "a name appears twice")
		}
		r.Offset = syntactic.ByteOffset
		r.where += fmt.Sprintf(", byte %d", r.Offset)
		return r
	}
	if standard, ok := errors.AsType[*stdjson.UnmarshalTypeError](err); ok {
		kind, _, _ := strings.Cut(standard.Value, " ") // what follows is the value
		place := jsontext.Pointer("/" + strings.ReplaceAll(standard.Field, ".", "/"))
		return at(WrongType, pointer(place), fmt.Sprintf("a JSON %s does not fit %v", kind, standard.Type))
	}
	return Reason{Problem: "not valid JSON"}
}

func at(kind Kind, pointer, problem string) Reason {
	return Reason{Kind: kind, Pointer: pointer, Problem: problem, where: fmt.Sprintf("at %.200q", pointer)}
}

// String returns the place and the problem.
func (r Reason) String() string { return strings.TrimPrefix(r.where+": "+r.Problem, ": ") }

func kindName(k jsontext.Kind) string {
	names := map[jsontext.Kind]string{'{': "object", '[': "array", 't': "boolean", 'f': "boolean"}
	return cmp.Or(names[k], k.String())
}
