package goapi

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// File lists the exported API, for eyes. Its first line names the version and the commit whose API must not break.
const File = "api/go-api.txt"

// Head is the first line of File.
const Head = "# The exported API of version %s, at commit %s\n"

var head = regexp.MustCompile(`^# The exported API of version (\S+), at commit (\S+)\n`)

// Since compares a folder of the module with another, or with the commit that its File names. It returns what that is of.
func Since(ctx context.Context, root, base string) (changes Changes, version string, err error) {
	if base == "" {
		dir, recorded, done, err := recorded(ctx, root)
		if err != nil {
			return changes, "", err
		}
		defer done()
		base, version = dir, recorded
	}
	old, err := Load(ctx, base)
	if err != nil {
		return changes, "", err
	}
	now, err := Load(ctx, root)
	return Compare(old, now), cmp.Or(version, base), err
}

// recorded writes the files of the commit that the File names to a temporary folder.
func recorded(ctx context.Context, root string) (dir, version string, done func(), err error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(File)))
	if err != nil {
		return "", "", nil, fmt.Errorf("%w: run `make api`", err)
	}
	m := head.FindSubmatch(text)
	if m == nil {
		return "", "", nil, fmt.Errorf("%s: expected a first line %q: run `make api`", File, strings.TrimSpace(Head))
	}
	dir, done, err = Checkout(ctx, root, string(m[2]))
	return dir, string(m[1]), done, err
}

// Checkout writes the files of a commit to a temporary folder, which done deletes.
func Checkout(ctx context.Context, root, commit string) (dir string, done func(), err error) {
	if _, err := Git(ctx, root, "cat-file", "-e", commit+"^{commit}"); err != nil {
		if shallow, _ := Git(ctx, root, "rev-parse", "--is-shallow-repository"); strings.TrimSpace(string(shallow)) == "true" {
			return "", nil, fmt.Errorf("the clone is too shallow for commit %s, which %s names: run `git fetch --unshallow --tags`", commit, File)
		}
		return "", nil, fmt.Errorf("commit %s is not in the repository: fetch it, or run `make api`", commit)
	}
	archive, err := Git(ctx, root, "archive", "--format=zip", commit)
	if err != nil {
		return "", nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return "", nil, fmt.Errorf("read commit %s: %w", commit, err)
	}
	if dir, err = os.MkdirTemp("", "plaidlink-base-"); err != nil {
		return "", nil, err
	}
	done = func() { os.RemoveAll(dir) }
	if err := os.CopyFS(dir, files); err != nil {
		done()
		return "", nil, fmt.Errorf("write commit %s: %w", commit, err)
	}
	return dir, done, nil
}

// Git runs git in a folder.
func Git(ctx context.Context, root string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}
