// Package repo_test holds the repository itself: its documents, its reference, what a module that imports it requires, and
// that the client's surface is that of the specification.
package repo_test

import (
	"log"
	"os"
	"testing"
)

// TestMain runs the tests in the repository's root, as go test runs those of the root package.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		log.Fatal(err)
	}
	os.Exit(m.Run())
}
