package spec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/plaidlink/plaidlink-go/internal/generate"
)

// The files of the repository, below its root: the sources, and what is made of them.
const (
	VendoredFile   = "api/plaid-link--openapi-original.yml"
	CompletionFile = "api/completion.yaml"
	FixesFile      = "api/fixes.yaml"
	ScopeFile      = "api/scope.yaml"
	GoTypesFile    = "api/go.yaml"
	ComposedFile   = "api/openapi.yaml"
	CodeFile       = "gen/plaid.gen.go"
	IndexFile      = "gen/doc.go"
)

// ReadSources reads the sources of the repository in a folder. The error names every one that cannot be read.
func ReadSources(root string) (in Sources, err error) {
	for _, s := range []struct {
		name string
		to   *Source
	}{{VendoredFile, &in.Vendored}, {CompletionFile, &in.Completion}, {FixesFile, &in.Fixes}, {ScopeFile, &in.Scope}, {GoTypesFile, &in.GoTypes}} {
		data, problem := os.ReadFile(filepath.Join(root, s.name))
		if *s.to = (Source{s.name, data}); problem != nil {
			err = errors.Join(err, fmt.Errorf("spec: %w", problem))
		}
	}
	return in, err
}

// Code returns the generated code of a composed document and its package comment, by the names of their files.
func Code(document []byte, goTypes Source) (map[string][]byte, error) {
	input, err := ForGo(document, goTypes)
	if err != nil {
		return nil, err
	}
	code, err := generate.Code(input, generate.Gen, "gen", generate.Header)
	return map[string][]byte{CodeFile: code, IndexFile: packageIndex(code)}, err
}

// Replace writes files below a folder, each as a whole or not at all. What fails before the first is in its place changes
// nothing, and begun is false.
func Replace(root string, files map[string][]byte) (begun bool, err error) {
	temporary := map[string]string{}
	defer func() {
		for _, name := range temporary {
			os.Remove(name) // which is gone where it is in its place
		}
	}()
	for name, data := range files {
		name = filepath.Join(root, name)
		file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*.tmp")
		if err != nil {
			return false, err
		}
		temporary[name] = file.Name()
		_, err = file.Write(data)
		if err = errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close()); err != nil {
			return false, err
		}
	}
	for name, from := range temporary {
		if err := os.Rename(from, name); err != nil {
			return true, err
		}
	}
	return true, nil
}
