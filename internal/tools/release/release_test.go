package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

// repository is one whose next release is 0.2.0.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	run := func(args ...string) {
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", said)
	}
	run("init", "-q")
	write(t, root, "version.go", "package p\n\nconst Version = \"0.2.0\"\n")
	write(t, root, "CHANGELOG.md", "# Changelog\n\n## 0.2.0\n\n- New.\n\n## 0.1.0\n\n- First.\n")
	write(t, root, "api/go-api.txt", "# The exported API of version 0.2.0, at commit abc\n# Written.\nplaidlink.A func()\n")
	run("add", ".")
	run("commit", "-q", "-m", "all")
	for _, tag := range []string{"v0.0.9", "v0.1.0", "v0.1.0-rc.1", "vendored"} {
		run("tag", tag)
	}
	return root
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

func same(string) (string, error) { return "", nil }

func TestRelease(t *testing.T) {
	root := repository(t)
	var stdout, stderr bytes.Buffer
	require.Zero(t, run(root, []string{"v0.2.0"}, &stdout, &stderr, same), stderr.String())
	require.Contains(t, stdout.String(), "git tag -a v0.2.0 -m v0.2.0\n")
	require.Empty(t, stderr.String())

	tags, err := goapi.Git(t.Context(), root, "tag", "--list")
	require.NoError(t, err)
	require.NotContains(t, string(tags), "0.2.0", "it is a dry run")
}

func TestReleaseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		version, problem string
		change           func(root string)
	}{
		"a change that is not committed": {"0.2.0", "?? new.go", func(root string) { write(t, root, "new.go", "package p\n") }},
		"another version in the code": {"0.2.0", `version.go: expected "const Version`, func(root string) {
			write(t, root, "version.go", "package p\n\nconst Version = \"0.1.0\"\n")
		}},
		"no section of the changelog": {"0.2.0", `CHANGELOG.md: expected "## 0.2.0"`, func(root string) {
			write(t, root, "CHANGELOG.md", "# Changelog\n\n## 0.1.0\n")
		}},
		"a section that is not released": {"0.2.0", "CHANGELOG.md: expected 0.2.0 as its first section", func(root string) {
			write(t, root, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 0.2.0\n")
		}},
		"the API of another version": {"0.2.0", "api/go-api.txt: expected", func(root string) {
			write(t, root, "api/go-api.txt", "# The exported API of version 0.1.0, at commit abc\n")
		}},
		"no file of the API": {"0.2.0", "go-api.txt", func(root string) {
			require.NoError(t, os.Remove(filepath.Join(root, "api/go-api.txt")))
		}},
		"a tag that exists":    {"0.1.0", "the tag v0.1.0 exists already", nil},
		"an older version":     {"0.0.10", "expected one of [0.1.1 0.2.0 1.0.0] after the tag v0.1.0", nil},
		"a version left out":   {"0.3.0", "expected one of [0.1.1 0.2.0 1.0.0] after the tag v0.1.0", nil},
		"a folder without git": {"0.2.0", "git tag", func(root string) { require.NoError(t, os.RemoveAll(filepath.Join(root, ".git"))) }},
	} {
		t.Run(name, func(t *testing.T) {
			root := repository(t)
			if c.change != nil {
				c.change(root)
			}
			var stdout, stderr bytes.Buffer
			require.Equal(t, 1, run(root, []string{c.version}, &stdout, &stderr, same))
			require.Contains(t, stderr.String(), c.problem)
			require.Empty(t, stdout.String())
		})
	}
}

func TestReleaseRefusesAnotherAPI(t *testing.T) {
	root := repository(t)
	for _, c := range []struct {
		difference string
		err        error
		problem    string
	}{
		{"+ plaidlink.B func()", nil, "run `make api`:\n+ plaidlink.B func()"},
		{"", errors.New("apicheck: incompatible"), "apicheck: incompatible"},
	} {
		var stderr bytes.Buffer
		api := func(string) (string, error) { return c.difference, c.err }
		require.Equal(t, 1, run(root, []string{"0.2.0"}, &bytes.Buffer{}, &stderr, api))
		require.Contains(t, stderr.String(), c.problem)
	}
}

func TestReleaseUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"1"}, {"1.2.3", "4.5.6"}, {"1.2.3-rc.1"}, {"01.2.3"}, {"-nothing"}, {""}} {
		require.Equal(t, 2, run(t.TempDir(), args, &bytes.Buffer{}, &bytes.Buffer{}, same), "%q", args)
	}
}

// The first release has nothing to follow, and 0.10.0 comes after 0.9.0.
func TestOrder(t *testing.T) {
	require.NoError(t, follows("0.10.1", []string{"v0.10.0", "v0.9.0"}))
	require.Error(t, follows("0.9.1", []string{"v0.10.0", "v0.9.0"}))
	require.NoError(t, follows("0.1.0", nil))
	require.NoError(t, follows("0.1.0", []string{"vendored"}))
}
