package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// What a bump reads and writes, below the repository's root.
const (
	vendoredFile   = "api/plaid-link--openapi-original.yml"
	sumFile        = "api/plaid-link.sha256"
	completionFile = "api/completion.yaml"
	fixesFile      = "api/fixes.yaml"
	scopeFile      = "api/scope.yaml"
	goTypesFile    = "api/go.yaml"
	composedFile   = "api/openapi.yaml"
	reportFile     = "api/bump.md"
	generatedFile  = "gen/plaid.gen.go"
	indexFile      = "gen/doc.go"
	operationsFile = "operations.go"
	factsFile      = "internal/spec/testdata/facts-1.517.0.tsv"
	acceptedFile   = "internal/spec/testdata/facts-accepted.txt"
	versionFile    = "version.go"
)

// written are the files that a bump may change.
var written = []string{vendoredFile, sumFile, completionFile, fixesFile, goTypesFile, composedFile, reportFile, generatedFile,
	indexFile, operationsFile, acceptedFile}

// plan is what a bump will do, and what the report says.
type plan struct {
	bumped  *spec.Bumped
	before  []byte // the old composed document
	wire    []wireChange
	callers []spec.Change
	keep    string     // actions for the fixes that keep the Go types
	facts   []string   // the rows of facts that no longer hold
	version string     // of the module, by now
	api     *apiReport // nil until the code is generated
	marked  []string   // methods that got a Deprecated comment
}

// newPlan fits the sources of dir to the file and compares the result with that of base. It changes nothing.
func newPlan(dir, base, file string) (*plan, error) {
	var failed []error
	read := func(dir, name string) spec.Source {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			failed = append(failed, err)
		}
		return spec.Source{Name: name, Data: data}
	}
	old := spec.Sources{
		Vendored: read(dir, vendoredFile), Completion: read(dir, completionFile),
		Fixes: read(dir, fixesFile), Scope: read(dir, scopeFile),
	}
	goTypes, facts := read(dir, goTypesFile), read(dir, factsFile)
	before, version := read(base, composedFile), read(base, versionFile)
	source, err := readSpec(file)
	if err := errors.Join(append(failed, err)...); err != nil {
		return nil, err
	}
	return planOf(old, goTypes, source, before.Data, facts.Data, version.Data)
}

var versionConst = regexp.MustCompile(`(?m)^const Version = "(\d+\.\d+\.\d+)"$`)

func planOf(old spec.Sources, goTypes, file spec.Source, before, facts, version []byte) (*plan, error) {
	bumped, err := spec.Bump(old, goTypes, file)
	if err != nil {
		return nil, err
	}
	p := &plan{bumped: bumped, before: before}
	if p.wire, err = wireChanges(before, bumped.YAML); err != nil {
		return nil, err
	}
	if p.callers, p.keep, err = spec.Changes(before, bumped.YAML); err != nil {
		return nil, err
	}
	var unlike spec.Problems
	if _, err := spec.CheckFacts(bumped.YAML, facts); err != nil && !errors.As(err, &unlike) {
		return nil, err
	}
	for _, u := range unlike {
		p.facts = append(p.facts, u.String())
	}
	m := versionConst.FindSubmatch(version)
	if m == nil {
		return nil, fmt.Errorf("%s: expected `const Version = \"1.2.3\"`", versionFile)
	}
	p.version = string(m[1])
	return p, nil
}

const acceptedHead = `# Where the document and the table of facts, which is of version 1.517.0, say different things because Plaid has changed
# its file since. Written by make bump.
`

// write puts the planned sources below a folder.
func (p *plan) write(dir string) error {
	b := p.bumped
	accepted := acceptedHead
	if len(p.facts) > 0 {
		accepted += strings.Join(p.facts, "\n") + "\n"
	}
	for _, f := range []struct {
		name string
		data []byte
	}{
		{vendoredFile, b.Vendored.Data},
		{sumFile, []byte(sum(b.Vendored.Data) + "  " + filepath.Base(vendoredFile) + "\n")},
		{completionFile, b.Completion.Data},
		{fixesFile, b.Fixes.Data},
		{goTypesFile, b.GoTypes.Data},
		{acceptedFile, []byte(accepted)},
	} {
		if err := put(dir, f.name, f.data); err != nil {
			return err
		}
	}
	return nil
}
