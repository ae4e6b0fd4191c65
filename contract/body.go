package contract

import (
	"bytes"
	"compress/gzip"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/jsonerr"
	"github.com/plaidlink/plaidlink-go/internal/schema"
)

// maxDepartures is how many departures of one body are reported; places alike count as one.
const maxDepartures = 100

// compareBody returns where a body departs; check compares the decoded one with its schema. Where needed is not empty the body
// is not whole, and needed is what would have been.
func compareBody(data []byte, needed string, header http.Header, check func(any) []schema.Violation) []Departure {
	if needed == "" {
		data, needed = unpack(data, header.Get("Content-Encoding"))
	}
	if needed != "" {
		return one(Unchecked, "", needed)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		reason := jsonerr.Explain(err, nil)
		if reason.Kind == jsonerr.WrongType {
			return one(WrongValue, reason.Pointer, "a number within the range of 64 bits")
		}
		return one(NotJSON, reason.Pointer, "one JSON document in UTF-8, without duplicate names")
	}
	var found departures
	for _, violation := range check(value) {
		found.add(Kind(violation.Rule), violation.Place, violation.Expected)
	}
	return found.all
}

// unpack undoes an encoding; where it cannot, it returns what would have been needed.
func unpack(data []byte, encoding string) (unpacked []byte, needed string) {
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

func isJSON(header http.Header) bool {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && mediaType == "application/json"
}

// departures are those of one body, places alike joined.
type departures struct {
	all   []Departure
	alike map[string]int // index in all
}

// add joins what differs in list indexes only, and stops at maxDepartures.
func (l *departures) add(kind Kind, place []string, expected string) {
	var pointer, shape jsontext.Pointer
	for _, token := range place {
		pointer = pointer.AppendToken(token)
		if _, err := strconv.Atoi(token); err == nil {
			token = "*"
		}
		shape = shape.AppendToken(token)
	}
	key := string(kind) + string(shape)
	if at, ok := l.alike[key]; ok {
		l.all[at].Count++
		return
	}
	switch {
	case len(l.all) > maxDepartures:
		return
	case len(l.all) == maxDepartures:
		kind, pointer, expected = Unchecked, "", "at most 100 departures; the rest is not reported"
	case l.alike == nil:
		l.alike = map[string]int{}
	}
	l.alike[key] = len(l.all)
	l.all = append(l.all, one(kind, string(pointer), expected)...)
}

func one(kind Kind, pointer, expected string) []Departure {
	return []Departure{{Kind: kind, Pointer: pointer, Expected: expected, Count: 1}}
}
