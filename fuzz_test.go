package plaidlink_test

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
	"github.com/plaidlink/plaidlink-go/gen"
)

// Run one with `go test -run '^$' -fuzz '^FuzzErrorBody$' .`, all with `make fuzz`. Without -fuzz the seeds are ordinary tests.

var shownToken = regexp.MustCompile(`access-(sandbox|development|production)-[0-9A-Za-z]`)

// Whatever a server answers, a call ends in an answer or in an *Error, whose text is one line without the secret.
func FuzzErrorBody(f *testing.F) {
	for _, ex := range examples() {
		body, err := stdjson.Marshal(ex.value)
		if err != nil {
			f.Fatal(err)
		}
		for _, status := range []uint16{http.StatusOK, http.StatusBadRequest} {
			f.Add(status, "application/json", body)
		}
	}
	for _, seed := range []struct {
		why    string
		status uint16
		kind   string
		body   string
	}{
		{"every member echoes the secret and a token", 400, "application/json", echoMessage},
		{"line breaks, which would forge a record of a log", 400, "application/json", `{"error_type":"A\nB","error_code":"\r","error_message":"a\nlevel=INFO\u2028\u0085","request_id":"\u0000"}`},
		{"commands for a terminal, and text that runs backwards", 400, "application/json", `{"error_code":"\u001b[2J","error_message":"\u009b31m\u202egnp.exe\u200b"}`},
		{"bad UTF-8", 500, "application/json", "{\"error_message\":\"\xff\xfe\",\"error_code\":\"\xc3\"}"},
		{"members of other types", 400, "application/json", `{"error_type":1,"error_code":["A"],"error_message":{"a":null},"request_id":true}`},
		{"a list", 500, "application/json", `[{"error_code":"A"}]`},
		{"a page", 502, "text/html; charset=utf-8", "<html>" + echo},
		{"nothing", 504, "", ""},
		{"names that stand twice", 400, "application/json", `{"error_code":"A","error_code":"B"}`},
		{"a name of control characters, in the place of a mistake", 200, "application/json", `{"\n\u001b` + testSecret + `":{"a":tru`},
		{"a wrong type", 200, "application/json", `{"link_token":` + strconv.Quote(echo) + `,"expiration":12,"access_token":{}}`},
		{"a content type with a line break", 200, "text/" + testSecret + "\n" + itemSecret, ""},
		{"a status that HTTP does not have", 65535, "application/json", "{}"},
	} {
		f.Add(seed.status, seed.kind, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, status uint16, contentType string, body []byte) {
		network := echoed(int(status), string(body), "Content-Type", contentType)
		client := newClient(t, "https://plaid.test", plaidlink.WithHTTPClient(&http.Client{Transport: network}))
		once := plaidlink.WithMaxAttempts(1)
		token, err := getToken(t, client, once)
		checkEnd(t, status, token != nil, err)
		access, err := exchange(t, client, once)
		checkEnd(t, status, access != nil, err)
	})
}

func checkEnd(t *testing.T, status uint16, answered bool, err error) {
	require.Equal(t, answered, err == nil, "an answer or an error")
	if err == nil {
		require.EqualValues(t, http.StatusOK, status)
		return
	}
	var e *plaidlink.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, []int{0, int(status)}, e.StatusCode)
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Error("failed", "error", err)
	require.Equal(t, 1, strings.Count(logged.String(), "\n"))
	for _, printed := range []string{err.Error(), fmt.Sprintf("%+v", *e), logged.String(), errors.Unwrap(err).Error()} {
		require.NotContains(t, printed, testSecret)
		require.False(t, shownToken.MatchString(printed), printed)
	}
	require.NotContains(t, string(e.Raw), testSecret)
	require.Equal(t, -1, strings.IndexFunc(err.Error(), func(r rune) bool { return !strconv.IsPrint(r) }), "%q", err)
}

// A value that decodes can be encoded, and means the same when it is decoded again.
func FuzzItemPublicTokenExchangeResponse(f *testing.F) {
	fuzzType[gen.ItemPublicTokenExchangeResponse](f)
}
func FuzzLinkOAuthCorrelationIDExchangeResponse(f *testing.F) {
	fuzzType[gen.LinkOAuthCorrelationIDExchangeResponse](f)
}
func FuzzLinkProfileEligibilityCheckResponse(f *testing.F) {
	fuzzType[gen.LinkProfileEligibilityCheckResponse](f)
}
func FuzzLinkTokenCreateResponse(f *testing.F) { fuzzType[gen.LinkTokenCreateResponse](f) }
func FuzzLinkTokenGetResponse(f *testing.F)    { fuzzType[gen.LinkTokenGetResponse](f) }
func FuzzSandboxPublicTokenCreateResponse(f *testing.F) {
	fuzzType[gen.SandboxPublicTokenCreateResponse](f)
}
func FuzzWebhookVerificationKeyGetResponse(f *testing.F) {
	fuzzType[gen.WebhookVerificationKeyGetResponse](f)
}
func FuzzLinkSessionFinishedWebhook(f *testing.F) { fuzzType[gen.LinkSessionFinishedWebhook](f) }
func FuzzLinkEventsWebhook(f *testing.F)          { fuzzType[gen.LinkEventsWebhook](f) }

func fuzzType[T any](f *testing.F) {
	var schema *openapi3.Schema
	for name, s := range objectSchemas() {
		if strings.EqualFold(name, reflect.TypeFor[T]().Name()) {
			schema = s
		}
	}
	seeds := []any{sample{}.of(schema), sample{zero: true}.of(schema), sample{unknown: true}.of(schema), sample{requiredOnly: true}.of(schema)}
	for _, ex := range examples() {
		if ex.schema.Value == schema {
			seeds = append(seeds, ex.value)
		}
	}
	for _, seed := range seeds {
		data, err := stdjson.Marshal(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, seed := range []string{"null", "{}", `{"a":1,"a":2}`, `{"request_id":"\ud800"}`, "{\"request_id\":\"\xff\",\"\xfe\":\"\xff\"}", `{"new":{"a":1e400,"b":"\u00e9","a":2}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, c := range codecs {
			if err := keeps[T](c, data); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
	})
}

// keeps decodes, encodes and decodes again. Data that does not decode is not judged.
func keeps[T any](c codec, data []byte) error {
	var first, second T
	if c.unmarshal(data, &first) != nil {
		return nil
	}
	encoded, err := c.marshal(first)
	if err != nil {
		return fmt.Errorf("%q decodes, and cannot be encoded: %w", data, err)
	}
	if err := c.unmarshal(encoded, &second); err != nil {
		return fmt.Errorf("%q is encoded as %q, which does not decode: %w", data, encoded, err)
	}
	if !same(reflect.ValueOf(first), reflect.ValueOf(second)) {
		return fmt.Errorf("%q is encoded as %q, which is another value: %v, %v", data, encoded, first, second)
	}
	return nil
}

// same compares as reflect.DeepEqual does, but a list without items is the same as none, an instant is the same in every
// zone of the same offset, and JSON is the same in every notation.
func same(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() || a.Type() != b.Type() {
		return a.IsValid() == b.IsValid()
	}
	switch x := a.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339Nano) == b.Interface().(time.Time).Format(time.RFC3339Nano)
	case stdjson.RawMessage:
		return sameJSON(x, b.Interface().(stdjson.RawMessage))
	}
	switch a.Kind() {
	case reflect.Pointer:
		return a.IsNil() == b.IsNil() && (a.IsNil() || same(a.Elem(), b.Elem()))
	case reflect.Slice:
		for i := range min(a.Len(), b.Len()) {
			if !same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return a.Len() == b.Len()
	case reflect.Map:
		for _, key := range a.MapKeys() {
			if !same(a.MapIndex(key), b.MapIndex(key)) {
				return false
			}
		}
		return a.Len() == b.Len()
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func sameJSON(a, b []byte) bool {
	var x, y any
	for data, v := range map[*[]byte]*any{&a: &x, &b: &y} {
		dec := stdjson.NewDecoder(bytes.NewReader(*data))
		dec.UseNumber()
		if dec.Decode(v) != nil {
			return false
		}
	}
	return reflect.DeepEqual(x, y)
}
