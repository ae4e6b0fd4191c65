//go:build tools

// This file pins the generator: `go generate` runs exactly the version that go.mod names. The runtime is pinned
// beside it, so that the two are bumped together; the tests compare gen.Date with it.
package plaidlink

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	_ "github.com/oapi-codegen/runtime/types"
)
