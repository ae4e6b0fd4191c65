// Package main compares the exported API of the module with that of the commit which api/go-api.txt names, by apidiff, and
// refuses an incompatible change that the changelog does not announce. With -write it records the present API and commit, as a
// release does.
//
//	go test ./apicheck -args -root DIR [-write]
//
// Without -root it tests itself. An announcement is an item of the newest section of CHANGELOG.md, which names what it breaks,
// or its type:
//
//   - Breaking: `gen.LinkTokenCreateRequest.Language` is a list now.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

func TestMain(m *testing.M) {
	root := flag.String("root", "", "check the module in this `folder`, in place of the tests")
	write := flag.Bool("write", false, "with -root: record the present API in place of comparing it")
	flag.Parse()
	if *root == "" {
		os.Exit(m.Run())
	}
	run := check
	if *write {
		run = record
	}
	if err := run(context.Background(), *root, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "apicheck:", err)
		os.Exit(1)
	}
}

var versionConst = regexp.MustCompile(`(?m)^const Version = "(\d+\.\d+\.\d+)"$`)

// record writes the API of the newest commit, which must be that of the files.
func record(ctx context.Context, root string, _ io.Writer) error {
	commit, err := goapi.Git(ctx, root, "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	if status, err := goapi.Git(ctx, root, "status", "--porcelain", "--", "*.go"); err != nil || len(status) > 0 {
		return errors.Join(err, fmt.Errorf("expected every Go file to be committed, so that the commit has the API:\n%s", status))
	}
	version, err := os.ReadFile(filepath.Join(root, "version.go"))
	if err != nil {
		return err
	}
	m := versionConst.FindSubmatch(version)
	if m == nil {
		return errors.New("version.go: expected `const Version = \"1.2.3\"`")
	}
	now, err := goapi.Load(ctx, root)
	if err != nil {
		return err
	}
	text := fmt.Sprintf(goapi.Head, m[1], strings.TrimSpace(string(commit))) +
		"# Written by `make api`, for eyes. What breaks is judged by apidiff on that commit; see internal/tools/apicheck.\n" + listing(now)
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(goapi.File)), []byte(text), 0o644)
}

func check(ctx context.Context, root string, stdout io.Writer) error {
	changes, version, err := goapi.Since(ctx, root, "")
	if err != nil {
		return err
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	for _, line := range changes.Compatible {
		fmt.Fprintln(stdout, "+", line)
	}
	var refused []string
	for _, line := range changes.Breaking {
		if err := newest(string(changelog)).announces(symbol(line), version); err != nil {
			refused = append(refused, fmt.Sprintf("%s\n    %v", line, err))
		} else {
			fmt.Fprintln(stdout, "announced:", line)
		}
	}
	if len(refused) > 0 {
		return errors.New("incompatible with " + version + ":\n" + strings.Join(refused, "\n"))
	}
	fmt.Fprintf(stdout, "the API is compatible with %s, or CHANGELOG.md announces where it is not: %d additions\n", version, len(changes.Compatible))
	return nil
}

// symbol is what a line of apidiff is about, as CHANGELOG.md names it: plaidlink.Client.Post.
func symbol(line string) string {
	name, _, _ := strings.Cut(line, ": ")
	name, _, _ = strings.Cut(name, ", method set of ")
	return strings.NewReplacer("(*", "", "(", "", ")", "").Replace(name)
}
