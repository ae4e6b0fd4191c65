package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/types"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// apiReport is what changed for programs that import the module, a line each.
type apiReport struct{ breaking, compatible []string }

// apiChanges compares the packages that a program can import.
func apiChanges(before, after string) (*apiReport, error) {
	old, err := exported(before)
	if err != nil {
		return nil, err
	}
	new, err := exported(after)
	if err != nil {
		return nil, err
	}
	report := &apiReport{}
	for _, path := range slices.Sorted(maps.Keys(old)) {
		if new[path] == nil {
			report.breaking = append(report.breaking, "package "+path+": removed")
			continue
		}
		for _, c := range apidiff.Changes(old[path], new[path]).Changes {
			line := old[path].Name() + "." + c.Message
			// Nobody but the generated client is that interface: a method more breaks no program.
			added := strings.HasPrefix(c.Message, "ClientInterface.") && strings.HasSuffix(c.Message, ": added")
			if c.Compatible || added {
				report.compatible = append(report.compatible, line)
			} else {
				report.breaking = append(report.breaking, line)
			}
		}
	}
	slices.Sort(report.breaking)
	slices.Sort(report.compatible)
	return report, nil
}

// exported loads the module's packages that are not internal, commands or examples, by path.
func exported(dir string) (map[string]*types.Package, error) {
	config := &packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedFiles | packages.NeedImports, Dir: dir,
		Env: append(os.Environ(), "GOFLAGS=-mod=readonly -trimpath", "GOWORK=off")}
	loaded, err := packages.Load(config, "./...")
	if err != nil {
		return nil, fmt.Errorf("load the packages of %s: %w", dir, err)
	}
	found := map[string]*types.Package{}
	for _, pkg := range loaded {
		if pkg.Name == "main" || strings.Contains(pkg.PkgPath+"/", "/internal/") || strings.Contains(pkg.PkgPath, "/examples/") {
			continue
		}
		if len(pkg.Errors) > 0 {
			return nil, fmt.Errorf("load the packages of %s: %w", dir, pkg.Errors[0])
		}
		found[pkg.PkgPath] = pkg.Types
	}
	if len(found) == 0 {
		return nil, errors.New("load the packages of " + cmp.Or(dir, ".") + ": found none")
	}
	return found, nil
}
