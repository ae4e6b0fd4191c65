package main

import (
	stdjson "encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// Every property of every request can be sent, also those that the specification does not know, at any depth.
func TestEveryFieldOfARequest(t *testing.T) {
	for name, test := range map[string]struct {
		request any
		args    []string
	}{
		"/link/token/create":                  {new(gen.LinkTokenCreateRequest), []string{"token", "create", "--body", "-"}},
		"/link/token/get":                     {&gen.LinkTokenGetRequest{LinkToken: "link_token"}, []string{"token", "get", "link_token"}},
		"/link/profile/eligibility/check":     {new(gen.LinkProfileEligibilityCheckRequest), []string{"eligibility", "--body", "-"}},
		"/link/oauth/correlation_id/exchange": {new(gen.LinkOAuthCorrelationIDExchangeRequest), []string{"oauth", "exchange", "--body", "-"}},
		"/sandbox/public_token/create":        {new(gen.SandboxPublicTokenCreateRequest), []string{"public-token", "create", "--body", "-"}},
		"/item/public_token/exchange":         {new(gen.ItemPublicTokenExchangeRequest), []string{"public-token", "exchange", "--show-access-token", "--body", "-"}},
	} {
		t.Run(name, func(t *testing.T) {
			value := reflect.ValueOf(test.request).Elem()
			if name == "/link/token/get" {
				require.Equal(t, 2, value.NumField(), "the argument, and ExtraFields")
			} else {
				populate(t, value)
			}
			body, err := stdjson.Marshal(test.request)
			require.NoError(t, err)
			var path string
			var received []byte
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				path = r.URL.Path
				received, _ = io.ReadAll(r.Body)
				w.WriteHeader(http.StatusTeapot)
			}))
			defer server.Close()
			got := invokeWith(t, string(body), nil, append(test.args, "--sandbox", server.URL)...)
			got.failed(t, 1, "418") // the response is not Plaid's
			require.Equal(t, name, path)
			require.JSONEq(t, string(body), string(received))
		})
	}
}

// populate sets every field of a request to a value that is not its zero value.
func populate(t *testing.T, v reflect.Value) {
	switch value := v.Addr().Interface().(type) {
	case *time.Time:
		*value = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
		return
	case *gen.Date:
		*value = gen.Date{Year: 2026, Month: 3, Day: 2}
		return
	case *gen.ExtraFields:
		*value = gen.ExtraFields{"not_in_the_specification": stdjson.RawMessage(`{"deep":[1,null]}`)}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			populate(t, v.Field(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		populate(t, v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		populate(t, v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		populate(t, key)
		populate(t, value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Interface:
		v.Set(reflect.ValueOf("any"))
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(0.5)
	default:
		require.Fail(t, "no value for a "+v.Kind().String())
	}
}
