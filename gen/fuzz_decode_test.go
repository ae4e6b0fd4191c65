package gen_test

import (
	stdjson "encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// What a call decodes is what encoding/json decodes into the same fields without our methods. The two differ where they are
// meant to: encoding/json also takes names in another case and names that appear twice, and drops what it does not know.
func FuzzDecodeAsEncodingJSON(f *testing.F) {
	for name, schema := range objectSchemas() {
		for _, seed := range []any{sample{}.of(schema), sample{zero: true}.of(schema), sample{unknown: true}.of(schema)} {
			data, err := stdjson.Marshal(seed)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(strings.ToLower(name), data)
		}
	}
	for _, seed := range []string{
		`{"link_token":"\ud800\"é","created_at":"2024-07-29T20:22:21.330312653+05:30"}`, "{\"link_token\":\"\xff\"}", `{"Link_Token":"a"}`,
		`{"link_sessions":[{"events":[null,{}],"results":{"item_add_results":[]}}],"metadata":null}`, ` [] `, `{"expiration":""}`,
	} {
		f.Add("linktokengetresponse", []byte(seed))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		typ, ok := objectTypes()[name]
		if !ok {
			return
		}
		if err := decodesAlike(typ, data); err != nil {
			t.Fatalf("%v: %q: %v", typ, data, err)
		}
	})
}

// decodesAlike ignores what a call refuses.
func decodesAlike(typ reflect.Type, data []byte) error {
	got, want := reflect.New(typ), reflect.New(methodless(typ))
	if json.Unmarshal(data, got.Interface(), jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	if err := stdjson.Unmarshal(data, want.Interface()); err != nil {
		if strings.Contains(err.Error(), "cannot unmarshal") && otherCase(got.Elem()) {
			return nil
		}
		return err
	}
	return alike(got.Elem(), want.Elem())
}

// methodless is a type without methods, and without ExtraFields.
func methodless(t reflect.Type) reflect.Type {
	switch {
	case t == reflect.TypeFor[time.Time](), t == reflect.TypeFor[gen.Date]():
		return t
	case t.Kind() == reflect.Pointer:
		return reflect.PointerTo(methodless(t.Elem()))
	case t.Kind() == reflect.Slice:
		return reflect.SliceOf(methodless(t.Elem()))
	case t.Kind() == reflect.String:
		return reflect.TypeFor[string]()
	case t.Kind() != reflect.Struct:
		return t
	}
	var fields []reflect.StructField
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "ExtraFields" {
			fields = append(fields, reflect.StructField{Name: f.Name, Type: methodless(f.Type), Tag: f.Tag})
		}
	}
	return reflect.StructOf(fields)
}

// alike compares a value with one of its methodless type.
func alike(got, want reflect.Value) error {
	switch {
	case got.Type() == want.Type() && got.Kind() != reflect.Slice && got.Kind() != reflect.Pointer:
		if !same(got, want) {
			return fmt.Errorf("decoded %v, expected %v", got, want)
		}
	case got.Kind() == reflect.String:
		if got.String() != want.String() {
			return fmt.Errorf("decoded %q, expected %q", got.String(), want.String())
		}
	case got.Kind() == reflect.Pointer:
		if got.IsNil() || want.IsNil() {
			if got.IsNil() != want.IsNil() {
				return fmt.Errorf("decoded nil: %t, expected %t", got.IsNil(), want.IsNil())
			}
			return nil
		}
		return alike(got.Elem(), want.Elem())
	case got.Kind() == reflect.Slice:
		if got.Len() != want.Len() || got.IsNil() != want.IsNil() {
			return fmt.Errorf("decoded %d items, expected %d", got.Len(), want.Len())
		}
		for i := range got.Len() {
			if err := alike(got.Index(i), want.Index(i)); err != nil {
				return fmt.Errorf("%d: %w", i, err)
			}
		}
	case got.Kind() == reflect.Struct && !otherCase(got):
		for i := range want.NumField() {
			name := want.Type().Field(i).Name
			if err := alike(got.FieldByName(name), want.Field(i)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// otherCase reports whether a value, or one within it, kept a property whose name is a field's in another case.
func otherCase(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && otherCase(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if otherCase(v.Index(i)) {
				return true
			}
		}
	case reflect.Struct:
		field := v.FieldByName("ExtraFields")
		if !field.IsValid() {
			return false // a time or a day
		}
		extra := field.Interface().(gen.ExtraFields)
		for i := range v.NumField() {
			tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			for name := range extra {
				if tag != "" && strings.EqualFold(name, tag) {
					return true
				}
			}
			if otherCase(v.Field(i)) {
				return true
			}
		}
	}
	return false
}

// The comparison can fail.
func TestOtherDecodingIsFound(t *testing.T) {
	require.Error(t, alike(reflect.ValueOf(gen.AccessToken("a")), reflect.ValueOf("b")))
	require.Error(t, alike(reflect.ValueOf([]gen.Products{"a"}), reflect.ValueOf([]string{"b"})))
	require.Error(t, alike(reflect.ValueOf([]gen.Products{"a"}), reflect.ValueOf([]string(nil))))
	require.Error(t, alike(reflect.ValueOf(new(gen.AccessToken)), reflect.ValueOf((*string)(nil))))
	require.NoError(t, alike(reflect.ValueOf([]gen.Products{"a"}), reflect.ValueOf([]string{"a"})))
	require.True(t, otherCase(reflect.ValueOf(gen.LinkTokenGetRequest{ExtraFields: gen.ExtraFields{"Link_Token": nil}})))
	require.False(t, otherCase(reflect.ValueOf(gen.LinkTokenGetRequest{ExtraFields: gen.ExtraFields{"link-token": nil}})))
}
