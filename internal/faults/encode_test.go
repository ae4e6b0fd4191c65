package faults_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"reflect"
	"strings"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/faults"
	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// encoders write what may be stored, and read it again.
var encoders = map[string]struct {
	encode func(any) ([]byte, error)
	decode func([]byte, any) error
}{
	"gob": {
		func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
		func(data []byte, v any) error { return gob.NewDecoder(bytes.NewReader(data)).Decode(v) },
	},
	"yaml":    {yaml.Marshal, yaml.Unmarshal},
	"xml":     {xml.Marshal, xml.Unmarshal},
	"json":    {json.Marshal, json.Unmarshal},
	"json v2": {func(v any) ([]byte, error) { return jsonv2.Marshal(v) }, func(data []byte, v any) error { return jsonv2.Unmarshal(data, v) }},
}

func TestFault44NoEncoderWritesTheSecret(t *testing.T) {
	row := faults.Begin(t, "gob, YAML, XML and JSON of what holds a secret")
	type config struct {
		Name  string
		Creds plaidlink.Credentials
	}
	type pointers struct {
		Secret *plaidlink.Secret
		List   []plaidlink.Secret
	}
	secret := plaidlink.Secret(wiretest.Secret)
	creds := plaidlink.Credentials{ClientID: wiretest.ClientID, Secret: secret}
	for name, value := range map[string]any{
		"a secret":              secret,
		"a pointer to a secret": &secret,
		"no secret":             plaidlink.Secret(""),
		"credentials":           creds,
		"a pointer to them":     &creds,
		"within":                config{"a", creds},
		"pointers and lists":    &pointers{&secret, []plaidlink.Secret{secret}},
		"a list":                []plaidlink.Credentials{creds},
	} {
		for encoder, by := range encoders {
			t.Run(encoder+", "+name, func(t *testing.T) {
				got := faults.Encode(by.encode, value)
				if encoder == "json" || encoder == "json v2" { // what logs use: it has to stay readable
					require.NoError(t, got.Err())
					require.NoError(t, wiretest.Leak(got.Response().(string)))
				} else {
					require.ErrorContains(t, got.Err(), "a Secret is not encoded", "[redacted] in a file would take the secret's place")
					require.NoError(t, wiretest.Leak(got.Err().Error()))
				}
				row.Got(encoder+", "+name, got)
			})
		}
	}
	t.Run("a configuration is read", func(t *testing.T) {
		for encoder, text := range map[string]string{
			"yaml": "clientid: an id\nsecret: " + wiretest.Secret, "json": `{"ClientID":"an id","Secret":"` + wiretest.Secret + `"}`, "json v2": `{"ClientID":"an id","Secret":"` + wiretest.Secret + `"}`,
			"xml": "<Credentials><ClientID>an id</ClientID><Secret>" + wiretest.Secret + "</Secret></Credentials>",
		} {
			var read plaidlink.Credentials
			require.NoError(t, encoders[encoder].decode([]byte(text), &read), encoder)
			require.True(t, read == plaidlink.Credentials{ClientID: "an id", Secret: wiretest.Secret}, encoder)
		}
	})

	t.Run("an error", func(t *testing.T) {
		// Raw may hold a token, so that it is not lost; an encoder has no use for it.
		m := wiretest.InMemory(wiretest.Reply(200, `{"access_token":["`+wiretest.AccessToken+`"],"item_id":"`+wiretest.Secret+`","request_id":"req-1"}`))
		_, err := wiretest.Exchange(t, m.Client(t))
		var failed *plaidlink.Error
		require.ErrorAs(t, err, &failed)
		require.Contains(t, string(failed.Raw), wiretest.AccessToken)
		for encoder, by := range encoders {
			for _, value := range []any{failed, *failed, struct{ Err error }{failed}, struct{ Err *plaidlink.Error }{failed}} {
				got := faults.Encode(by.encode, value)
				if got.Err() != nil {
					require.NoError(t, wiretest.Leak(got.Err().Error()))
				} else {
					require.NoError(t, wiretest.Leak(got.Response().(string)), encoder)
					require.NotContains(t, strings.ToLower(got.Response().(string)), "raw", encoder)
				}
				row.Got(encoder+", an error", got)
			}
		}
	})

	t.Run("tokens and generated types", func(t *testing.T) { // what is stored must not be lost
		at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
		token := gen.AccessToken(wiretest.AccessToken)
		const unique = "access-sandbox-de3ce8ef"
		for name, value := range map[string]any{
			"a token":           &token,
			"tokens by Item":    &map[string]gen.AccessToken{"item-1": token},
			"an exchange":       &gen.ItemPublicTokenExchangeResponse{AccessToken: token, ItemID: "item-1", RequestID: "req-1"},
			"a request":         &gen.LinkTokenCreateRequest{AccessToken: token, ClientName: "Example App", CountryCodes: []gen.CountryCode{"US"}, Language: "en"},
			"a token that ends": &gen.LinkTokenCreateResponse{LinkToken: unique, Expiration: at, RequestID: "req-1"},
		} {
			for encoder, by := range encoders {
				t.Run(encoder+", "+name, func(t *testing.T) {
					got := faults.Encode(by.encode, value)
					if encoder == "xml" && got.Err() != nil {
						require.ErrorContains(t, got.Err(), "unsupported type", "of XML, which knows no maps")
						row.Got(encoder+", "+name, got)
						return
					}
					require.NoError(t, got.Err())
					require.NotContains(t, got.Response(), "redacted")
					row.Got(encoder+", "+name, got)
					again := reflect.New(reflect.TypeOf(value).Elem())
					require.NoError(t, by.decode([]byte(got.Response().(string)), again.Interface()))
					if encoder == "yaml" { // it does not tell an empty list from none
						require.Contains(t, got.Response(), unique)
						return
					}
					require.Equal(t, value, again.Interface())
				})
			}
		}
	})
}
