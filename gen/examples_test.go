package gen_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every example decodes into its type and encodes to the same JSON.
func TestExamplesGoThroughTheTypes(t *testing.T) {
	seen := map[string]bool{}
	for _, ex := range examples() {
		t.Run(ex.place, func(t *testing.T) {
			name := strings.TrimPrefix(ex.schema.Ref, "#/components/schemas/")
			typ := objectTypes()[strings.ToLower(name)]
			require.NotNil(t, typ, name)
			want := text(t, ex.value)
			for _, c := range codecs {
				have, err := c.again(typ, want)
				require.NoError(t, err, c.name)
				require.JSONEq(t, want, have, c.name)
				require.NotContains(t, have, unknownMember)
			}
			require.NoError(t, noExtraFields(t, typ, want), "an example shows only what the specification has")
		})
		seen[ex.place[:strings.LastIndex(ex.place, " application")]] = true
	}
	for path := range specification().Paths.Map() {
		for _, body := range []string{" request", " 200", " default"} {
			require.True(t, seen[path+body], "%s%s has no example", path, body)
		}
	}
}

// noExtraFields decodes an example and looks for properties that no field has, at every depth.
func noExtraFields(t *testing.T, typ reflect.Type, text string) error {
	t.Helper()
	value := reflect.New(typ)
	require.NoError(t, codecs[0].unmarshal([]byte(text), value.Interface()))
	var err error
	var look func(reflect.Value)
	look = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				look(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				look(v.Index(i))
			}
		case reflect.Struct:
			if !hasExtraFields(v.Type()) {
				return
			}
			if extra := v.FieldByName("ExtraFields"); extra.Len() > 0 {
				err = fmt.Errorf("%s has no field for %s", v.Type(), extra.MapKeys())
			}
			for i := range v.NumField() {
				look(v.Field(i))
			}
		}
	}
	look(value)
	return err
}

func TestExamplesWithAnotherMemberAreFound(t *testing.T) {
	typ := objectTypes()["linktokengetresponse"]
	require.NoError(t, noExtraFields(t, typ, `{"link_sessions":[{"exit":{"error":{"error_code":"A"}}}]}`))
	require.ErrorContains(t, noExtraFields(t, typ, `{"link_sessions":[{"exit":{"error":{"code":"A"}}}]}`), "gen.PlaidError has no field for [code]")
}
