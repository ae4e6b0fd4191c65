// Package schema checks bodies against the specification that is embedded in package api. The sandbox and package contract
// word what it finds. It links kin-openapi, so the client must not import it.
package schema

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/plaidlink/plaidlink-go/api"
)

// Document is the specification.
type Document struct {
	Operations map[string]*Operation // by path; every one is a POST
	Headers    []string              // that every request must have: the credentials and the version
	Version    string                // that the header Plaid-Version must have, such as 2020-09-14
}

// Operation is what the specification has about an operation.
type Operation struct {
	ID string // operationId

	request   *openapi3.Schema
	responses map[int]*openapi3.Schema // by status
	failure   *openapi3.Schema         // of every other status
}

// Load returns the embedded specification. It is read once, in about 40 ms.
func Load() (*Document, error) { return loaded() }

var loaded = sync.OnceValues(func() (*Document, error) {
	spec, err := openapi3.NewLoader().LoadFromData(api.OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("load the specification: %w", err)
	}
	d := &Document{Operations: map[string]*Operation{}}
	d.Version, _, _ = strings.Cut(spec.Info.Version, "_")
	for _, requirement := range spec.Security {
		for scheme := range requirement {
			d.Headers = append(d.Headers, spec.Components.SecuritySchemes[scheme].Value.Name)
		}
	}
	for path, item := range spec.Paths.Map() {
		op := &Operation{
			ID:        item.Post.OperationID,
			request:   bodyOf(item.Post.RequestBody.Value.Content),
			responses: map[int]*openapi3.Schema{},
			failure:   bodyOf(item.Post.Responses.Default().Value.Content),
		}
		for status, response := range item.Post.Responses.Map() {
			if number, err := strconv.Atoi(status); err == nil {
				op.responses[number] = bodyOf(response.Value.Content)
			}
		}
		d.Operations[path] = op
	}
	return d, nil
})

func bodyOf(content openapi3.Content) *openapi3.Schema {
	return content.Get("application/json").Schema.Value
}

// Find returns the operation whose path ends the given one, since a base URL can have a path of its own; nil for none.
func (d *Document) Find(path string) *Operation {
	for known, op := range d.Operations {
		if strings.HasSuffix(path, known) {
			return op
		}
	}
	return nil
}

// Declares reports whether the specification lists a status of the operation. CheckResponse holds the body of every other
// status against that of a failure.
func (o *Operation) Declares(status int) bool { return o.responses[status] != nil }
