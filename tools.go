//go:build ignore

// This file names the generator that `go generate` runs, as a library, by internal/generate; go.mod pins its version, and a
// test compares the two. It is never built.
package plaidlink

import _ "github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
