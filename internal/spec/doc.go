// Package spec composes api/openapi.yaml, the complete and valid OpenAPI document that the Go code is generated
// from, out of the vendored file, which is truncated, and two overlays.
//
//	vendored file -> scope -> [Mend] -> completion overlay (merged) -> fixes overlay -> audit -> openapi.yaml
//	openapi.yaml -> overlay of Go types -> comments -> the generator's input
//
// [Compose] does the first line, [ForGo] the second, and [Code] has the generator write the code and its package comment.
// [Bump] fits the sources to a new version of the vendored file, and a [Comparison] reports what that changes; the command
// that uses them is internal/tools/bump.
//
// Every problem is reported at once, each with its place; a document with a problem is never returned.
// The package is used by go generate and by tests, and is not part of the client.
package spec
