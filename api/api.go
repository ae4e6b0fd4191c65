// Package api has the composed specification that the Go types are generated from, for tests and for servers that
// validate against it. The client does not link it.
package api

import _ "embed"

// OpenAPI is openapi.yaml: OpenAPI 3.0, complete and valid, every $ref within the document.
//
//go:embed openapi.yaml
var OpenAPI []byte
