// Command apicheck compares the exported API of the module with the one that api/go-api.txt records, and refuses an
// incompatible change that the changelog does not announce. With -write it records the present API, as a release does.
//
// The file has a line for each promise to an importer: that a thing exists, its type, a constant's value, that a struct can
// be compared, that an interface can be implemented. A line that goes away is an incompatible change, and so is a method
// more in an interface that others implement. Everything else that is new is an addition, which is told and accepted.
//
// An announcement is an item of the newest section of CHANGELOG.md, which names what it breaks, or its type:
//
//   - Breaking: `gen.LinkTokenCreateRequest.Language` is a list now.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	root := flag.String("root", ".", "folder of the module")
	write := flag.Bool("write", false, "record the present API in place of comparing it")
	flag.Parse()
	if err := run(*root, *write, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, write bool, stdout io.Writer) error {
	now, err := load(root)
	if err != nil {
		return fmt.Errorf("apicheck: %w", err)
	}
	file := filepath.Join(root, "api", "go-api.txt")
	if write {
		if err := os.WriteFile(file, now.marshal(), 0o644); err != nil {
			return fmt.Errorf("apicheck: %w", err)
		}
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("apicheck: %w: run `make api`", err)
	}
	recorded, err := unmarshal(string(text))
	if err != nil {
		return fmt.Errorf("apicheck: %s: %w", file, err)
	}
	changelog, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return fmt.Errorf("apicheck: %w", err)
	}
	changes := compare(recorded.lines, now.lines)
	for _, line := range changes.added {
		fmt.Fprintln(stdout, "+", line)
	}
	var refused []string
	for _, broken := range changes.broken {
		if err := newest(string(changelog)).announces(broken.symbol, recorded.version); err != nil {
			refused = append(refused, fmt.Sprintf("%s\n    %v", broken.text, err))
		} else {
			fmt.Fprintln(stdout, "announced:", broken.text)
		}
	}
	if len(refused) > 0 {
		return errors.New("apicheck: incompatible with " + recorded.version + ":\n" + strings.Join(refused, "\n"))
	}
	fmt.Fprintf(stdout, "the API is compatible with %s, or CHANGELOG.md says where it is not: %d lines recorded, %d added\n",
		recorded.version, len(recorded.lines), len(changes.added))
	return nil
}
