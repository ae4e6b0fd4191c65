package wiretest

import (
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaidlink/plaidlink-go/api"
)

// Specification returns the embedded document, loaded once. Do not change it.
var Specification = sync.OnceValue(func() *openapi3.T {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		panic(err)
	}
	return doc
})

// Example is a body that the specification shows, and the schema that it is of.
type Example struct {
	Place  string // path and request or status, with the content type, or the name of a schema
	Schema *openapi3.SchemaRef
	Value  any
}

// Examples returns those of the requests and responses of every operation, and of the schemas.
func Examples() (found []Example) {
	add := func(place string, content openapi3.Content) {
		for kind, media := range content {
			place := place + " " + kind
			if media.Example != nil {
				found = append(found, Example{place, media.Schema, media.Example})
			}
			for name, ref := range media.Examples {
				found = append(found, Example{place + " " + name, media.Schema, ref.Value.Value})
			}
		}
	}
	for path, item := range Specification().Paths.Map() {
		for _, op := range item.Operations() {
			add(path+" request", op.RequestBody.Value.Content)
			for status, response := range op.Responses.Map() {
				add(path+" "+status, response.Value.Content)
			}
		}
	}
	for name, ref := range Specification().Components.Schemas {
		if ref.Value.Example != nil {
			named := &openapi3.SchemaRef{Ref: "#/components/schemas/" + name, Value: ref.Value}
			found = append(found, Example{name, named, ref.Value.Example})
		}
	}
	return found
}
