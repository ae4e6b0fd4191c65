package wire

import (
	stdjson "encoding/json"
	"fmt"
	"log/slog"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// ExtraFields are the properties of a JSON object that its Go type has no field for, by name. Reading them returns what
// Plaid has added since the specification; setting them sends what the specification does not list yet. One that has the name
// of a field is sent in place of the field, whatever that holds: null, for example, where the field would be left out.
type ExtraFields map[string]stdjson.RawMessage

// LogValue is f as JSON, with access tokens redacted.
func (f ExtraFields) LogValue() slog.Value { return LogValue(f.plain()) }

// Format prints f as JSON, with access tokens redacted, whatever the verb.
func (f ExtraFields) Format(s fmt.State, _ rune) { Format(s, f.plain()) }

func (f ExtraFields) plain() map[string]stdjson.RawMessage { return f }

type (
	// Encoder is that of the codec.
	Encoder = jsontext.Encoder
	// Decoder is that of the codec.
	Decoder = jsontext.Decoder
)

// Marshal returns the object that v points to, which has these extra fields, as encoding/json expects it: bad UTF-8 is
// replaced, and a name may appear twice within one of the extra fields.
func Marshal(v any, extra ExtraFields) ([]byte, error) {
	return marshal(v, extra, tolerant)
}

func marshal(v any, extra ExtraFields, options json.Options) ([]byte, error) {
	data, err := json.Marshal(v, options)
	if len(extra) == 0 || err != nil {
		return data, err
	}
	return replaceFields(data)
}

var tolerant = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true), json.Deterministic(true))

// Unmarshal decodes an object as encoding/json expects it: bad UTF-8 is replaced.
func Unmarshal(data []byte, v any) error {
	return json.Unmarshal(data, v, jsontext.AllowInvalidUTF8(true))
}

// replaceFields returns an object in which the last value counts, that of an extra field, where a name appears twice.
func replaceFields(object jsontext.Value) ([]byte, error) {
	if object.IsValid(jsontext.AllowInvalidUTF8(true)) {
		return object, nil
	}
	var last map[string]jsontext.Value
	if err := json.Unmarshal(object, &last, tolerant); err != nil {
		return nil, err
	}
	return json.Marshal(last, tolerant)
}

// Encode writes the object that v points to, which has these extra fields, for encoding/json/v2. From Go 1.27 encoding/json
// comes here too, with options of its own, of which case-insensitive names is one; the result is that of [Marshal] with Go 1.26.
func Encode(enc *Encoder, v any, extra ExtraFields) error {
	legacy, _ := json.GetOption(enc.Options(), json.MatchCaseInsensitiveNames)
	if !legacy && len(extra) == 0 {
		return json.MarshalEncode(enc, v)
	}
	options := tolerant
	if !legacy {
		options = json.JoinOptions(enc.Options(), jsontext.AllowDuplicateNames(true))
	}
	data, err := marshal(v, extra, options)
	if err != nil {
		return err
	}
	return enc.WriteValue(data)
}

// Decode reads an object for encoding/json/v2, or as [Unmarshal] where encoding/json comes here.
func Decode(dec *Decoder, v any) error {
	if legacy, _ := json.GetOption(dec.Options(), json.MatchCaseInsensitiveNames); legacy {
		data, err := dec.ReadValue()
		if err != nil {
			return err
		}
		return Unmarshal(data, v)
	}
	return json.UnmarshalDecode(dec, v)
}

// redact hides access tokens where a type has them, and tokens in properties that no type lists.
var redact = json.WithMarshalers(json.MarshalToFunc(func(enc *jsontext.Encoder, t AccessToken) error {
	return enc.WriteToken(jsontext.String(t.String()))
}))

// LogValue returns v as JSON in which secrets and personal data are hidden.
func LogValue(v any) slog.Value {
	data, err := readable(v)
	if err != nil {
		return slog.StringValue(notReadable)
	}
	return slog.AnyValue(stdjson.RawMessage(data))
}

// Format prints v as JSON in which secrets and personal data are hidden, whatever the verb. Types have it for the sake of
// [AccessToken] too: with a verb that does not suit a pointer, such as %s, fmt prints what is behind a nested pointer without
// asking its type how.
func Format(f fmt.State, v any) {
	data, err := readable(v)
	if err != nil {
		data = []byte(notReadable)
	}
	f.Write(data)
}

const notReadable = "[not readable as JSON]"

func readable(v any) ([]byte, error) {
	data, err := json.Marshal(v, redact, tolerant)
	if err == nil {
		data, err = hide(data, reflect.TypeOf(v).Name())
	}
	return safe.AccessTokens(data), err
}
