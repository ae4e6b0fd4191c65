package gen_test

import (
	stdjson "encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

func request() gen.LinkTokenCreateRequest {
	return gen.LinkTokenCreateRequest{
		AccessToken: secret,
		ClientName:  "Example App",
		Update:      &gen.LinkTokenCreateRequestUpdate{AccountSelectionEnabled: new(false)},
		ExtraFields: gen.ExtraFields{"c": stdjson.RawMessage(`3`), "a": stdjson.RawMessage(`{"x":[1]}`), "b": stdjson.RawMessage(`null`)},
	}
}

const printed = `{"access_token":"[redacted]","client_name":"Example App","country_codes":[],"language":"","update":{"account_selection_enabled":false},"a":{"x":[1]},"b":null,"c":3}`

// Printed and logged, a value is readable: JSON, with what pointers point to, in a stable order.
func TestTypesPrintAsJSON(t *testing.T) {
	v := request()
	require.Equal(t, printed, fmt.Sprint(v))
	require.Equal(t, printed, fmt.Sprintf("%+v", &v))
	require.Equal(t, "["+printed+"]", fmt.Sprintf("%s", []any{v}))
	require.Equal(t, stdjson.RawMessage(printed), slog.AnyValue(v).Resolve().Any())
}

// A value that cannot be encoded, such as one with a wrong date, must not fall back to a form that shows secrets.
func TestTypesThatCannotBeEncoded(t *testing.T) {
	v := request()
	v.Statements = &gen.LinkTokenCreateRequestStatements{StartDate: gen.Date{Year: 2026, Month: 2, Day: 30}}
	require.Equal(t, "[not readable as JSON]", fmt.Sprint(v))
	require.Equal(t, "[not readable as JSON]", v.LogValue().String())
	_, err := stdjson.Marshal(v)
	require.ErrorContains(t, err, "2026-02-30 is not in the calendar")

	var none *gen.LinkTokenCreateRequest
	require.Equal(t, "<nil>", fmt.Sprint(none))
}

// A member that a field cannot express, such as null, is sent in place of the field, at any depth.
func TestExtraFieldsReplaceTheFieldsOfTheirNames(t *testing.T) {
	for _, v := range []any{
		gen.LinkTokenGetRequest{LinkToken: "a", ExtraFields: gen.ExtraFields{"link_token": stdjson.RawMessage(`null`), "z": stdjson.RawMessage(`1`)}},
		gen.LinkTokenGetRequest{ExtraFields: gen.ExtraFields{"link_token": stdjson.RawMessage(`null`), "z": stdjson.RawMessage(`1`)}},
	} {
		for _, marshal := range []func(any) ([]byte, error){stdjson.Marshal, func(v any) ([]byte, error) { return json.Marshal(v) }} {
			data, err := marshal(v)
			require.NoError(t, err)
			require.Equal(t, `{"link_token":null,"z":1}`, string(data))
			data, err = marshal(map[string]any{"deep": []any{v}})
			require.NoError(t, err)
			require.Equal(t, `{"deep":[{"link_token":null,"z":1}]}`, string(data))
		}
		require.Equal(t, `{"link_token":null,"z":1}`, fmt.Sprint(v))
	}

	token := gen.ItemPublicTokenExchangeResponse{AccessToken: secret, ExtraFields: gen.ExtraFields{"item_id": stdjson.RawMessage(`7`)}}
	require.Equal(t, `{"access_token":"[redacted]","item_id":7,"request_id":""}`, fmt.Sprint(token), "what is left of the type stays redacted")
}

func TestExtraFieldsThatAreNotJSON(t *testing.T) {
	v := gen.LinkTokenGetRequest{ExtraFields: gen.ExtraFields{"new": stdjson.RawMessage(`{`)}}
	_, err := stdjson.Marshal(v)
	require.Error(t, err)
}

// encoding/json tolerates bad UTF-8, and so do the types when it calls them; v2 refuses it unless told otherwise.
func TestBadUTF8(t *testing.T) {
	const wire = "{\"link_token\":\"a\xffb\",\"new\":\"c\xff\"}"
	var v gen.LinkTokenGetRequest
	require.NoError(t, stdjson.Unmarshal([]byte(wire), &v))
	require.Equal(t, "a\ufffdb", v.LinkToken)
	data, err := stdjson.Marshal(gen.LinkTokenGetRequest{LinkToken: "a\xffb"})
	require.NoError(t, err)
	require.True(t, stdjson.Valid(data))

	require.Error(t, json.Unmarshal([]byte(wire), &v))
	require.NoError(t, json.Unmarshal([]byte(wire), &v, jsontext.AllowInvalidUTF8(true)))
}

// The order of unknown properties does not change from one call to the next, so that a request can be signed or compared.
func TestEncodingIsStable(t *testing.T) {
	v := request()
	first, err := stdjson.Marshal(v)
	require.NoError(t, err)
	for range 20 {
		again, err := stdjson.Marshal(v)
		require.NoError(t, err)
		require.Equal(t, string(first), string(again))
	}
}

// The API takes a user or a user_id; an empty user beside the id would be refused.
func TestUserIDAlone(t *testing.T) {
	data, err := stdjson.Marshal(gen.LinkTokenCreateRequest{ClientName: "Example App", Language: "en", UserID: "usr_1"})
	require.NoError(t, err)
	require.JSONEq(t, `{"client_name":"Example App","country_codes":[],"language":"en","user_id":"usr_1"}`, string(data))
}
