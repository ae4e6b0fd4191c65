package main

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/plaidlink/plaidlink-go/api"
)

// specification is what the command reads of the document that the Go types are generated from.
type specification struct {
	Info       struct{ Version string }
	Components struct {
		Schemas map[string]struct{ Enum []string }
	}
}

func readSpecification() (s specification) {
	_ = yaml.Unmarshal(api.OpenAPI, &s) // it is composed, and valid; a test reads all of it
	return s
}

// enum returns the values of an enum, as the parser takes them.
func (s specification) enum(schema string) string {
	return strings.Join(slices.Sorted(slices.Values(s.Components.Schemas[schema].Enum)), ",")
}
