package gen_test

import (
	stdjson "encoding/json"
	"fmt"
	"io"
	"log/slog"
	"reflect"
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

// What ExtraFields has under the name of a field is sent in its place, once, at every depth and by every codec.
func TestExtraFieldsReplaceFields(t *testing.T) {
	extra := func(name, value string) gen.ExtraFields { return gen.ExtraFields{name: stdjson.RawMessage(value)} }
	for name, test := range map[string]struct {
		value any // a pointer
		want  string
	}{
		"a text":             {&gen.LinkTokenGetRequest{LinkToken: "a", ExtraFields: extra("link_token", `"b"`)}, `{"link_token":"b"}`},
		"by null":            {&gen.LinkTokenGetRequest{LinkToken: "a", ExtraFields: extra("link_token", `null`)}, `{"link_token":null}`},
		"by another type":    {&gen.LinkTokenGetRequest{LinkToken: "a", ExtraFields: extra("link_token", `[{"a":1}]`)}, `{"link_token":[{"a":1}]}`},
		"by a number":        {&gen.LinkTokenGetRequest{ExtraFields: extra("link_token", `12345678901234567890.10`)}, `{"link_token":12345678901234567890.10}`},
		"one that is unset":  {&gen.LinkTokenCreateRequestUpdate{ExtraFields: extra("account_selection_enabled", `"maybe"`)}, `{"account_selection_enabled":"maybe"}`},
		"beside a new one":   {&gen.LinkTokenGetRequest{LinkToken: "a", ExtraFields: gen.ExtraFields{"link_token": stdjson.RawMessage(`1`), "new": stdjson.RawMessage(`2`)}}, `{"link_token":1,"new":2}`},
		"another case":       {&gen.LinkTokenGetRequest{LinkToken: "a", ExtraFields: extra("Link_Token", `"b"`)}, `{"link_token":"a","Link_Token":"b"}`},
		"within a field":     {&gen.LinkTokenGetResponse{LinkSessions: []gen.LinkTokenGetSessionsResponse{{ExtraFields: extra("started_at", `""`)}}}, ""},
		"within one of both": {&gen.LinkTokenGetResponse{Metadata: gen.LinkTokenGetMetadataResponse{ExtraFields: extra("client_name", "7")}, ExtraFields: extra("expiration", `""`)}, ""},
	} {
		for _, codec := range codecs {
			t.Run(name+", "+codec.name, func(t *testing.T) {
				data, err := codec.marshal(test.value)
				require.NoError(t, err)
				if test.want != "" {
					require.JSONEq(t, test.want, string(data))
				}
				require.True(t, jsontext.Value(data).IsValid(), "a name appears twice: %s", data)
				again := reflect.New(reflect.TypeOf(test.value).Elem())
				again.Elem().Set(reflect.ValueOf(test.value).Elem())
				repeated, err := codec.marshal(again.Elem().Interface())
				require.NoError(t, err)
				require.JSONEq(t, string(data), string(repeated), "a value, not a pointer")
			})
		}
	}
	t.Run("in a request", func(t *testing.T) {
		req, err := gen.NewLinkTokenGetRequest("https://plaid.test", gen.LinkTokenGetRequest{LinkToken: "a", ExtraFields: extra("link_token", `"b"`)})
		require.NoError(t, err)
		body, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		require.JSONEq(t, `{"link_token":"b"}`, string(body))
	})
	t.Run("printed", func(t *testing.T) {
		v := gen.ItemPublicTokenExchangeResponse{ItemID: "i", ExtraFields: gen.ExtraFields{"access_token": stdjson.RawMessage(`["` + secret + `"]`), "item_id": stdjson.RawMessage(`7`)}}
		require.Equal(t, `{"access_token":["[redacted]"],"item_id":7,"request_id":""}`, fmt.Sprint(v))
	})
	t.Run("not JSON", func(t *testing.T) {
		for _, codec := range codecs {
			_, err := codec.marshal(gen.LinkTokenGetRequest{ExtraFields: extra("link_token", `{`)})
			require.Error(t, err, codec.name)
		}
	})
	t.Run("a name twice within one", func(t *testing.T) { // as a response may have it, which is kept as it came
		data, err := stdjson.Marshal(gen.LinkTokenGetResponse{ExtraFields: extra("new", `{"a":1,"a":2}`)})
		require.NoError(t, err)
		require.Contains(t, string(data), `"new":{"a":1,"a":2}`)
	})
}

// Without ExtraFields nothing is done for them.
func TestEmptyExtraFieldsCostNothing(t *testing.T) {
	v := &gen.LinkTokenGetRequest{LinkToken: "a"}
	none := testing.AllocsPerRun(100, func() { _, _ = json.Marshal(v) })
	v.ExtraFields = gen.ExtraFields{}
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, _ = json.Marshal(v) }), none)
	require.LessOrEqual(t, none, 3.0)
}

// An error names the type that the caller knows.
func TestErrorsNameTheType(t *testing.T) {
	for _, codec := range codecs {
		for body, want := range map[string]string{
			`[]`:                      "gen.LinkTokenGetResponse",
			`{"link_sessions":[7]}`:   "gen.LinkTokenGetSessionsResponse",
			`{"metadata":"a"}`:        "gen.LinkTokenGetMetadataResponse",
			`{"link_token":7}`:        "string",
			`{"link_sessions":{"a":}`: "",
		} {
			err := codec.unmarshal([]byte(body), new(gen.LinkTokenGetResponse))
			require.ErrorContains(t, err, want, codec.name)
			require.NotContains(t, err.Error(), "plain")
			require.NotContains(t, err.Error(), "original")
		}
		_, err := codec.marshal(gen.LinkTokenCreateRequestStatements{StartDate: gen.Date{Year: 2026, Month: 2, Day: 30}})
		require.ErrorContains(t, err, "wire.Date")
	}
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
