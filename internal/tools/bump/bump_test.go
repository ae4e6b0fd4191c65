package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

const repository = "../../.."

var update = flag.Bool("update", false, "write testdata/report.md")

// A file with every oddity is taken at once: everything compiles, no program breaks, and the report lists what is new.
func TestBump(t *testing.T) {
	const golden = "testdata/report.md"
	dir, text := workspace(t), read(t, "testdata/new.yml")
	before := snapshot(t, dir)
	code, report, stderr := bumped(t, dir, text)
	require.Zero(t, code, "%s%s", report, stderr)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(report), 0o644))
	}
	require.Equal(t, read(t, golden), report, "run the tests of this package with -update, and read the difference")
	after := snapshot(t, dir)
	require.Equal(t, report, after[reportFile])
	require.Len(t, after, len(before)+1, "the report is new, and nothing is left over")
	for name, data := range after {
		if data != before[name] && name != reportFile {
			require.Contains(t, written, name)
		}
	}
	require.NotContains(t, after[spec.ComposedFile], "client_id", "credentials are headers")
	for _, line := range []string{
		"// Paint of a thing, in our words.", "// Which thing, see things (https://example.com/things).", "type ThingGetRequestFilter struct", "FormatProperty ",
		"UserIDProperty ", "AccessTokens []AccessToken ", "ColorBlue ", "ThingReasonN404 ", "ThingKindBig ", "type ThingEmpty struct", "map[string]string",
		"Min *float64", "ServerURLRetired", "func (c *Client) ThingDrop(",
	} {
		require.Contains(t, strings.Join(strings.Fields(after[spec.CodeFile]), " "), line)
	}

	// From what a bump wrote, the same file makes no change, and the file of old none that a program notices.
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "bumped")
	code, report, stderr = bumped(t, dir, text)
	require.Zero(t, code, stderr)
	require.NotContains(t, report, "## For a Go caller")
	delete(after, reportFile)
	again := snapshot(t, dir)
	delete(again, reportFile)
	require.Equal(t, after, again)
	code, report, stderr = bumped(t, dir, read(t, "testdata/vendored.yml"))
	require.Zero(t, code, "%s%s", report, stderr)
	require.Contains(t, report, ": 0 breaks,", report)
}

// What no longer compiles is listed by its cause, with actions that keep the old type.
func TestBumpThatBreaks(t *testing.T) {
	dir := workspace(t)
	text := strings.Replace(read(t, "testdata/new.yml"), "required: [owner, owner, lost]", "required: [lost]", 1)
	code, report, stderr := bumped(t, dir, text)
	require.Equal(t, 3, code, stderr)
	require.Contains(t, report, "- `ThingGetRequest.Owner: became a pointer`: 1 place: version.go:13.\n")
	_, keep, _ := strings.Cut(report, "```yaml\n")
	keep, _, _ = strings.Cut(keep, "```")
	require.NotContains(t, report, "Go API, since", "it cannot be loaded")

	git(t, dir, "checkout", "-q", "HEAD", "--", ".")
	put(t, dir, spec.FixesFile, read(t, filepath.Join(dir, spec.FixesFile))+keep)
	git(t, dir, "commit", "-q", "-a", "-m", "kept")
	code, report, stderr = bumped(t, dir, text)
	require.Zero(t, code, "%s%s", report, stderr)
	require.Contains(t, report, ": 0 breaks,")

	// A break that the module does not notice is left to the changelog.
	git(t, dir, "checkout", "-q", "HEAD", "--", ".")
	code, report, stderr = bumped(t, dir, strings.Replace(text, "size: {type: integer,", "size: {type: string,", 1))
	require.Zero(t, code, "%s%s", report, stderr)
	require.Contains(t, report, "Version: 0.2.0, programs that compile today break.")
	require.Contains(t, report, "- Breaking: `gen.Thing.Size: changed from *int to string`.\n")
}

// A bump that refuses says everything at once, with the cure of each, and changes nothing.
func TestRefusals(t *testing.T) {
	dir := workspace(t)
	good := read(t, "testdata/new.yml")
	before := snapshot(t, dir)
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"a list", "- a\n", []string{"nothing was changed:\n", "new.yml: malformed: expected a YAML mapping"}},
		{"two problems", strings.NewReplacer("operationId: thingList", "operationId: thingDrop", "#/components/schemas/Owner", "#/components/schemas/Lost").Replace(good),
			[]string{"/paths/~1thing~1list/get: unfit: thingDrop cannot have a method, its method is GET: take it out of api/scope.yaml\n",
				"dangling $ref: \"#/components/schemas/Lost\" is not in the document; define it in api/completion.yaml"}},
		{"an empty file", "", []string{"the file is empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := bumped(t, dir, c.text)
			require.Equal(t, 1, code)
			require.Empty(t, stdout)
			for _, want := range c.want {
				require.Contains(t, stderr, want)
			}
			require.Equal(t, before, snapshot(t, dir))
		})
	}
	t.Run("a signal", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		put(t, temporary, "new.yml", good)
		var out, errs strings.Builder
		require.Equal(t, 1, run(ctx, []string{"-C", dir, filepath.Join(temporary, "new.yml")}, &out, &errs))
		require.NoError(t, os.Remove(filepath.Join(temporary, "new.yml")))
	})
	t.Run("a file that cannot be written", func(t *testing.T) {
		name := filepath.Join(dir, filepath.FromSlash(journalFile))
		put(t, name, "a", "")
		code, _, stderr := bumped(t, dir, good)
		require.Equal(t, 1, code)
		require.Contains(t, stderr, "nothing was changed")
		require.NoError(t, os.RemoveAll(name))
	})
	require.Equal(t, before, snapshot(t, dir))
	left, err := filepath.Glob(filepath.Join(temporary, "*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestWhatIsNotCommittedIsRefused(t *testing.T) {
	dir, good := workspace(t), read(t, "testdata/new.yml")
	put(t, dir, spec.FixesFile, read(t, filepath.Join(dir, spec.FixesFile))+"# A note.\n")
	code, _, stderr := bumped(t, dir, good)
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "expected no uncommitted changes")
	require.Contains(t, stderr, " M api/fixes.yaml")
	git(t, dir, "checkout", "-q", "HEAD", "--", ".")

	unlock, err := lock(dir)
	require.NoError(t, err)
	code, _, stderr = bumped(t, dir, good)
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "another bump of "+dir+" is running")
	unlock()

	// One that was killed between two renames is recognized, until its files are those of HEAD.
	put(t, dir, journalFile, spec.CodeFile+"\n")
	put(t, dir, spec.CodeFile, "package gen\n")
	code, _, stderr = bumped(t, dir, good)
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "an earlier bump was interrupted")
	require.Contains(t, stderr, "git checkout HEAD -- gen/plaid.gen.go && rm api/bump.tmp")
	git(t, dir, "checkout", "-q", "HEAD", "--", ".")
	b := &bump{root: dir}
	require.NoError(t, b.read(t.Context()))

	// A rename that fails shows how to go back.
	put(t, t.TempDir(), "new.yml", good)
	require.NoError(t, first(t.Context(), dir), "the same file")
	b = &bump{root: dir}
	file := filepath.Join(t.TempDir(), "new.yml")
	require.NoError(t, os.WriteFile(file, []byte(good), 0o644))
	require.NoError(t, b.prepare(t.Context(), file))
	require.NoError(t, os.Remove(filepath.Join(dir, spec.CodeFile)))
	require.NoError(t, os.Mkdir(filepath.Join(dir, spec.CodeFile), 0o755))
	put(t, dir, spec.CodeFile+"/a", "")
	require.ErrorContains(t, b.write(), "go back with\n\tgit checkout HEAD -- api/")
	require.FileExists(t, filepath.Join(dir, journalFile))

	// Without git there must be something to compare with.
	require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git")))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, spec.CodeFile)))
	code, _, stderr = bumped(t, dir, good)
	require.Equal(t, 1, code)
	require.Contains(t, stderr, "expected a git checkout, or BASE=")
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
		{"another folder", []string{"-C", dir, "bump_test.go"}, 1, spec.ScopeFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs strings.Builder
			require.Equal(t, c.code, run(t.Context(), c.args, &out, &errs))
			require.Empty(t, out.String())
			require.Contains(t, errs.String(), c.want)
		})
	}
}
