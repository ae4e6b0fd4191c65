package safe

import (
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Error returns an error that is safe to show at every depth: text is applied to its text and to that of each error below
// it. errors.Is and errors.As find in it what they find in err, but an [*url.Error] or a [*net.OpError] is a safe copy. An error
// that shows nothing but its text, and whose text stays as it is, is returned itself. An error that panics is replaced.
func Error(err error, text func(string) string) (safe error) {
	defer func() {
		if recover() != nil {
			safe = fmt.Errorf("an error of type %T, which panics", err)
		}
	}()
	safe, _ = safeError(err, text)
	return safe
}

func safeError(err error, text func(string) string) (safe error, changed bool) {
	shown := text(err.Error())
	changed = shown != err.Error() || !plain(err)
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
		if inner == nil {
			continue
		}
		var different bool
		below[i], different = safeError(inner, text)
		changed = changed || different
	}
	if !changed {
		return err, false
	}
	next := errors.Join(below...)
	if len(below) == 1 {
		next = below[0]
	}
	switch e := err.(type) {
	case *url.Error:
		next = &url.Error{Op: e.Op, URL: text(e.URL), Err: next}
	case *net.OpError:
		next = &net.OpError{Op: e.Op, Net: e.Net, Source: e.Source, Addr: e.Addr, Err: next}
	case textproto.ProtocolError:
		next = textproto.ProtocolError(shown)
	}
	return &maskedError{shown, func() error { return err }, next}, true
}

// packages have errors that show, however they are printed, no more than their text and the errors below them.
var packages = []string{
	"compress/flate", "context", "crypto/tls", "crypto/x509", "errors", "fmt", "internal/poll", "io", "net", "net/http", "net/textproto",
	"net/url", "os", "syscall", own, strings.TrimSuffix(own, "safe") + "transport",
}

var own = reflect.TypeFor[maskedError]().PkgPath()

// plain reports whether an error is of one of the packages.
func plain(err error) bool {
	of := reflect.TypeOf(err)
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	return slices.Contains(packages, of.PkgPath())
}

// maskedError is an error with another text. The original is only compared with, and handed to those who ask for its type.
type maskedError struct {
	text     string
	original func() error // in a closure, where no printer looks
	next     error        // nil at the end of the chain
}

func (e *maskedError) Error() string              { return e.text }
func (e *maskedError) Unwrap() error              { return e.next }
func (e *maskedError) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.text) }

// Timeout and Temporary are those of the original: for a [net.Error].

func (e *maskedError) Timeout() bool {
	var err interface{ Timeout() bool }
	return errors.As(e.original(), &err) && err.Timeout()
}

func (e *maskedError) Temporary() bool {
	var err interface{ Temporary() bool }
	return errors.As(e.original(), &err) && err.Temporary()
}

// Is and As find the original. What is below it is found in the chain, so they hand out no way down the original, and not the
// original of a copy.

func (e *maskedError) Is(target error) bool {
	original := e.original()
	if reflect.TypeOf(target).Comparable() && original == target {
		return true
	}
	x, ok := original.(interface{ Is(error) bool })
	return ok && x.Is(target)
}

func (e *maskedError) As(target any) bool {
	switch target.(type) {
	case **url.Error, **net.OpError, *textproto.ProtocolError:
		return false
	}
	to := reflect.ValueOf(target).Elem()
	if _, down := to.Type().MethodByName("Unwrap"); down && to.Kind() == reflect.Interface {
		return false
	}
	original := e.original()
	if reflect.TypeOf(original).AssignableTo(to.Type()) {
		to.Set(reflect.ValueOf(original))
		return true
	}
	x, ok := original.(interface{ As(any) bool })
	return ok && x.As(target)
}
