// Command release checks whether a version can be released, and says what to do then. It is a dry run: it changes nothing.
//
//	release [-root DIR] VERSION
//
// The version is the next one after the newest tag, CHANGELOG.md and version.go have it, api/go-api.txt records the exported
// API as it is, everything is committed, and there is no such tag yet.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, compareAPI)) }

// run gives the exit code: 1 when there is a problem, 2 when it is called wrongly.
func run(args []string, stdout, stderr io.Writer, api func(root string) (string, error)) int {
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("root", ".", "the repository's `folder`")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	version, err := parse(strings.TrimPrefix(flags.Arg(0), "v"))
	if flags.NArg() != 1 || err != nil {
		fmt.Fprintln(stderr, "release: expected one version, such as 0.2.0")
		return 2
	}
	problems := check(*root, version, api)
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
func check(root string, version semver, api func(root string) (string, error)) (problems []string) {
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }

	tags, err := git(root, "tag", "--list", "v*")
	if err != nil {
		return []string{err.Error()}
	}
	if err := version.follows(strings.Fields(tags)); err != nil {
		problem("%v", err)
	}
	if status, err := git(root, "status", "--porcelain"); err != nil {
		problem("%v", err)
	} else if status != "" {
		problem("expected everything to be committed:\n%s", strings.TrimRight(status, "\n"))
	}
	for _, c := range []struct{ file, expected string }{
		{"version.go", fmt.Sprintf("\nconst Version = %q\n", version)},
		{"CHANGELOG.md", fmt.Sprintf("\n## %s\n", version)},
		{"api/go-api.txt", fmt.Sprintf("# The exported API of version %s\n", version)},
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

// compareAPI gives what apicheck tells of changes, which at a release are none.
func compareAPI(root string) (string, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	cmd := exec.Command("go", "run", "./apicheck", "-root", root)
	cmd.Dir = filepath.Join(root, "internal", "tools")
	said, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("apicheck: %w\n%s", err, said)
	}
	var changes []string
	for line := range strings.Lines(string(said)) {
		if strings.HasPrefix(line, "+ ") || strings.HasPrefix(line, "announced: ") {
			changes = append(changes, strings.TrimSpace(line))
		}
	}
	return strings.Join(changes, "\n"), nil
}

func git(root string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-C", root}, args...)...)
	said, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(string(said)))
	}
	return string(said), nil
}
