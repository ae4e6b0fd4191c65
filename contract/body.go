package contract

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDepartures is how many departures of one body are told; places alike count as one.
const maxDepartures = 100

// compareBody finds what departs in a whole body.
func compareBody(data []byte, header http.Header, schema *openapi3.Schema, direction Direction) []Departure {
	if direction == Answer && !isJSON(header) { // of a request it is a header that is wrong
		return one(NotJSON, "", "the content type application/json")
	}
	data, missing := unpack(data, header.Get("Content-Encoding"))
	if missing != "" {
		return one(Unchecked, "", missing)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return undecodable(err)
	}
	visit := openapi3.VisitAsRequest()
	if direction == Answer {
		visit = openapi3.VisitAsResponse()
	}
	var list departures
	for _, violation := range violations(schema.VisitJSON(value, visit, openapi3.MultiErrors())) {
		kind, expected := explain(violation)
		list.add(kind, violation.JSONPointer(), expected)
	}
	list.unknownMembers(schema, value, nil)
	return list.all
}

// unpack undoes an encoding; where it cannot, missing says what would have been needed.
func unpack(data []byte, encoding string) (unpacked []byte, missing string) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return data, ""
	case "gzip":
		reader, err := gzip.NewReader(bytes.NewReader(data))
		if err == nil {
			unpacked, err = io.ReadAll(io.LimitReader(reader, MaxBody+1))
		}
		if err != nil {
			return nil, "a body in valid gzip"
		}
		if len(unpacked) > MaxBody {
			return nil, tooLarge
		}
		return unpacked, ""
	default:
		return nil, "a body that is not encoded, or is in gzip"
	}
}

func undecodable(err error) []Departure {
	if beyond := (*json.SemanticError)(nil); errors.As(err, &beyond) {
		return one(WrongValue, string(beyond.JSONPointer), "a number within the range of 64 bits")
	}
	place := ""
	if syntax := (*jsontext.SyntacticError)(nil); errors.As(err, &syntax) {
		place = string(syntax.JSONPointer)
	}
	return one(NotJSON, place, "one JSON document in UTF-8, without duplicate names")
}

// violations flattens what VisitJSON returned.
func violations(err error) (all []*openapi3.SchemaError) {
	if many, ok := err.(openapi3.MultiError); ok {
		for _, one := range many {
			all = append(all, violations(one)...)
		}
		return all
	}
	if violation := (*openapi3.SchemaError)(nil); errors.As(err, &violation) {
		all = append(all, violation)
	}
	return all
}

// explain says in our words what a schema expected; those of kin-openapi can hold the value that was found.
func explain(violation *openapi3.SchemaError) (Kind, string) {
	schema := violation.Schema
	switch violation.SchemaField {
	case "required":
		return MissingMember, "the member to be there"
	case "nullable":
		return WrongType, typeName(schema) + ", not null"
	case "type":
		return WrongType, typeName(schema)
	case "enum":
		if _, ok := violation.Value.(string); !ok {
			return WrongType, typeName(schema)
		}
		return UnknownValue, "a value that the specification lists"
	case "format":
		return WrongValue, "the format " + schema.Format
	case "minLength":
		return WrongValue, fmt.Sprintf("a length of at least %d", schema.MinLength)
	case "minItems":
		return WrongValue, fmt.Sprintf("at least %d entries", schema.MinItems)
	case "minimum":
		return WrongValue, fmt.Sprintf("at least %g", *schema.Min)
	case "maximum":
		return WrongValue, fmt.Sprintf("at most %g", *schema.Max)
	default:
		return WrongValue, "what the specification allows"
	}
}

func typeName(schema *openapi3.Schema) string {
	return "a value of type " + strings.Join(schema.Type.Slice(), " or ")
}
