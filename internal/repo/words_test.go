package repo_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// odd are expressions that are nearly always wrong, though each word is spelled well: English that was translated. To add one,
// add a line: what every match has, what it looks like, what to write instead, a text that has it, and one that looks like it but
// is right.
var odd = []struct{ has, pattern, better, wrong, right string }{
	{" no ", `\b(is|are|was|were) no (\w+)`, "is not a", "%q is no header name", "there is no header; it is no longer valid"},
	{" none", `\b(that|which|what) (is|are|was|were) none\b`, "that is not one", "a date that is none", "where there is none"},
	{"twice", `\bstands? twice\b`, "appears twice", "a name stands twice", "two stand there"},
	{"stand", `\bstands? (beside|in|under|after|before)\b`, "is in, follows, precedes", "it stands in no example", "a server stands in for Plaid"},
	{" told", `\b(is|are|was|were|be|been) told\b`, "is reported", "a wrong password is told", "they cannot be told apart"},
	{"tells", `\btells\b`, "reports, returns", "the page tells a problem", "its name tells them apart"},
	{"so", `\bsays? so\b`, "reports it", "a run that finds nothing says so", "it says something"},
	{"say", `\bsays? (in what|whether|where|how|why)\b`, "reports whether, shows how", "Temporary says whether it may succeed", "the error says that it failed"},
	{" back", `\b(gives?|gave|given|giving|hands?|handed|handing) back\b`, "returns", "it gives back a value", "it gives a backup"},
	{"in vain", `\bin vain\b`, "without need, without success", "it is not copied in vain", "a vein"},
	{"ly", `\b(right|wrong)ly\b`, "correctly, by mistake", "a verifier that was made wrongly", "in the right way"},
	{"hold", `\bholds? .{1,50} against\b`, "compares with, checks", "it holds requests against the document", "it checks them against it"},
	{"in the place of", `\bin the place of\b`, "instead of", "a name in the place of a mistake", "in place of it"},
	{"there alone", `\bthere alone\b`, "only there", "retried where it is safe and there alone", "alone there"},
	{"in what way", `\bin what way\b`, "how", "the kind shows in what way it departs", "in what follows"},
	{"for ever", `\bfor ever\b`, "forever", "it waits for ever", "forever, for every call"},
	{"repeatable", `\b(un)?repeatable\b`, "retryable, not retryable", "a repeatable call", "it may be retried"},
	{"answer", `\b(incomplete|good|bad|empty|whole|half-filled|last) answers?\b`, "response", "an incomplete answer", "an incomplete response"},
	{"member", `\b(unknown|required|optional) members?\b`, "property, or field for Go", "an unknown member is kept", "an unknown property is kept"},
}

// right are the uses of the expressions that are idiomatic.
var right = regexp.MustCompile(`(?i)there (is|are|was|were) no|no (longer|more|less|fewer|one|other|different|better|doubt|such)\b|stands? in for|told (apart|from)|tells \w+ apart`)

func TestWordsAreIdiomatic(t *testing.T) {
	for file, text := range texts(t) {
		for _, found := range oddWords(text) {
			t.Errorf("%s:%s", filepath.ToSlash(file), found)
		}
	}
}

// Each expression of the list is found, and what only looks like it is not.
func TestOddWordsAreFound(t *testing.T) {
	for _, o := range odd {
		require.Len(t, oddWords("// A line.\n// "+o.wrong+".\n"), 1, o.wrong)
		require.Contains(t, oddWords("// A line.\n// " + o.wrong + ".\n")[0], "2: ")
		require.Contains(t, oddWords(strings.ToUpper(o.wrong))[0], "write: "+o.better)
		require.Empty(t, oddWords(o.right), o.right)
	}
	require.Greater(t, len(texts(t)), 200)
}

// oddWords returns a line for each odd expression in a text: where it is, and what to write.
func oddWords(text string) (found []string) {
	for number, line := range strings.Split(text, "\n") {
		lower := strings.ToLower(line)
		for _, o := range compiled {
			if !strings.Contains(lower, o.has) { // which is much faster than the pattern
				continue
			}
			if at := o.pattern.FindString(right.ReplaceAllString(line, "")); at != "" {
				found = append(found, fmt.Sprintf("%d: %q, write: %s", number+1, at, o.better))
			}
		}
	}
	return found
}

type expression struct {
	has     string
	pattern *regexp.Regexp
	better  string
}

var compiled = func() (all []expression) {
	for _, o := range odd {
		all = append(all, expression{o.has, regexp.MustCompile(`(?i)` + o.pattern), o.better})
	}
	return all
}()

// texts are the Go and Markdown files that people write, by path, but for this list.
func texts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "testdata" || name == "node_modules" || len(name) > 1 && strings.HasPrefix(name, ".")):
			return filepath.SkipDir
		case filepath.Base(path) == "words_test.go", filepath.Ext(path) != ".go" && filepath.Ext(path) != ".md":
			return nil
		}
		if text := readFile(t, path); !strings.Contains(text, "\n// Code generated ") && !strings.HasPrefix(text, "// Code generated ") {
			all[path] = text
		}
		return nil
	}))
	return all
}
