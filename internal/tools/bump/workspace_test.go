package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

// workspace is a small repository to bump: what generated code needs is the real one, the specification is one in our own words.
func workspace(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, pattern := range []string{"go.mod", "go.sum", "gen/*.go", "wire/*.go", "internal/safe/*.go"} {
		names, err := filepath.Glob(filepath.Join(repository, pattern))
		require.NoError(t, err)
		for _, name := range names {
			below, err := filepath.Rel(repository, name)
			require.NoError(t, err)
			if !strings.HasSuffix(name, "_test.go") && below != spec.CodeFile && below != spec.IndexFile {
				put(t, dir, below, read(t, name))
			}
		}
	}
	for from, to := range map[string]string{
		"vendored.yml": spec.VendoredFile, "completion.yaml": spec.CompletionFile, "fixes.yaml": spec.FixesFile, "scope.yaml": spec.ScopeFile,
		"go.yaml": spec.GoTypesFile, "version.go.txt": "version.go", "facts_test.go.txt": "internal/spec/facts_test.go",
	} {
		put(t, dir, to, read(t, filepath.Join("testdata", from)))
	}
	put(t, dir, "CHANGELOG.md", "# Changelog\n\n## 0.1.0\n\n- First.\n")
	for _, name := range []string{sumFile, spec.ComposedFile, spec.CodeFile, spec.IndexFile, acceptedFile} {
		put(t, dir, name, "")
	}
	// The first bump, of the same file, gives what is generated.
	require.NoError(t, first(t.Context(), dir))
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "first")
	head, err := goapi.Git(t.Context(), dir, "rev-parse", "HEAD")
	require.NoError(t, err)
	put(t, dir, goapi.File, fmt.Sprintf(goapi.Head, "0.1.0", strings.TrimSpace(string(head))))
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "recorded")
	return dir
}

func first(ctx context.Context, dir string) error {
	b := &bump{root: dir, base: dir}
	if err := b.prepare(ctx, filepath.Join(dir, spec.VendoredFile)); err != nil {
		return err
	}
	return b.write()
}

func git(t *testing.T, root string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", root}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

// snapshot is the text of every file of a folder, but git's own.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && entry.Name() == ".git" {
				return filepath.SkipDir
			}
			return err
		}
		below, _ := filepath.Rel(dir, name)
		files[below] = read(t, name)
		return nil
	}))
	return files
}

// bumped runs the command with a file of the given text.
func bumped(t *testing.T, dir, text string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "new.yml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	var out, errs strings.Builder
	code = run(t.Context(), append(args, "-C", dir, file), &out, &errs)
	return code, out.String(), errs.String()
}
