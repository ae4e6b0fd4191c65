package gen

import (
	stdjson "encoding/json"
	"log/slog"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ExtraFields are the members of a JSON object that its Go type does not name, by name. Reading them gives what Plaid
// has added since the specification; setting them sends what the specification does not know yet. A name that the
// type has a field for must not stand here.
type ExtraFields map[string]stdjson.RawMessage

// marshal and unmarshal are for encoding/json, whose callers expect its tolerance: bad UTF-8 is replaced.
func marshal(v any) ([]byte, error) {
	return json.Marshal(v, jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
}

func unmarshal(data []byte, v any) error {
	return json.Unmarshal(data, v, jsontext.AllowInvalidUTF8(true))
}

// redact hides access tokens wherever they stand.
var redact = json.WithMarshalers(json.MarshalToFunc(func(enc *jsontext.Encoder, t AccessToken) error {
	return enc.WriteToken(jsontext.String(t.String()))
}))

func logValue(v any) slog.Value {
	data, err := json.Marshal(v, redact, jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
	if err != nil {
		return slog.StringValue("[not loggable as JSON]")
	}
	return slog.AnyValue(stdjson.RawMessage(data))
}
