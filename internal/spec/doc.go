// Package spec composes api/openapi.yaml, the complete and valid OpenAPI document that the Go code is generated
// from, out of the vendored file, which is truncated, and two overlays.
//
//	vendored file -> completion overlay (adds only) -> fixes overlay -> scope -> audit -> openapi.yaml
//
// Bump fits these sources to a new version of the vendored file, and Changes tells what that is for a Go caller; the
// command that uses them is internal/tools/bump.
//
// Every problem is reported at once, each with its place; a document with a problem is never returned.
// The package is used by `go generate` and by tests. It is no part of the client.
package spec
