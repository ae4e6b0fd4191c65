package main

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/every-kind.md")

var template string // the repository with the frozen sources; see TestMain

// TestMain makes the repository that the tests copy: the module as it is, with the sources of 1.517.0.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		var err error
		if template, err = copyModule(repository); err == nil {
			defer os.RemoveAll(template)
			err = freeze(template)
		}
		if err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			return 1
		}
		return m.Run()
	}())
}

func freeze(dir string) error {
	in, err := start()
	if err != nil {
		return err
	}
	for _, s := range []struct {
		name string
		data []byte
	}{
		{vendoredFile, in.sources.Vendored.Data}, {completionFile, in.sources.Completion.Data}, {fixesFile, in.sources.Fixes.Data},
		{scopeFile, in.sources.Scope.Data}, {goTypesFile, in.goTypes.Data}, {acceptedFile, []byte(acceptedHead)},
		{sumFile, []byte(sum(in.sources.Vendored.Data) + "  " + filepath.Base(vendoredFile) + "\n")},
	} {
		if err := put(dir, s.name, s.data); err != nil {
			return err
		}
	}
	os.Remove(filepath.Join(dir, reportFile))
	return generate(context.Background(), dir)
}

// workspace is a repository to bump.
func workspace(t *testing.T) string {
	t.Helper()
	dir, err := copyModule(template)
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// snapshot is the text of every file of a folder.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		below, _ := filepath.Rel(dir, name)
		files[below] = string(data)
		return err
	}))
	return files
}

// bumped runs the command with a file of the given text.
func bumped(t *testing.T, dir, text string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "new.yml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	var out, errs bytes.Buffer
	code = run(t.Context(), append(args, "-C", dir, file), &out, &errs)
	return code, out.String(), errs.String()
}

// everyKind is the file of the Link family with one change of each kind, and the defects that Plaid's file has.
func everyKind(t *testing.T) string {
	text := begin(t).defects
	for _, e := range []struct{ below, old, new string }{
		{"info:", "_1.517.0", "_1.600.0"},
		{"servers:", "  - description: Development\n    url: https://development.plaid.com\n", ""},
		{"tags:", "  - name: Plaid\n", "  - name: Link\n"},
		{"paths:", "  /link/token/get:\n", "  /link/delivery/create:\n    post:\n      operationId: linkDeliveryCreate\n      responses:\n        '200':\n          description: OK\n  /link/token/get:\n"},
		{sources, "        - payroll\n", "        - payroll\n        - broker\n"}, // a value more
		{"    UserStatedIncomeSourcePayType:", "        - GROSS\n", ""},           // a value less
		{request, "        client_name:\n", "        nickname:\n          type: string\n          description: Name.\n        client_name:\n"},
		{"    LinkTokenCreateRequestStatements:", "      required:\n", "      required:\n        - reason\n"}, // required, and new
		{"    LinkTokenCreateRequestStatements:", "      properties:\n", "      properties:\n        reason:\n          type: string\n          description: Why.\n"},
		{transfer, "        payment_profile_token:\n", "        profile_token:\n"}, // gone, and new
		{answer, "        link_token:\n", "        mood:\n          type: string\n          description: Mood.\n        link_token:\n"},
		{"    LinkTokenCreateIdentity:", "      properties:\n", "      required:\n        - is_document_upload\n      properties:\n"}, // a boolean becomes required
		{"    LinkTokenCreateRequestBaseReport:", "      required:\n        - days_requested\n", ""},                                  // an integer becomes optional
		{"    LinkEventMetadata:", "type: string\n", "type: string\n          nullable: true\n"},                                      // nullable where it is optional
		{"    LinkTokenCreateRequestStatements:", "          format: date\n", ""},                                                     // a type
		{limits, "maximum: 730", "maximum: 365"},
	} {
		text = edit(t, text, e.below, e.old, e.new)
	}
	return text
}

func TestBumpOfEveryKind(t *testing.T) {
	const golden = "testdata/every-kind.md"
	text := everyKind(t)
	dir := workspace(t)
	before := snapshot(t, dir)
	code, stdout, stderr := bumped(t, dir, text)
	require.Zero(t, code, stderr)
	require.Empty(t, stderr)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(stdout), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), stdout, "run the tests of this package with -update, and read the difference")

	after := snapshot(t, dir)
	require.Equal(t, stdout, after[reportFile])
	require.Equal(t, text, after[vendoredFile], "a file of the Link family is kept byte for byte")
	require.Contains(t, after[sumFile], sum([]byte(text)))
	for name, data := range after {
		if data != before[name] {
			require.Contains(t, written, name)
		}
	}
	require.Len(t, after, len(before)+1, "the report is new, and nothing is left over")

	again := workspace(t)
	code, second, stderr := bumped(t, again, text)
	require.Zero(t, code, stderr)
	require.Equal(t, stdout, second)
	require.Equal(t, after, snapshot(t, again), "two runs give the same bytes")

	// From what a bump wrote, the same file makes no change.
	code, third, stderr := bumped(t, dir, text)
	require.Zero(t, code, stderr)
	require.Contains(t, third, "Version: **none**")
	last := snapshot(t, dir)
	delete(last, reportFile)
	delete(after, reportFile)
	require.Equal(t, after, last)
}
