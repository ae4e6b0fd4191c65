package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
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
	codeFile       = "gen/plaid.gen.go"
	indexFile      = "gen/doc.go"
	factsFile      = "internal/spec/testdata/facts-1.697.4.tsv"
	acceptedFile   = "internal/spec/testdata/facts-accepted.txt"
	journalFile    = "api/bump.tmp" // names the files of a bump that is replacing them
)

// written are the files that a bump replaces.
var written = []string{vendoredFile, sumFile, completionFile, fixesFile, goTypesFile, composedFile, codeFile, indexFile, acceptedFile}

func (b *bump) path(name string) string { return filepath.Join(b.root, filepath.FromSlash(name)) }

// lock keeps a second bump of the same folder out, until unlock. It ends with the process. It is not on go.mod, which the go
// command locks.
func lock(root string) (unlock func(), err error) {
	file, err := os.Open(filepath.Join(root, filepath.FromSlash(scopeFile)))
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another bump of %s is running", root), file.Close())
	}
	return func() { file.Close() }, nil
}

// read reads the sources and the document to compare with. The files that a bump replaces must be those of HEAD.
func (b *bump) read(ctx context.Context) error {
	status, err := goapi.Git(ctx, b.root, append([]string{"status", "--porcelain", "--"}, written...)...)
	isGit := err == nil
	if !isGit && b.base == "" {
		return fmt.Errorf("expected a git checkout, or BASE= and a folder to compare with: %w", err)
	}
	if journal, err := os.ReadFile(b.path(journalFile)); err == nil && (len(status) > 0 || !isGit) {
		return fmt.Errorf("an earlier bump was interrupted while it replaced files: go back with\n\tgit checkout HEAD -- %s && rm %s",
			strings.TrimSpace(string(journal)), journalFile)
	}
	if len(status) > 0 {
		return fmt.Errorf("expected no uncommitted changes in what a bump replaces: commit them, or go back with `git checkout HEAD -- …`\n%s",
			strings.TrimRight(string(status), "\n"))
	}
	b.sources = map[string][]byte{}
	var missing []error
	for _, name := range append([]string{scopeFile, factsFile, versionFile}, written...) {
		data, err := os.ReadFile(b.path(name))
		missing = append(missing, err)
		b.sources[name] = data
	}
	b.before = b.sources[composedFile]
	if b.base != "" {
		b.before, err = os.ReadFile(filepath.Join(b.base, filepath.FromSlash(composedFile)))
		missing = append(missing, err)
	}
	return errors.Join(missing...)
}

const acceptedHead = `# Where the document and the table of facts say different things because Plaid has changed its file since. Written by
# make bump.
`

// write replaces the files. What fails before the first is replaced changes nothing.
func (b *bump) write() error {
	accepted := acceptedHead
	if len(b.facts) > 0 {
		accepted += b.facts.Error() + "\n"
	}
	sum := fmt.Sprintf("%x  %s\n", sha256.Sum256(b.bumped.Vendored.Data), filepath.Base(vendoredFile))
	files := map[string][]byte{
		vendoredFile: b.bumped.Vendored.Data, sumFile: []byte(sum), completionFile: b.bumped.Completion.Data,
		fixesFile: b.bumped.Fixes.Data, goTypesFile: b.bumped.GoTypes.Data, composedFile: b.bumped.YAML, acceptedFile: []byte(accepted),
	}
	for name, data := range b.code {
		files[name] = data
	}
	var changed []string
	for _, name := range written {
		if !bytes.Equal(files[name], b.sources[name]) {
			changed = append(changed, name)
		}
	}
	journal := append(changed, journalFile)
	files[journalFile] = []byte(strings.Join(changed, " ") + "\n")
	for i, name := range journal {
		if err := os.WriteFile(b.path(name)+".tmp", files[name], 0o644); err != nil {
			for _, name := range journal[:i+1] {
				os.Remove(b.path(name) + ".tmp")
			}
			return fmt.Errorf("nothing was changed: %w", err)
		}
	}
	for i := len(journal) - 1; i >= 0; i-- { // the journal first
		if err := os.Rename(b.path(journal[i])+".tmp", b.path(journal[i])); err != nil {
			return fmt.Errorf("%w: go back with\n\tgit checkout HEAD -- %s && rm %s", err, strings.Join(changed, " "), journalFile)
		}
	}
	return os.Remove(b.path(journalFile))
}
