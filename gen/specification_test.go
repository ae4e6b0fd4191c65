package gen_test

import (
	"reflect"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/api"
)

// specification returns the embedded document, loaded once. Do not change it.
var specification = sync.OnceValue(func() *openapi3.T {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		panic(err)
	}
	return doc
})

// example is a body that the specification shows, and the schema that it is of.
type example struct {
	place  string // path and request or status, with the content type, or the name of a schema
	schema *openapi3.SchemaRef
	value  any
}

// examples returns those of the requests and responses of every operation, and of the schemas.
func examples() (found []example) {
	add := func(place string, content openapi3.Content) {
		for kind, media := range content {
			place := place + " " + kind
			if media.Example != nil {
				found = append(found, example{place, media.Schema, media.Example})
			}
			for name, ref := range media.Examples {
				found = append(found, example{place + " " + name, media.Schema, ref.Value.Value})
			}
		}
	}
	for path, item := range specification().Paths.Map() {
		for _, op := range item.Operations() {
			add(path+" request", op.RequestBody.Value.Content)
			for status, response := range op.Responses.Map() {
				add(path+" "+status, response.Value.Content)
			}
		}
	}
	for name, ref := range specification().Components.Schemas {
		if ref.Value.Example != nil {
			named := &openapi3.SchemaRef{Ref: "#/components/schemas/" + name, Value: ref.Value}
			found = append(found, example{name, named, ref.Value.Example})
		}
	}
	return found
}

func TestExamplesAreOfEveryOperation(t *testing.T) {
	places := ""
	for _, ex := range examples() {
		require.NotNil(t, ex.schema.Value, ex.place)
		require.NotEqual(t, reflect.Invalid, reflect.ValueOf(ex.value).Kind(), ex.place)
		places += ex.place + "\n"
	}
	for path := range specification().Paths.Map() {
		require.Contains(t, places, path+" request")
		require.Contains(t, places, path+" 200")
	}
}
