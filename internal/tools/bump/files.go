package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/plaidlink/plaidlink-go/internal/spec"
	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

// What a bump writes beside the sources and what is made of them, below the repository's root.
const (
	sumFile      = "api/plaid-link.sha256"
	reportFile   = "api/bump.md"
	acceptedFile = "internal/spec/testdata/facts-accepted.txt"
	journalFile  = "api/bump.tmp" // names the files of a bump that is replacing them
)

// written are the files that a bump replaces.
var written = []string{spec.VendoredFile, sumFile, spec.CompletionFile, spec.FixesFile, spec.GoTypesFile, spec.ComposedFile, spec.CodeFile, spec.IndexFile, acceptedFile}

func (b *bump) path(name string) string { return filepath.Join(b.root, filepath.FromSlash(name)) }

// lock keeps a second bump of the same folder out, until unlock. It ends with the process. It is not on go.mod, which the go
// command locks.
func lock(root string) (unlock func(), err error) {
	file, err := os.Open(filepath.Join(root, filepath.FromSlash(spec.ScopeFile)))
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
	if b.sources, err = spec.ReadSources(b.root); err != nil {
		return err
	}
	b.before, err = os.ReadFile(filepath.Join(cmp.Or(b.base, b.root), filepath.FromSlash(spec.ComposedFile)))
	return err
}

// write replaces the files. What fails before the first is replaced changes nothing.
func (b *bump) write() error {
	sum := fmt.Sprintf("%x  %s\n", sha256.Sum256(b.bumped.Vendored.Data), filepath.Base(spec.VendoredFile))
	files := map[string][]byte{
		spec.VendoredFile: b.bumped.Vendored.Data, sumFile: []byte(sum), spec.CompletionFile: b.bumped.Completion.Data,
		spec.FixesFile: b.bumped.Fixes.Data, spec.GoTypesFile: b.bumped.GoTypes.Data, spec.ComposedFile: b.bumped.YAML,
	}
	maps.Copy(files, b.code)
	maps.DeleteFunc(files, func(name string, data []byte) bool {
		old, err := os.ReadFile(b.path(name))
		return err == nil && bytes.Equal(data, old)
	})
	changed := strings.Join(slices.Sorted(maps.Keys(files)), " ")
	if err := os.WriteFile(b.path(journalFile), []byte(changed+"\n"), 0o644); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	begun, err := spec.Replace(b.root, files)
	if begun && err != nil {
		return fmt.Errorf("%w: go back with\n\tgit checkout HEAD -- %s && rm %s", err, changed, journalFile)
	}
	if err != nil {
		err = fmt.Errorf("nothing was changed: %w", err)
	}
	return errors.Join(err, os.Remove(b.path(journalFile)))
}

// facts has the tests of the specification compare it with the table of facts and write what differs, and returns how much does.
func (b *bump) facts(ctx context.Context) (int, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-count", "1", "-run", "^TestFactsHoldOfTheCommittedDocument$", "./internal/spec", "-args", "-accept")
	cmd.Dir, cmd.Env = b.root, goapi.Env()
	if said, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("compare with the table of facts: %w\n%s", err, said)
	}
	text, err := os.ReadFile(b.path(acceptedFile))
	return bytes.Count(text, []byte(": unlike: ")), err
}
