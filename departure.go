package plaidlink

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
)

// lenient decodes a response that does not fit its type everywhere. A property that does not fit, and that the caller can do
// without, is set aside: its field is left zero, and it is in the ExtraFields of its object as it came. Of a name that the
// type does not know, the last value counts where it appears twice. Tokens, and all of a webhook key, must fit.
type lenient struct {
	mask       func(string) string
	place      string // of the object under way
	departures []string
}

// errMustFit is the error of a property that must fit and does not.
var errMustFit = errors.New("it must fit")

// maxDepartures bounds the list, not what is decoded.
const maxDepartures = 100

// decodeLeniently decodes a body into v, a pointer to a generated type, and returns where the two differ.
func decodeLeniently(body []byte, v any, mask func(string) string) (departures []string, err error) {
	l := &lenient{mask: mask}
	err = json.Unmarshal(body, v, l.options())
	return l.departures, err
}

func (l *lenient) options() json.Options {
	return json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true),
		json.WithUnmarshalers(json.UnmarshalFromFunc(l.object)))
}

// object decodes an object property by property, each once.
func (l *lenient) object(dec *jsontext.Decoder, v json.UnmarshalerFrom) error {
	outer := l.place
	defer func() { l.place = outer }()
	l.place += string(dec.StackPointer())
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if raw.Kind() != '{' {
		return l.property(v, raw)
	}
	object, aside := reflect.ValueOf(v).Elem(), gen.ExtraFields{}
	names, values, err := l.properties(raw, object.Type())
	if err != nil {
		return err
	}
	for _, name := range names {
		before := reflect.New(object.Type()).Elem()
		before.Set(object)
		quoted, err := jsontext.AppendQuote(nil, name)
		if err != nil {
			return err
		}
		if err := l.property(v, slices.Concat([]byte{'{'}, quoted, []byte{':'}, values[name], []byte{'}'})); err != nil {
			if errors.Is(err, errMustFit) || l.strict(name, values[name]) {
				return fmt.Errorf("%w: %w", errMustFit, err)
			}
			object.Set(before)
			l.depart(name, misfit(err))
			aside[name] = stdjson.RawMessage(values[name])
		}
	}
	if len(aside) > 0 {
		extra := object.FieldByName("ExtraFields").Addr().Interface().(*gen.ExtraFields)
		for name, value := range *extra {
			aside[name] = value
		}
		*extra = aside
	}
	return nil
}

func (l *lenient) property(v json.UnmarshalerFrom, raw jsontext.Value) error {
	return v.UnmarshalJSONFrom(jsontext.NewDecoder(bytes.NewBuffer(raw), l.options()))
}

// properties returns the names of an object of a type, in order, and their values.
func (l *lenient) properties(object jsontext.Value, of reflect.Type) (names []string, values map[string]jsontext.Value, err error) {
	values = map[string]jsontext.Value{}
	dec := jsontext.NewDecoder(bytes.NewBuffer(object), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	dec.ReadToken()
	for dec.PeekKind() != '}' {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, nil, err
		}
		name := token.String()
		value, err := dec.ReadValue()
		if err != nil {
			return nil, nil, err
		}
		if _, twice := values[name]; twice {
			if hasField(of, name) || l.strict(name, value) || l.strict(name, values[name]) {
				return nil, nil, errMustFit
			}
			l.depart(name, "the name appears twice")
		} else {
			names = append(names, name)
		}
		values[name] = slices.Clone(value)
	}
	return names, values, nil
}

// hasField reports whether a generated type has a field for a property.
func hasField(of reflect.Type, name string) bool {
	for field := range of.Fields() {
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return true
		}
	}
	return false
}

// strict reports whether a property must fit.
func (l *lenient) strict(name string, value jsontext.Value) bool {
	if isTokenName(name) || name == "key" || strings.Contains(l.place+"/", "/key/") {
		return true
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(value), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return false // the end
		}
		if kind, n := dec.StackIndex(dec.StackDepth()); kind == '{' && n%2 == 1 && isTokenName(token.String()) {
			return true
		}
	}
}

func (l *lenient) depart(name, what string) {
	if len(l.departures) < maxDepartures {
		l.departures = append(l.departures, fmt.Sprintf("%.200q: %s", place(l.place+"/"+name, l.mask), what))
	}
}

// misfit returns why a value does not fit its type, without the value.
func misfit(err error) string {
	what := "it cannot be decoded"
	for semantic := (*json.SemanticError)(nil); errors.As(err, &semantic); err = semantic.Err {
		what = fmt.Sprintf("a JSON %s does not fit %v", semantic.JSONKind, semantic.GoType) // the innermost is the most exact
	}
	return what
}
