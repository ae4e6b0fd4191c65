package contract

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaidlink/plaidlink-go/api"
)

// versionHeader is the one header of the specification with a value that is known.
const versionHeader = "Plaid-Version"

// operation is what the specification says about one.
type operation struct {
	id      string
	request *openapi3.Schema
	answers map[int]*openapi3.Schema // by status
	failure *openapi3.Schema         // of every other status
}

type specification struct {
	operations map[string]*operation // by path; all are POST
	headers    []string              // that every request has
	version    string                // the value of versionHeader
}

// load reads the embedded specification, once: it takes about 40 ms.
var load = sync.OnceValues(func() (*specification, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("contract: load the specification: %w", err)
	}
	s := &specification{operations: map[string]*operation{}}
	s.version, _, _ = strings.Cut(doc.Info.Version, "_")
	for _, requirement := range doc.Security {
		for scheme := range requirement {
			s.headers = append(s.headers, doc.Components.SecuritySchemes[scheme].Value.Name)
		}
	}
	for path, item := range doc.Paths.Map() {
		op := &operation{
			id:      item.Post.OperationID,
			request: schemaOf(item.Post.RequestBody.Value.Content),
			answers: map[int]*openapi3.Schema{},
			failure: schemaOf(item.Post.Responses.Default().Value.Content),
		}
		for status, response := range item.Post.Responses.Map() {
			if number, err := strconv.Atoi(status); err == nil {
				op.answers[number] = schemaOf(response.Value.Content)
			}
		}
		s.operations[path] = op
	}
	return s, nil
})

func schemaOf(content openapi3.Content) *openapi3.Schema {
	return content.Get("application/json").Schema.Value
}

// find gives the operation that a path ends in, because a base URL can have a path of its own.
func (s *specification) find(path string) *operation {
	for known, op := range s.operations {
		if strings.HasSuffix(path, known) {
			return op
		}
	}
	return nil
}
