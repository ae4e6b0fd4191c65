package plaidlink

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
)

// lenient decodes a response that does not fit its type everywhere. A property that does not fit, and that the caller can do
// without, is set aside: its field is left zero, and it is in the ExtraFields of its object as it came. Of a name that the
// type does not know, the last value counts where it appears twice. Tokens, and all of a webhook key, must fit.
type lenient struct {
	mask       func(string) string
	options    json.Options
	fields     map[reflect.Type]map[string]int // index of a property's field, by type and name
	value      string                          // the place of the value under way
	departures []string
}

// misfit is the error of a property that must fit and does not.
type misfit struct{ at, why string }

func (e misfit) Error() string { return fmt.Sprintf("at %.200q: %s", e.at, e.why) }

const appearsTwice = "a name appears twice"

// maxDepartures bounds the list, not what is decoded.
const maxDepartures = 100

// decodeLeniently decodes a body into v, a pointer to a generated type, and returns where the two differ. Its error is a
// misfit where a property must fit.
func decodeLeniently(body []byte, v any, mask func(string) string) (departures []string, err error) {
	l := &lenient{mask: mask, fields: map[reflect.Type]map[string]int{}}
	l.options = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true),
		json.WithUnmarshalers(json.UnmarshalFromFunc(l.object)))
	err = json.Unmarshal(body, v, l.options)
	return l.departures, err
}

// object decodes an object property by property.
func (l *lenient) object(dec *jsontext.Decoder, v json.UnmarshalerFrom) error {
	object := reflect.ValueOf(v).Elem()
	if !isGenerated(object.Type()) || dec.PeekKind() != '{' {
		return v.UnmarshalJSONFrom(dec)
	}
	fields := l.fieldsOf(object.Type())
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	outer, seen := l.value, make([]bool, object.NumField())
	var extra gen.ExtraFields
	defer func() { l.value = outer }()
	for dec.PeekKind() != '}' {
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		l.value = outer + string(dec.StackPointer())
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		why := ""
		if field, known := fields[name]; !known {
			why = again(name, value, extra)
		} else if seen[field] {
			return misfit{place(l.value, l.mask), appearsTwice}
		} else {
			seen[field] = true
			err := json.Unmarshal(value, object.Field(field).Addr().Interface(), l.options)
			if err == nil {
				continue
			}
			if must, ok := errors.AsType[misfit](err); ok {
				return must
			}
			object.Field(field).SetZero()
			why = jsonerr.Explain(err, l.mask).Problem
		}
		if why != "" {
			if at := place(l.value, l.mask); l.mustFit(name, value) || l.mustFit(name, jsontext.Value(extra[name])) {
				return misfit{at, why}
			} else if len(l.departures) < maxDepartures {
				l.departures = append(l.departures, fmt.Sprintf("%.200q: %s", at, why))
			}
		}
		if extra == nil {
			extra = gen.ExtraFields{}
		}
		extra[name] = stdjson.RawMessage(slices.Clone(value))
	}
	if extra != nil {
		object.FieldByName("ExtraFields").Set(reflect.ValueOf(extra))
	}
	_, err := dec.ReadToken()
	return err
}

// again returns appearsTwice if a name that its type does not know does so, or one within its value does.
func again(name string, value jsontext.Value, extra gen.ExtraFields) string {
	if _, twice := extra[name]; twice || !value.IsValid(jsontext.AllowInvalidUTF8(true)) {
		return appearsTwice
	}
	return ""
}

// fieldsOf returns the fields of a generated type by the names of their properties.
func (l *lenient) fieldsOf(of reflect.Type) map[string]int {
	fields, ok := l.fields[of]
	if !ok {
		fields = map[string]int{}
		for i := range of.NumField() {
			if name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); name != "" {
				fields[name] = i
			}
		}
		l.fields[of] = fields
	}
	return fields
}

// isGenerated reports whether a type is that of an object in generated code: it decodes itself, and keeps what it does not know.
func isGenerated(of reflect.Type) bool {
	if of.Kind() != reflect.Struct || !reflect.PointerTo(of).Implements(reflect.TypeFor[json.UnmarshalerFrom]()) {
		return false
	}
	extra, ok := of.FieldByName("ExtraFields")
	return ok && len(extra.Index) == 1 && extra.Type == reflect.TypeFor[gen.ExtraFields]()
}

// mustFit reports whether a property must fit: a token, a property with a token in it, or one of a webhook key.
func (l *lenient) mustFit(name string, value jsontext.Value) bool {
	if isTokenName(name) || strings.Contains(l.value+"/", "/key/") {
		return true
	}
	for name := range values(value) {
		if isTokenName(name) {
			return true
		}
	}
	return false
}
