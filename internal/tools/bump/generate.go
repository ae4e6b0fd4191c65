package main

import (
	"github.com/plaidlink/plaidlink-go/internal/generate"
	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// generate makes the code of what is composed, as `go generate` does.
func (b *bump) generate() (map[string][]byte, error) {
	input, err := spec.ForGo(b.bumped.YAML, b.bumped.GoTypes)
	if err != nil {
		return nil, err
	}
	code, err := generate.Code(input, generate.Gen, "gen", generate.Header)
	if err != nil {
		return nil, err
	}
	index, err := spec.Index(code)
	return map[string][]byte{codeFile: code, indexFile: index}, err
}
