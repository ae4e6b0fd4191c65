package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

// severity says where we judge otherwise than oasdiff.
//
//go:embed severity.txt
var severity []byte

// wireChange is a finding of oasdiff.
type wireChange struct {
	level    string // error, warning or info
	place    string // operation and path, or the part of the document
	id, text string
}

// wireChanges compares two composed documents. oasdiff finds nothing in a comparison with an empty document, so that one
// is refused.
func wireChanges(before, after []byte) ([]wireChange, error) {
	levels, err := severityLevels(severity)
	if err != nil {
		return nil, fmt.Errorf("bump: severity.txt: %w", err)
	}
	base, err := specInfo("the old document", before)
	if err != nil {
		return nil, err
	}
	revision, err := specInfo("the new document", after)
	if err != nil {
		return nil, err
	}
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), base, revision)
	if err != nil {
		return nil, fmt.Errorf("bump: oasdiff: %w", err)
	}
	config := checker.NewConfig(checker.GetAllChecks(), checker.WithSeverityLevels(levels))
	words := checker.NewDefaultLocalizer()
	var all []wireChange
	for _, c := range checker.CheckBackwardCompatibilityUntilLevel(config, report, sources, checker.INFO) {
		place := strings.TrimSpace(c.GetOperation() + " " + c.GetPath())
		if place == "" {
			place = c.GetSection()
		}
		all = append(all, wireChange{c.GetLevel().String(), place, c.GetId(), c.GetUncolorizedText(words)})
	}
	return all, nil
}

// severityLevels reads lines of a rule and its level; `#` begins a comment.
func severityLevels(text []byte) (map[string]checker.Level, error) {
	var rules bytes.Buffer
	for line := range strings.Lines(string(text)) {
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) != "" {
			fmt.Fprintln(&rules, strings.TrimSpace(line))
		}
	}
	return checker.GetSeverityLevels(&rules)
}

func specInfo(name string, document []byte) (*load.SpecInfo, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("bump: load %s: %w", name, err)
	}
	if doc.Paths.Len() == 0 {
		return nil, fmt.Errorf("bump: %s has no operations: there is nothing to compare", name)
	}
	return &load.SpecInfo{Spec: doc, Url: name, Version: doc.Info.Version}, nil
}
