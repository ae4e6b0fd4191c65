package repo_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go"
)

// pages are all texts that people read, by path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	require.Len(t, files, 17)
	all := map[string]string{}
	for _, file := range append(files, "README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".github/SECURITY.md", "examples/README.md", "examples/quickstart/README.md") {
		all[filepath.ToSlash(file)] = readFile(t, file)
	}
	return all
}

var (
	link       = regexp.MustCompile(`\]\(([^)]+)\)`)
	heading    = regexp.MustCompile(`(?m)^#+ (.+)$`)
	inCode     = regexp.MustCompile("`([^`\n]+)`")
	notAnchor  = regexp.MustCompile(`[^a-z0-9 _-]`)
	makeTarget = regexp.MustCompile(`\bmake ([a-z0-9-]+)`)
	plaidlinks = regexp.MustCompile("(?m)(?:^|[ `/])plaidlink(?:@latest)? ([a-z][^`#|\n]*)")
	flagName   = regexp.MustCompile(`--[a-z][a-z-]*`)
	testName   = regexp.MustCompile("`((?:Test|Fuzz)[A-Z0-9]\\w*)`")
)

// Links lead to files and headings that exist.
func TestDocsLinksLeadSomewhere(t *testing.T) {
	for page, text := range pages(t) {
		for _, found := range link.FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
			require.NoError(t, follow(page, text, found[1]), page)
		}
	}
	require.NoError(t, follow("docs/a.md", "# One two!\n", "#one-two"))
	require.Error(t, follow("docs/a.md", "# One two!\n", "#three"))
	require.Error(t, follow("docs/a.md", "", "CHANGELOG.md"))
	require.Error(t, follow("docs/a.md", "", "../README.md#nothing-of-the-kind"))
	require.Error(t, follow("docs/a.md", "", "http://example.com"))
}

func follow(page, text, target string) error {
	if strings.HasPrefix(target, "https://") {
		return nil // a test needs no network
	}
	file, anchor, hasAnchor := strings.Cut(target, "#")
	if file != "" {
		file = filepath.Join(filepath.Dir(page), file)
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("link to %s: %w", target, err)
		}
	}
	if !hasAnchor {
		return nil
	}
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("link to %s: %w", target, err)
		}
		text = string(data)
	}
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		if strings.ReplaceAll(notAnchor.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-") == anchor {
			return nil
		}
	}
	return fmt.Errorf("link to %s: there is no such heading", target)
}

// A block of Go or JavaScript is part of an example or of a recipe, which is compiled and run; a command is a target of the Makefile or of the program,
// and a test that a page names exists.
func TestDocsAreTrue(t *testing.T) {
	makefile := readFile(t, "Makefile")
	tests := sources(t, "*_test.go", "webhook/*_test.go", "gen/*_test.go", "internal/*/*_test.go")
	usage := helpOf(t)
	code := map[string]string{
		"go": unindented(sources(t, "examples/*/*.go", "example_test.go", "internal/e2e/weblink_recipes_test.go")),
		"js": unindented(sources(t, "internal/e2e/web/*.mjs", "internal/e2e/web/*.js")),
	}
	for page, text := range pages(t) {
		for _, b := range block.FindAllStringSubmatch(text, -1) {
			if known := code[b[1]]; known != "" && page != "README.md" { // TestReadmeBlocksRun is stricter
				require.True(t, strings.Contains(known, unindented(b[2])), "%s: expected a part of an example, found:\n%s", page, b[2])
			}
		}
		spans := strings.Join(inCode.FindAllString(text, -1), "\n") + strings.Join(block.FindAllString(text, -1), "\n")
		for _, m := range makeTarget.FindAllStringSubmatch(spans, -1) {
			require.True(t, strings.Contains("\n"+makefile, "\n"+m[1]+":"), "%s: no such target", page)
		}
		for _, m := range plaidlinks.FindAllStringSubmatch(spans, -1) {
			require.NoError(t, known(usage, m[1]), page)
		}
		for _, m := range testName.FindAllStringSubmatch(text, -1) {
			require.True(t, strings.Contains(tests, "func "+m[1]+"("), "%s: no such test", page)
		}
	}
	require.NoError(t, known(usage, "token create --hosted --products auth"))
	require.ErrorContains(t, known(usage, "tokn create --hosted"), "no such command")
	require.ErrorContains(t, known(usage, "token create --host"), "no such flag")
}

// Every page of docs is in its index with a question, and every folder of the examples in theirs.
func TestIndexesAreComplete(t *testing.T) {
	missing := func(index, pattern, row string) (missing []string) {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.Greater(t, len(found), 10)
		for _, path := range found {
			if name := filepath.Base(path); name != "README.md" && filepath.Ext(name) != ".go" && !regexp.MustCompile(fmt.Sprintf(row, regexp.QuoteMeta(name))).MatchString(index) {
				missing = append(missing, name)
			}
		}
		return missing
	}
	const page, example = `(?m)^\| \[.+\]\(%s\) \| .+\?`, `(?m)^\| .+ \| .*\]\(%s/`
	pages, examples := readFile(t, "docs/README.md"), readFile(t, "examples/README.md")
	require.Empty(t, missing(pages, "docs/*.md", page))
	require.Empty(t, missing(examples, "examples/*", example))
	require.Equal(t, []string{"items.md"}, missing(strings.ReplaceAll(pages, "(items.md)", "(item.md)"), "docs/*.md", page))
	require.Equal(t, []string{"rotate"}, missing(strings.ReplaceAll(examples, "(rotate/", "(rotation/"), "examples/*", example))
}

// What the table of refused webhooks quotes is what package webhook logs.
func TestDocsQuoteTheLog(t *testing.T) {
	code := sources(t, "webhook/[a-z]*[a-z].go")
	unknown := func(page string) (unknown []string) {
		_, table, _ := strings.Cut(page, "\n## The log\n")
		rows := regexp.MustCompile("(?m)^\\| ((?:record )?`.*?) \\| [0-9, ]*\\|").FindAllStringSubmatch(table, -1)
		require.Greater(t, len(rows), 15)
		for _, row := range rows {
			for _, quoted := range inCode.FindAllStringSubmatch(row[1], -1) {
				text := strings.ReplaceAll(quoted[1], "Plaid-Verification", "%s") // headerName
				for part := range strings.SplitSeq(text, "…") {
					part = strings.TrimSpace(strings.Trim(part, ":, "))
					if !strings.Contains(code, part) {
						unknown = append(unknown, part)
					}
				}
			}
		}
		return unknown
	}
	page := readFile(t, "docs/webhooks-in-production.md")
	require.Empty(t, unknown(page))
	require.Equal(t, []string{"is not the MD5 of the body"}, unknown(strings.Replace(page, "`request_body_sha256 is not the SHA-256 of the body`", "`is not the MD5 of the body`", 1)))
}

// helpOf returns a function that returns the help of a command of the program, or nothing where there is no such command.
func helpOf(t *testing.T) func(command string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "plaidlink.exe")
	printed, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/plaidlink").CombinedOutput()
	require.NoError(t, err, "%s", printed)
	help := map[string]string{}
	return func(command string) string {
		text, ok := help[command]
		if !ok {
			printed, err := exec.CommandContext(t.Context(), program, append(strings.Fields(command), "--help")...).Output()
			if err == nil {
				text = string(printed)
			}
			help[command] = text
		}
		return text
	}
}

// known checks that a command line, as a page shows it, has a command of the program, and flags of that.
func known(usage func(command string) string, line string) error {
	words := strings.Fields(line)
	text := usage(strings.Join(words[:min(2, len(words))], " "))
	if text == "" {
		text = usage(words[0])
	}
	if text == "" {
		return fmt.Errorf("no such command: plaidlink %s", line)
	}
	for _, name := range flagName.FindAllString(line, -1) {
		if !strings.Contains(text, "  "+name+" ") {
			return fmt.Errorf("no such flag: plaidlink %s", line)
		}
	}
	return nil
}

// sources are files put together.
func sources(t *testing.T, patterns ...string) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			all.WriteString(readFile(t, file))
		}
	}
	return all.String()
}

// unindented is code without the tabs and spaces that lines begin with.
func unindented(code string) string {
	return regexp.MustCompile(`(?m)^[\t ]+`).ReplaceAllString(code, "")
}

// Every code that has a constant is in the table, and the reverse.
func TestDocsHaveEveryErrorCode(t *testing.T) {
	constants := regexp.MustCompile(`Code\w+ +ErrorCode = "(\w+)"`).FindAllStringSubmatch(readFile(t, "error_codes.go"), -1)
	rows := regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(readFile(t, "docs/errors.md"), -1)
	require.NotEmpty(t, constants)
	var has, shows []string
	for _, c := range constants {
		has = append(has, c[1])
	}
	for _, row := range rows {
		shows = append(shows, row[1])
	}
	require.Equal(t, has, shows, "the order is that of error_codes.go")
}

// The right column of the table for those who come from plaid-go compiles.
func TestDocsTableForMovingCompiles(t *testing.T) {
	rows := regexp.MustCompile("(?m)^\\| .+ \\| `(.+)` \\|$").FindAllStringSubmatch(readFile(t, "docs/moving-from-plaid-go.md"), -1)
	require.Greater(t, len(rows), 20)
	require.NoError(t, compileRows(t, rows))
	require.Error(t, compileRows(t, append(rows, []string{"", "client.LinkTokenMake(ctx)"})))
}

func compileRows(t *testing.T, rows [][]string) error {
	t.Helper()
	source := `package moving
import ("context"; "errors"; "net/http"
"github.com/plaidlink/plaidlink-go"; "github.com/plaidlink/plaidlink-go/examples/transactions/plaidapi"; "github.com/plaidlink/plaidlink-go/gen"
"github.com/plaidlink/plaidlink-go/webhook")
func _(use func(...any), ctx context.Context, err error, client *plaidlink.Client, created *gen.LinkTokenCreateResponse,
id, name, token, url string, secret plaidlink.Secret, httpClient *http.Client, countries []gen.CountryCode,
user *gen.LinkTokenCreateRequestUser, perr *plaidlink.Error, response plaidlink.Response) {
`
	for _, row := range rows {
		source += "use(" + row[1] + ")\n"
	}
	return compile(t, map[string]string{"docs/moving": source + "_, _ = errors.Is, webhook.NewVerifier\n}\n"})
}

func TestVersionIsOfTheChangelog(t *testing.T) {
	released := strings.Replace(readFile(t, "CHANGELOG.md"), "\n## Unreleased\n", "\n", 1)
	_, newest, _ := strings.Cut(released, "\n## ")
	require.True(t, strings.HasPrefix(newest, plaidlink.Version+"\n"), "the newest entry is not %s", plaidlink.Version)
}
