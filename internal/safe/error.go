package safe

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"reflect"
	"slices"
)

// Error returns an error that is safe to show at every depth: text is applied to its text and to that of each error below
// it. errors.Is and errors.As find in it what they find in err; an [*url.Error] or a [*net.OpError] is a copy. An error whose texts stay as they are is returned itself.
func Error(err error, text func(string) string) error {
	safe, _ := safeError(err, text)
	return safe
}

func safeError(err error, text func(string) string) (safe error, changed bool) {
	shown := text(err.Error())
	changed = shown != err.Error()
	var below []error
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			below = []error{inner}
		}
	case interface{ Unwrap() []error }:
		below = slices.Clone(e.Unwrap())
	}
	for i, inner := range below {
		var different bool
		below[i], different = safeError(inner, text)
		changed = changed || different
	}
	if !changed {
		return err, false
	}
	var next error
	if len(below) == 1 {
		next = below[0]
	} else {
		next = errors.Join(below...)
	}
	switch e := err.(type) {
	case *url.Error:
		return &url.Error{Op: e.Op, URL: text(e.URL), Err: next}, true
	case *net.OpError:
		return &net.OpError{Op: e.Op, Net: e.Net, Source: e.Source, Addr: e.Addr, Err: next}, true
	}
	return &maskedError{shown, err, next}, true
}

// maskedError is an error with another text. The original is only compared with, and handed to those who ask for its own type.
type maskedError struct {
	text     string
	original error
	next     error // nil at the end of the chain
}

func (e *maskedError) Error() string              { return e.text }
func (e *maskedError) Unwrap() error              { return e.next }
func (e *maskedError) Is(target error) bool       { return errors.Is(e.original, target) }
func (e *maskedError) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.text) }

// Timeout and Temporary are those of the original: for a [net.Error].

func (e *maskedError) Timeout() bool {
	var err interface{ Timeout() bool }
	return errors.As(e.original, &err) && err.Timeout()
}

func (e *maskedError) Temporary() bool {
	var err interface{ Temporary() bool }
	return errors.As(e.original, &err) && err.Temporary()
}

// As finds the original's concrete types, but those of which the chain has copies with a safe text.
func (e *maskedError) As(target any) bool {
	switch target.(type) {
	case **url.Error, **net.OpError:
		return false
	}
	return reflect.TypeOf(target).Elem().Kind() != reflect.Interface && errors.As(e.original, target)
}
