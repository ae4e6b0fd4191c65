//go:build ignore

// This file names the tools that `go generate` runs; the tool lines of go.mod pin their versions, and a test holds the two
// together. It is never built, nor read by `go mod tidy`: were it, every program that imports this package would require
// the generator and all that it needs.
package plaidlink

import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
