// Package goapi reports whether the Go API of the module breaks, for the bump and for `make check` alike.
package goapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/types"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// Changes are what an importer notices, a line each: the symbol, a colon and what became of it.
type Changes struct{ Breaking, Compatible []string }

// Compare compares the packages of two versions of the module, by path.
func Compare(old, now map[string]*types.Package) (c Changes) {
	for _, path := range slices.Sorted(maps.Keys(now)) {
		if old[path] == nil {
			c.Compatible = append(c.Compatible, now[path].Name()+": added")
		}
	}
	for _, path := range slices.Sorted(maps.Keys(old)) {
		if now[path] == nil {
			c.Breaking = append(c.Breaking, old[path].Name()+": removed")
			continue
		}
		for _, change := range apidiff.Changes(old[path], now[path]).Changes {
			line := old[path].Name() + "." + change.Message
			if strings.HasPrefix(line, "plaidlink.Version: value changed") || moved(line) {
				continue
			}
			if change.Compatible {
				c.Compatible = append(c.Compatible, line)
			} else {
				c.Breaking = append(c.Breaking, line)
			}
		}
	}
	slices.Sort(c.Breaking)
	slices.Sort(c.Compatible)
	return c
}

// moved reports whether a change is that a type is in another package of the module by now, and its old name an alias of it.
// Without the alias there is another line, of the name that was removed.
func moved(line string) bool {
	m := typeChange.FindStringSubmatch(line)
	return m != nil && packagePath.ReplaceAllString(m[1], "") == packagePath.ReplaceAllString(m[2], "")
}

var (
	typeChange  = regexp.MustCompile(`: changed from (.+) to (.+)$`)
	packagePath = regexp.MustCompile(`[\w.-]+(/[\w.-]+)+\.`)
)

// Load returns the packages of a module that a program can import, by path: those that are not internal, commands or examples.
func Load(ctx context.Context, dir string) (map[string]*types.Package, error) {
	all, err := load(ctx, dir, packages.NeedName, "./...")
	if err != nil {
		return nil, err
	}
	var public []string
	for _, pkg := range all {
		if path := pkg.PkgPath + "/"; pkg.Name != "main" && !strings.Contains(path, "/internal/") && !strings.Contains(path, "/examples/") {
			public = append(public, pkg.PkgPath)
		}
	}
	if len(public) == 0 {
		return nil, errors.New("load the packages of " + cmp.Or(dir, ".") + ": found none")
	}
	if all, err = load(ctx, dir, packages.NeedName|packages.NeedTypes|packages.NeedImports, public...); err != nil {
		return nil, err
	}
	found := map[string]*types.Package{}
	for _, pkg := range all {
		if len(pkg.Errors) > 0 {
			return nil, fmt.Errorf("load the packages of %s: %w", dir, pkg.Errors[0])
		}
		found[pkg.PkgPath] = pkg.Types
	}
	return found, nil
}

func load(ctx context.Context, dir string, mode packages.LoadMode, patterns ...string) ([]*packages.Package, error) {
	config := &packages.Config{Context: ctx, Mode: mode, Dir: dir, Env: Env()}
	all, err := packages.Load(config, patterns...)
	if err != nil {
		return nil, fmt.Errorf("load the packages of %s: %w", dir, err)
	}
	return all, nil
}

// Env is the environment of the go command.
func Env() []string {
	return append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -mod=readonly"), "GOWORK=off")
}
