package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
	"github.com/plaidlink/plaidlink-go/internal/spec/synthetic"
)

const (
	repository = "../../.."
	frozen     = repository + "/internal/spec/testdata/1.517.0" // sources that stay as they are when the repository is bumped
)

// inputs are what the bumps of these tests begin with.
type inputs struct {
	sources      spec.Sources
	goTypes      spec.Source
	composed     []byte
	facts        []byte
	family, full string
	defects      string // family, with the known defects
}

var start = sync.OnceValues(func() (in inputs, err error) {
	read := func(name string) spec.Source {
		data, failed := os.ReadFile(filepath.Join(frozen, filepath.Base(name)))
		if failed != nil {
			err = failed
		}
		return spec.Source{Name: name, Data: data}
	}
	in.sources = spec.Sources{Vendored: read(vendoredFile), Completion: read(completionFile), Fixes: read(fixesFile), Scope: read(scopeFile)}
	in.goTypes = read(goTypesFile)
	facts, failed := os.ReadFile(filepath.Join(repository, factsFile))
	if err != nil || failed != nil {
		return in, failed
	}
	composed, err := spec.Compose(in.sources, spec.Options{})
	if err != nil {
		return in, err
	}
	in.composed, in.facts = composed.YAML, facts
	in.family = synthetic.Family(string(in.sources.Vendored.Data), string(in.composed))
	in.full = synthetic.Full(string(in.sources.Vendored.Data), string(in.composed))
	in.defects = synthetic.Defects(in.family)
	return in, nil
})

func begin(t *testing.T) inputs {
	t.Helper()
	in, err := start()
	require.NoError(t, err)
	return in
}

// plan is that of a file with the given text.
func (in inputs) plan(text string) (*plan, error) {
	return planOf(in.sources, in.goTypes, spec.Source{Name: "new.yml", Data: []byte(text)}, in.composed, in.facts, []byte("const Version = \"0.1.0\"\n"))
}

// edit replaces a text below a line, where it stands first.
func edit(t *testing.T, text, below, old, new string) string {
	t.Helper()
	above, rest, found := strings.Cut("\n"+text, "\n"+below+"\n")
	require.True(t, found, below)
	changed := strings.Replace(rest, old, new, 1)
	require.NotEqual(t, rest, changed, "%q below %q", old, below)
	return strings.TrimPrefix(above+"\n"+below+"\n"+changed, "\n")
}
