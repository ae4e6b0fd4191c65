package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A bump that fails says why and changes nothing, whichever step fails.
func TestFailedBumpChangesNothing(t *testing.T) {
	family := begin(t).family
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for _, c := range []struct {
		name  string
		text  string
		spoil func(t *testing.T, dir string)
		want  string
	}{
		{"the file is refused", "- a\n", nil, "new.yml: malformed: expected a YAML mapping"},
		{"the generator fails", family, func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(filepath.Join(dir, "api/templates/typedef.tmpl")))
		}, "go generate: exit status 1"},
		{"the code does not compile", edit(t, family, "    LinkTokenCreateResponse:", "          type: string\n", "          type: string\n          nullable: true\n"), nil, "./operations.go"},
		{"a test fails", family, func(t *testing.T, dir string) {
			require.NoError(t, put(dir, "gen_spoiled_test.go", []byte("package plaidlink_test\n\nimport \"testing\"\n\nfunc TestSpoiled(t *testing.T) { t.Error(\"spoiled\") }\n")))
		}, "spoiled"},
		{"a file cannot be written", family, func(t *testing.T, dir string) {
			require.NoError(t, os.Mkdir(filepath.Join(dir, composedFile+".tmp"), 0o755))
		}, "openapi.yaml.tmp"},
		{"an overlay is missing", family, func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, goTypesFile))) }, goTypesFile},
		{"a part of an overlay cannot be deleted", family, func(t *testing.T, dir string) {
			text, err := os.ReadFile(filepath.Join(dir, completionFile))
			require.NoError(t, err)
			require.NoError(t, put(dir, completionFile, append(text, "  - target: $.components.schemas\n    update: {Region: {type: string, nullable: true}, Other: {type: string}}\n"...)))
		}, "by hand"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := workspace(t)
			if c.spoil != nil {
				c.spoil(t, dir)
			}
			before := snapshot(t, dir)
			code, stdout, stderr := bumped(t, dir, c.text)
			require.Equal(t, 1, code)
			require.Empty(t, stdout)
			require.True(t, strings.HasPrefix(stderr, "bump: nothing was changed: "), stderr)
			require.Contains(t, stderr, c.want)
			require.Equal(t, before, snapshot(t, dir))
		})
	}
	left, err := filepath.Glob(filepath.Join(temporary, "bump-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// What cannot be moved into place is undone.
func TestPlaceIsAllOrNothing(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	for _, name := range written {
		require.NoError(t, put(from, name, []byte("new "+name)))
		require.NoError(t, put(to, name, []byte("old "+name)))
	}
	require.NoError(t, os.Remove(filepath.Join(to, sumFile)))
	before := snapshot(t, to)
	for fails := range len(written) {
		calls := 0
		err := place(from, to, func(from, to string) error {
			if calls++; calls > fails {
				return errors.New("spoiled")
			}
			return os.Rename(from, to)
		})
		require.EqualError(t, err, "spoiled")
		require.Equal(t, before, snapshot(t, to), "the rename after %d others failed", fails)
	}
	require.NoError(t, place(from, to, os.Rename))
	require.Equal(t, snapshot(t, from), snapshot(t, to))
}

func TestWrongCalls(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no file", nil, 2, "expected `bump [-C DIR] [-base DIR] SPEC`"},
		{"an empty name, as an unset variable gives", []string{""}, 2, "expected `bump"},
		{"two files", []string{"a", "b"}, 2, "expected `bump"},
		{"an unknown flag", []string{"-x"}, 2, "-x"},
		{"a file that is not there", []string{"-C", repository, "none.yml"}, 1, "none.yml: no such file"},
		{"a folder", []string{"-C", repository, dir}, 1, "expected a file"},
		{"another folder", []string{"-C", dir, "none.yml"}, 1, vendoredFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs strings.Builder
			require.Equal(t, c.code, run(t.Context(), c.args, &out, &errs))
			require.Empty(t, out.String())
			require.Contains(t, errs.String(), c.want)
		})
	}
}

// An interrupt leaves nothing behind either.
func TestInterruptedBump(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	dir := workspace(t)
	before := snapshot(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs strings.Builder
	require.Equal(t, 1, run(ctx, []string{"-C", dir, filepath.Join(dir, vendoredFile)}, &out, &errs))
	require.Contains(t, errs.String(), "nothing was changed: go generate: context canceled")
	require.Equal(t, before, snapshot(t, dir))
	left, err := filepath.Glob(filepath.Join(temporary, "bump-*"))
	require.NoError(t, err)
	require.Equal(t, []string{dir}, left)
}
