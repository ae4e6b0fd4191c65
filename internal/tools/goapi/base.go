package goapi

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// Recorded returns the version and the commit that File names.
func Recorded(root string) (version, commit string, err error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(File)))
	if err != nil {
		return "", "", fmt.Errorf("%w: run `make api`", err)
	}
	m := head.FindSubmatch(text)
	if m == nil {
		return "", "", fmt.Errorf("%s: expected a first line %q: run `make api`", File, strings.TrimSpace(Head))
	}
	return string(m[1]), string(m[2]), nil
}

// Since compares a folder of the module with the commit that its File names.
func Since(ctx context.Context, root string) (changes Changes, version string, err error) {
	version, commit, err := Recorded(root)
	if err != nil {
		return changes, "", err
	}
	dir, done, err := Checkout(ctx, root, commit)
	if err != nil {
		return changes, "", err
	}
	defer done()
	old, err := Load(ctx, dir)
	if err != nil {
		return changes, "", err
	}
	now, err := Load(ctx, root)
	return Compare(old, now), version, err
}

// Checkout writes the files of a commit to a temporary folder, which done deletes.
func Checkout(ctx context.Context, root, commit string) (dir string, done func(), err error) {
	if _, err := Git(ctx, root, "cat-file", "-e", commit+"^{commit}"); err != nil {
		if shallow, _ := Git(ctx, root, "rev-parse", "--is-shallow-repository"); strings.TrimSpace(string(shallow)) == "true" {
			return "", nil, fmt.Errorf("the clone is too shallow for commit %s, which %s names: run `git fetch --unshallow --tags`", commit, File)
		}
		return "", nil, fmt.Errorf("commit %s is not in the repository: fetch it, or run `make api`", commit)
	}
	archive, err := Git(ctx, root, "archive", "--format=tar", commit)
	if err != nil {
		return "", nil, err
	}
	if dir, err = os.MkdirTemp("", "plaidlink-base-"); err != nil {
		return "", nil, err
	}
	done = func() { os.RemoveAll(dir) }
	if err := extract(dir, archive); err != nil {
		done()
		return "", nil, fmt.Errorf("write commit %s: %w", commit, err)
	}
	return dir, done, nil
}

func extract(dir string, archive []byte) error {
	files := tar.NewReader(bytes.NewReader(archive))
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg || !filepath.IsLocal(header.Name) {
			continue
		}
		name := filepath.Join(dir, header.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		data, err := io.ReadAll(files)
		if err == nil {
			err = os.WriteFile(name, data, fs.FileMode(0o644))
		}
		if err != nil {
			return err
		}
	}
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
