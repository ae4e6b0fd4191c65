package gen_test

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaidlink/plaidlink-go/gen"
)

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
