// Package soak is a test of the client: it makes many calls from many goroutines against a server that misbehaves by a seeded
// plan, and checks every outcome against the plan. It contains only tests.
//
// `go test` makes 1,000 calls, `make soak` 50,000. `go test -v -args -calls 5000 -goroutines 100 -seed 7` sets the numbers
// and prints what happened.
package soak
