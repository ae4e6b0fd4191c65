// Package main checks whether a version can be released, and says what to do then. It is a dry run: it changes nothing.
//
//	go test ./release -args -root DIR VERSION
//
// Without -root it tests itself. The version is the next one after the newest tag, CHANGELOG.md and version.go have it,
// api/go-api.txt records the exported API as it is, everything is committed, and there is no such tag yet.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/semver"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

func TestMain(m *testing.M) {
	root := flag.String("root", "", "check the repository in this `folder`, in place of the tests")
	flag.Parse()
	if *root == "" {
		os.Exit(m.Run())
	}
	os.Exit(run(*root, flag.Args(), os.Stdout, os.Stderr, compareAPI))
}

// run returns the exit code: 1 when there is a problem, 2 after a wrong call.
func run(root string, args []string, stdout, stderr io.Writer, api func(root string) (string, error)) int {
	if len(args) != 1 || !goapi.IsVersion(strings.TrimPrefix(args[0], "v")) {
		fmt.Fprintln(stderr, "release: expected one version, such as 0.2.0")
		return 2
	}
	version := strings.TrimPrefix(args[0], "v")
	problems := check(root, version, api)
	for _, problem := range problems {
		fmt.Fprintln(stderr, "release:", problem)
	}
	if len(problems) > 0 {
		return 1
	}
	fmt.Fprintf(stdout, "%s can be released. Once CI has passed:\n\n", version)
	fmt.Fprintf(stdout, "\tgit tag -a v%s -m v%s\n\tgit push origin v%s\n", version, version, version)
	return 0
}

// check finds everything that is wrong, so that one run is enough.
func check(root, version string, api func(root string) (string, error)) (problems []string) {
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }

	tags, err := goapi.Git(context.Background(), root, "tag", "--list", "v*")
	if err != nil {
		return []string{err.Error()}
	}
	if err := follows(version, strings.Fields(string(tags))); err != nil {
		problem("%v", err)
	}
	if status, err := goapi.Git(context.Background(), root, "status", "--porcelain"); err != nil {
		problem("%v", err)
	} else if len(status) > 0 {
		problem("expected everything to be committed:\n%s", strings.TrimRight(string(status), "\n"))
	}
	for _, c := range []struct{ file, expected string }{
		{"version.go", fmt.Sprintf("\nconst Version = %q\n", version)},
		{"CHANGELOG.md", fmt.Sprintf("\n## %s\n", version)},
		{"api/go-api.txt", fmt.Sprintf("# The exported API of version %s, at commit ", version)},
	} {
		text, err := os.ReadFile(filepath.Join(root, c.file))
		if err != nil {
			problem("%v", err)
		} else if !strings.Contains(string(text), c.expected) {
			problem("%s: expected %q", c.file, strings.TrimSpace(c.expected))
		} else if c.file == "CHANGELOG.md" {
			if before, _, _ := strings.Cut(string(text), c.expected); strings.Contains(before, "\n## ") {
				problem("CHANGELOG.md: expected %s as its first section", version)
			}
		}
	}
	switch difference, err := api(root); {
	case err != nil:
		problem("%v", err)
	case difference != "":
		problem("api/go-api.txt: expected the API as it is, run `make api`:\n%s", difference)
	}
	return problems
}

// compareAPI returns what has changed since the commit that api/go-api.txt names, which at a release is nothing.
func compareAPI(root string) (string, error) {
	changes, _, err := goapi.Since(context.Background(), root, "")
	return strings.Join(slices.Concat(changes.Breaking, changes.Compatible), "\n"), err
}

// follows returns why a version is not the next one after the tags of a repository, or nil. Tags of another form are not releases.
func follows(version string, tags []string) error {
	tags = slices.DeleteFunc(tags, func(tag string) bool { return !goapi.IsVersion(strings.TrimPrefix(tag, "v")) })
	if len(tags) == 0 {
		return nil
	}
	if slices.Contains(tags, "v"+version) {
		return fmt.Errorf("the tag v%s exists already", version)
	}
	newest := slices.MaxFunc(tags, semver.Compare)
	patch, minor, major := goapi.Next(newest[1:])
	if next := []string{patch, minor, major}; !slices.Contains(next, version) {
		return fmt.Errorf("expected one of %v after the tag %s", next, newest)
	}
	return nil
}
