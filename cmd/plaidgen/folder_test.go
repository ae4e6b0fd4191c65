package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func shop(dir string, more ...string) []string {
	return append([]string{"-spec", oddFile, "-ops", "shopGet", "-o", dir}, more...)
}

// What is not plaidgen's is not touched.
func TestFoldersThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a package of the user's": {map[string]string{"a.go": "package plaidapi\n"},
			[]string{"has a package that is not plaidgen's, with the file a.go"}},
		"a file of the same name": {map[string]string{output: "package plaidapi\n"}, []string{output + " is not plaidgen's: expected to find its header"}},
		"a name that is taken": {map[string]string{"a.go": "package plaidapi\n\n//go:generate plaidgen\n\ntype Shop int\n\nvar _, Kind = 1, 2\n\nfunc init() {}\n\nfunc init() {}\n\nfunc (Client) Other() {}\n"},
			[]string{"plaidapi/a.go and ", "plaidapi/" + output + " both declare Shop: rename yours", "both declare Kind: rename yours"}},
		"a method that is taken": {map[string]string{"a.go": "package plaidapi\n\n//go:generate plaidgen\n\nfunc (c *Client) ShopGet() {}\n"}, []string{"both declare Client.ShopGet: rename yours"}},
		"two packages":           {map[string]string{"a.go": "package a\n\n//go:generate plaidgen\n", "b.go": "package b\n"}, []string{"has the packages a and b: expected one"}},
		"a program":              {map[string]string{"a.go": "package main\n\n//go:generate plaidgen -o .\n"}, []string{`expected a folder for a package of its own, found the package name "main"`}},
		"a file that is not Go":  {map[string]string{"a.go": "package plaidapi\n\n//go:generate plaidgen\n\nfunc {"}, []string{"expected Go: ", "a.go:5:6"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "plaidapi")
			for name, text := range c.files {
				put(t, filepath.Join(dir, name), text)
			}
			refused(t, dir, shop(dir), c.want...)
		})
	}

	dir := t.TempDir()
	refused(t, dir, shop(filepath.Join(dir, "plaid-api")), `expected a folder for a package of its own, found the package name "plaid-api"`)
	file := put(t, filepath.Join(dir, "file"), "")
	refused(t, dir, shop(file), "expected a folder, found a file")
	other := put(t, filepath.Join(dir, "other.go"), "package other\n")
	linked := filepath.Join(dir, "linked")
	require.NoError(t, os.Mkdir(linked, 0o755))
	require.NoError(t, os.Symlink(other, filepath.Join(linked, output)))
	refused(t, dir, shop(linked), output+" is not a file: plaidgen does not touch it")
	taken := filepath.Join(dir, "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, output), 0o755))
	refused(t, dir, shop(taken), output+" is not a file: plaidgen does not touch it")
}

func TestFilesBesideAreLeftAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	beside := map[string]string{
		"generate.go": "package plaidapi // of another name than the folder\n\n//go:generate go run github.com/plaidlink/plaidlink-go/cmd/plaidgen@latest -o .\n",
		"mine.go":     "package plaidapi\n\ntype Mine struct{ Shop }\n", "mine_test.go": "package plaidapi_test\n\ntype Shop int\n",
		"tool.go": "//go:build ignore\n\npackage main\n\ntype Shop int\n", "notes.txt": "Shop", "plaid.gen.go.orig": "Shop",
	}
	for name, text := range beside {
		put(t, filepath.Join(dir, name), text)
	}
	code, _, stderr := plaidgen(shop(dir)...)
	require.Zero(t, code, stderr)
	require.Contains(t, get(t, filepath.Join(dir, output)), "\npackage plaidapi\n")
	for name, text := range beside {
		require.Equal(t, text, get(t, filepath.Join(dir, name)))
	}
	require.Len(t, snapshot(t, dir), len(beside)+2)
}

func TestCheckNamesTheFirstDeclarationThatDiffers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "plaidapi")
	refused(t, filepath.Dir(dir), shop(dir, "-check"), output+" is not there: run plaidgen without -check")
	code, _, stderr := plaidgen(shop(dir)...)
	require.Zero(t, code, stderr)
	file := filepath.Join(dir, output)
	text := get(t, file)
	change := func(old, new string) string {
		require.True(t, strings.Contains(text, old), old)
		return strings.Replace(text, old, new, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"a field":                {change("HasMore bool", "HasMore int"), "ShopGetResponse differs"},
		"a comment":              {change("// A shop.\ntype Shop struct", "// Shops.\ntype Shop struct"), "Shop differs"},
		"a constant":             {change("KindBakery ", "KindBakeri "), "KindBakery is missing"},
		"a type that is missing": {change("type Kind string", ""), "Kind is missing"},
		"one too many":           {text + "\nfunc more() {}\n", "more should not be there"},
		"the end is missing":     {text[:strings.Index(text, "// ShopGet calls")], "Client.ShopGet is missing"},
		"the header":             {change("-ops shopGet", "-ops shop*"), "its header"},
		"not Go":                 {text + "}", "is not current: "},
	} {
		t.Run(name, func(t *testing.T) {
			put(t, file, c.text)
			refused(t, dir, shop(dir, "-check"), "plaidapi/"+output+" is not current: ", c.want)
		})
	}
	put(t, file, text)
	code, stdout, stderr := plaidgen(shop(dir, "-check")...)
	require.Zero(t, code)
	require.Empty(t, stdout+stderr)
}

func TestAnOlderFileIsNoticed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "plaidapi")
	code, _, stderr := plaidgen(shop(dir)...)
	require.Zero(t, code, stderr)
	older := put(t, filepath.Join(t.TempDir(), "odd.yml"), strings.Replace(get(t, oddFile), "_1.9.0", "_1.8.10", 1))
	code, _, stderr = plaidgen("-spec", older, "-ops", "shopGet", "-o", dir)
	require.Zero(t, code)
	require.Contains(t, stderr, output+" was made from 2020-09-14_1.9.0, and this file is older: 2020-09-14_1.8.10\n")
	code, _, stderr = plaidgen(shop(dir)...)
	require.Zero(t, code)
	require.Empty(t, stderr, "a newer one is as it should be")
}

// A folder that cannot be written to has what it had.
func TestReadOnlyFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "plaidapi")
	require.NoError(t, os.Mkdir(dir, 0o555))
	if os.Geteuid() == 0 { // to whom permissions do not apply
		t.Log("as root, of a folder that takes no files")
		dir = "/proc/self/task"
	}
	code, stdout, stderr := plaidgen(shop(dir)...)
	require.Equal(t, 1, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "plaidgen: nothing was written: ")
	code, _, stderr = plaidgen(shop(filepath.Join(dir, "below", "api"))...)
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "plaidgen: nothing was written: ")
}
