package gen_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// Every type has a field for every property, of the type and with the tag that the rules give. The rules are
// those of typedef.tmpl, written again on purpose: a second opinion.
func TestFieldsAreOfTheSpecification(t *testing.T) {
	eachObject(t, func(t *testing.T, schema *openapi3.Schema, typ reflect.Type) {
		fields := fieldsByName(t, typ)
		require.Len(t, fields, len(schema.Properties))
		for name, property := range schema.Properties {
			field, ok := fields[name]
			require.True(t, ok, "no field for %q", name)
			required := slices.Contains(schema.Required, name)
			require.NoError(t, checkField(field, name, property, required))
		}
		extra, ok := typ.FieldByName("ExtraFields")
		require.True(t, ok)
		require.Equal(t, reflect.StructTag(`json:",embed,inline"`), extra.Tag)
	})
}

// fieldsByName are the fields of a generated struct by their JSON names.
func fieldsByName(t *testing.T, typ reflect.Type) map[string]reflect.StructField {
	t.Helper()
	fields := map[string]reflect.StructField{}
	for _, field := range reflect.VisibleFields(typ) {
		require.True(t, field.IsExported())
		if field.Name != "ExtraFields" {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			require.NotContains(t, fields, name)
			fields[name] = field
		}
	}
	return fields
}

var accessTokenName = regexp.MustCompile(`^access_tokens?$`)

func checkField(field reflect.StructField, name string, property *openapi3.SchemaRef, required bool) error {
	schema := property.Value
	is := schema.Type.Is

	tag := name + ",omitzero"
	if required {
		tag = name
	}
	if have := field.Tag.Get("json"); have != tag {
		return fmt.Errorf("%s: expected the tag %q, found %q", field.Name, tag, have)
	}

	pointer := false
	switch {
	case is("array"):
	case required:
		pointer = schema.Nullable
	default:
		pointer = is("boolean") || is("integer") || is("number") || is("object")
	}
	typ := field.Type
	if have := typ.Kind() == reflect.Pointer; have != pointer {
		return fmt.Errorf("%s: expected a pointer: %t, found %s", field.Name, pointer, typ)
	}
	if pointer {
		typ = typ.Elem()
	}
	if is("array") {
		if typ.Kind() != reflect.Slice {
			return fmt.Errorf("%s: expected a slice, found %s", field.Name, typ)
		}
		typ, property = typ.Elem(), schema.Items
	}
	if accessTokenName.MatchString(name) && typ != reflect.TypeFor[gen.AccessToken]() {
		return fmt.Errorf("%s: expected gen.AccessToken, found %s", field.Name, typ)
	}
	return checkType(field.Name, typ, property)
}

// checkType compares the type of a value, or of a list's items, with its schema.
func checkType(name string, typ reflect.Type, ref *openapi3.SchemaRef) error {
	schema := ref.Value
	want := ""
	switch {
	case schema.Type == nil:
		want = "interface {}"
	case schema.Type.Is("array"):
		return fmt.Errorf("%s: a list in a list", name)
	case schema.Type.Is("object") && schema.AdditionalProperties.Schema != nil:
		if typ.Kind() != reflect.Map {
			return fmt.Errorf("%s: expected a map, found %s", name, typ)
		}
		return checkType(name, typ.Elem(), schema.AdditionalProperties.Schema)
	case schema.Type.Is("object"):
		schemaName := ref.Ref[strings.LastIndex(ref.Ref, "/")+1:]
		want = "gen." + objectTypes()[strings.ToLower(schemaName)].Name()
	case len(schema.Enum) > 0:
		return checkEnum(name, typ, schema.Enum)
	case typ == reflect.TypeFor[gen.AccessToken]():
		return nil // by its name, or by its schema
	case strings.HasSuffix(ref.Ref, "/AccessToken"):
		want = "wire.AccessToken"
	case schema.Type.Is("integer") && strings.HasSuffix(name, "At"):
		want = "int64" // Unix seconds, which an int of 32 bits holds until 2038 only
	default:
		want = map[string]string{
			"boolean": "bool", "integer": "int", "number double": "float64",
			"string": "string", "string date": "wire.Date", "string date-time": "time.Time",
		}[strings.TrimSpace(schema.Type.Slice()[0]+" "+schema.Format)]
	}
	if typ.String() != want {
		return fmt.Errorf("%s: expected %s, found %s", name, want, typ)
	}
	return nil
}

// checkEnum asserts that a type is a string type of its own, with a constant for each value and no other.
func checkEnum(name string, typ reflect.Type, values []any) error {
	if typ.Kind() != reflect.String || typ.PkgPath() == "" {
		return fmt.Errorf("%s: expected an enum, found %s", name, typ)
	}
	var want []string
	for _, v := range values {
		want = append(want, v.(string))
	}
	slices.Sort(want)
	if have := enumValues()[typ.Name()]; !slices.Equal(want, have) {
		return fmt.Errorf("%s: expected constants of %s for %q, found %q", name, typ, want, have)
	}
	return nil
}

// enumValues are the values of the generated constants, sorted, by the name of their type.
var enumValues = sync.OnceValue(func() map[string][]string {
	found := map[string][]string{}
	specs(generated(), func(decl *ast.ValueSpec) {
		typ, ok := decl.Type.(*ast.Ident)
		if !ok {
			return
		}
		for _, value := range decl.Values {
			text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				panic(err)
			}
			found[typ.Name] = append(found[typ.Name], text)
		}
	})
	for _, values := range found {
		slices.Sort(values)
	}
	return found
})

// Each enum of the specification has its constants, those included that no field has.
func TestEnumsAreOfTheSpecification(t *testing.T) {
	byName := map[string]string{}
	for name := range enumValues() {
		byName[strings.ToLower(name)] = name
	}
	for name, ref := range specification().Components.Schemas {
		if len(ref.Value.Enum) > 0 {
			require.Len(t, enumValues()[byName[strings.ToLower(name)]], len(ref.Value.Enum), name)
		}
	}
	require.Equal(t, gen.CountryCode("US"), gen.CountryCodeUS)
	require.Equal(t, gen.Products("auth"), gen.ProductsAuth)
}

// A type that only names another one, such as a plain string, would hide what a field is.
func TestNoTypeIsAnAlias(t *testing.T) {
	require.Empty(t, aliases(generated()))

	file, err := parser.ParseFile(token.NewFileSet(), "", "package gen\ntype A = string\ntype B string\ntype C = []B\n", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"A", "C"}, aliases(file), "the check can fail")
}

func aliases(file *ast.File) (names []string) {
	specs(file, func(decl *ast.TypeSpec) {
		if decl.Assign.IsValid() {
			names = append(names, decl.Name.Name)
		}
	})
	return names
}

// The checks of this file can fail: each field is wrong in one way.
func TestWrongFieldsAreFound(t *testing.T) {
	type wrong struct {
		Plain    bool         `json:"flag,omitzero"`
		Always   *bool        `json:"flag2"`
		Empty    *bool        `json:"flag3,omitempty"`
		Text     *string      `json:"text,omitzero"`
		Day      time.Time    `json:"day,omitzero"`
		Enum     string       `json:"country,omitzero"`
		Other    gen.Products `json:"country3,omitzero"`
		List     *[]string    `json:"list,omitzero"`
		Required string       `json:"required"`
		Token    string       `json:"access_token,omitzero"`
	}
	country := specification().Components.Schemas["CountryCode"]
	nullable := openapi3.NewStringSchema().WithNullable().NewRef()
	for i, c := range []struct {
		name     string
		property *openapi3.SchemaRef
		required bool
		want     string
	}{
		{"flag", openapi3.NewBoolSchema().NewRef(), false, "Plain: expected a pointer: true, found bool"},
		{"flag2", openapi3.NewBoolSchema().NewRef(), false, `Always: expected the tag "flag2,omitzero"`},
		{"flag3", openapi3.NewBoolSchema().NewRef(), false, `Empty: expected the tag "flag3,omitzero"`},
		{"text", nullable, false, "Text: expected a pointer: false"},
		{"day", openapi3.NewStringSchema().WithFormat("date").NewRef(), false, "Day: expected wire.Date, found time.Time"},
		{"country", country, false, "Enum: expected an enum, found string"},
		{"country3", country, false, "Other: expected constants of gen.Products for"},
		{"list", openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema()).NewRef(), false, "List: expected a pointer: false"},
		{"required", nullable, true, "Required: expected a pointer: true"},
		{"access_token", openapi3.NewStringSchema().NewRef(), false, "Token: expected gen.AccessToken"},
	} {
		require.ErrorContains(t, checkField(reflect.TypeFor[wrong]().Field(i), c.name, c.property, c.required), c.want)
	}
}
