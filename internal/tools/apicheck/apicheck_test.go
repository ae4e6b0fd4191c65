package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

const source = `package plaidlink

const Version = "0.1.0"

type Request struct {
	Name string
	Size int
}

func (*Request) Send() error { return nil }

func New(name string) (*Request, error) { return nil, nil }
`

// module is a repository with one file, whose API is recorded.
func module(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	put(t, root, "go.mod", "module example.com/plaidlink\n\ngo 1.26\n")
	put(t, root, "a.go", source)
	put(t, root, "version.go", "package plaidlink\n\n// Kept apart.\n\nconst version = Version\n")
	put(t, root, "CHANGELOG.md", "# Changelog\n\n## 0.1.0\n\n- First.\n")
	put(t, root, "api/README", "")
	git(t, root, "init", "-q")
	git(t, root, "add", ".")
	git(t, root, "commit", "-q", "-m", "all")
	return root
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o644))
}

func git(t *testing.T, root string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", root}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
}

// What is recorded names the commit, and every later change is judged against that commit.
func TestRecordAndCheck(t *testing.T) {
	root := module(t)
	ctx := t.Context()
	require.ErrorContains(t, check(ctx, root, nil), "run `make api`")
	require.ErrorContains(t, record(ctx, root, nil), "version.go: expected")
	put(t, root, "version.go", "package plaidlink\n\nconst Version = \"0.1.0\"\n")
	put(t, root, "a.go", strings.Replace(source, "const Version = \"0.1.0\"\n", "", 1))
	require.ErrorContains(t, record(ctx, root, nil), "expected every Go file to be committed")
	git(t, root, "commit", "-q", "-a", "-m", "version")
	require.NoError(t, record(ctx, root, nil))
	first, err := os.ReadFile(filepath.Join(root, goapi.File))
	require.NoError(t, err)
	require.NoError(t, record(ctx, root, nil))
	second, err := os.ReadFile(filepath.Join(root, goapi.File))
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
	require.Regexp(t, "^# The exported API of version 0.1.0, at commit [0-9a-f]{40}\n#", string(first))
	for _, line := range []string{"plaidlink.New func(name string) (*plaidlink.Request, error)", "plaidlink.Request struct plaidlink.Request",
		"plaidlink.Request.Size field int", "plaidlink.Request.Send func() error"} {
		require.Contains(t, string(first), "\n"+line+"\n")
	}
	require.NotContains(t, string(first), "Version")

	code := strings.Replace(source, "const Version = \"0.1.0\"\n", "", 1)
	for _, c := range []struct{ name, old, new, changelog, refused, told string }{
		{"nothing", "", "", "", "", "0 additions"},
		{"a function more", "func New(", "func Old() {}\n\nfunc New(", "", "", "+ plaidlink.Old: added"},
		{"a field less", "Size int", "size int", "", "plaidlink.Request.Size: removed\n    0.1.0 is the version recorded", ""},
		{"a field less, announced", "Size int", "size int", "## 0.2.0\n\n- Breaking: `plaidlink.Request.Size` is gone.\n", "", "announced: plaidlink.Request.Size: removed"},
		{"a method less, its type announced", "Send()", "send()", "## 0.2.0\n\n- Breaking: there is less in\n  `plaidlink.Request`.\n", "", "announced: plaidlink.(*Request).Send: removed"},
		{"a parameter more", "New(name string)", "New(name string, size int)", "## 0.2.0\n\n- Breaking: `plaidlink.Request`\n", "expected an item of section 0.2.0 of CHANGELOG.md: - Breaking: `plaidlink.New`", ""},
	} {
		put(t, root, "a.go", strings.Replace(code, c.old, c.new, 1))
		put(t, root, "CHANGELOG.md", "# Changelog\n\n"+c.changelog+"\n## 0.1.0\n\n- First.\n")
		var out strings.Builder
		err := check(ctx, root, &out)
		if c.refused == "" {
			require.NoError(t, err, c.name)
			require.Contains(t, out.String(), c.told, c.name)
		} else {
			require.ErrorContains(t, err, c.refused, c.name)
		}
	}

	// A type that moved to another package, and left an alias, is the same to callers; without one it is gone.
	put(t, root, "CHANGELOG.md", "# Changelog\n\n## 0.2.0\n\n- Second.\n")
	put(t, root, "wire/wire.go", "package wire\n\ntype Request struct {\n\tName string\n\tSize int\n}\n\nfunc (*Request) Send() error { return nil }\n")
	put(t, root, "a.go", "package plaidlink\n\nimport \"example.com/plaidlink/wire\"\n\ntype Request = wire.Request\n\nfunc New(name string) (*Request, error) { return nil, nil }\n")
	require.NoError(t, check(ctx, root, new(strings.Builder)))
	put(t, root, "a.go", "package plaidlink\n\nimport \"example.com/plaidlink/wire\"\n\nfunc New(name string) (*wire.Request, error) { return nil, nil }\n")
	require.ErrorContains(t, check(ctx, root, new(strings.Builder)), "plaidlink.Request: removed")

	// A clone without the commit says what to do.
	git(t, root, "add", ".")
	git(t, root, "commit", "-q", "-m", "next")
	git(t, root, "commit", "-q", "-m", "last", "--allow-empty")
	shallow := filepath.Join(t.TempDir(), "clone")
	git(t, root, "clone", "-q", "--depth", "1", "file://"+root, shallow)
	require.ErrorContains(t, check(ctx, shallow, nil), "too shallow")
	put(t, root, goapi.File, strings.Replace(string(first), "commit ", "commit 0", 1))
	require.ErrorContains(t, check(ctx, root, nil), "is not in the repository")
}

// What the changelog must say, for a field that is gone.
func TestAnnouncements(t *testing.T) {
	for name, c := range map[string]struct{ changelog, refused string }{
		"the field":                {"# C\n\n## 0.2.0\n\n- Breaking: `plaidlink.Request.Size` is gone.\n", ""},
		"its type":                 {"# C\n\n## 0.2.0\n\n- Other.\n- Breaking: there is less in\n  `plaidlink.Request`.\n", ""},
		"in Unreleased":            {"# C\n\n## Unreleased\n\n- Breaking: `plaidlink.Request.Size`\n", ""},
		"the next major":           {"# C\n\n## 1.0.0\n\n- Breaking: `plaidlink.Request.Size`\n", ""},
		"another field":            {"# C\n\n## 0.2.0\n\n- Breaking: `plaidlink.Request.Siz`\n", "expected an item of section 0.2.0"},
		"the whole package":        {"# C\n\n## 0.2.0\n\n- Breaking: `plaidlink`\n", "expected an item of section 0.2.0"},
		"without the word":         {"# C\n\n## 0.2.0\n\n- `plaidlink.Request.Size` is gone.\n", "expected an item of section 0.2.0"},
		"in an older section":      {"# C\n\n## 0.2.0\n\n- No.\n\n## 0.1.1\n\n- Breaking: `plaidlink.Request.Size`\n", "expected an item of section 0.2.0"},
		"in a patch":               {"# C\n\n## 0.1.1\n\n- Breaking: `plaidlink.Request.Size`\n", "0.1.1 must not break 0.1.0"},
		"in the one recorded":      {"# C\n\n## 0.1.0\n\n- Breaking: `plaidlink.Request.Size`\n", "0.1.0 is the version recorded"},
		"in what is not a version": {"# C\n\n## Soon\n\n- Breaking: `plaidlink.Request.Size`\n", `and "Soon"`},
		"no section":               {"# C\n", `and ""`},
	} {
		t.Run(name, func(t *testing.T) {
			err := newest(c.changelog).announces(symbol("plaidlink.Request.Size: removed"), "0.1.0")
			if c.refused == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.refused)
			}
		})
	}
}
