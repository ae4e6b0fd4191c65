package main

import (
	"cmp"
	"context"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"

	"github.com/plaidlink/plaidlink-go/internal/tools/goapi"
)

// compile type-checks everything, tests too, and returns the places that no longer compile by their cause: the change of the
// generated code, as apidiff words it, that the same line used before, or else what the compiler says.
func (b *bump) compile(ctx context.Context) (map[string][]string, error) {
	now, err := load(ctx, b.root)
	if err != nil {
		return nil, err
	}
	failed := map[string]string{} // messages by place
	for _, pkg := range now {
		for _, e := range pkg.Errors {
			if e.Kind == packages.ListError && len(pkg.Syntax) > 0 { // the same, as the go command says it
				continue
			}
			place := relative(b.root, strings.TrimSuffix(strings.TrimRight(e.Pos, "0123456789"), ":")) // without the column
			failed[place] = cmp.Or(failed[place], e.Msg)
		}
	}
	if len(failed) == 0 {
		return nil, nil
	}
	dir := b.base
	if dir == "" {
		head, done, err := goapi.Checkout(ctx, b.root, "HEAD")
		if err != nil {
			return nil, err
		}
		defer done()
		dir = head
	}
	old, err := load(ctx, dir)
	if err != nil {
		return nil, err
	}
	used := causes(dir, old, now)
	places := map[string][]string{}
	for _, place := range slices.Sorted(maps.Keys(failed)) {
		if len(used[place]) == 0 {
			used[place] = []string{failed[place]}
		}
		for _, cause := range used[place] {
			places[cause] = append(places[cause], place)
		}
	}
	return places, nil
}

func load(ctx context.Context, dir string) ([]*packages.Package, error) {
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedTypes |
		packages.NeedSyntax | packages.NeedTypesInfo
	return packages.Load(&packages.Config{Context: ctx, Mode: mode, Dir: dir, Tests: true, Env: goapi.Env()}, "./...")
}

// causes are the breaking changes of the generated package by the places of the old code that use what they are about.
func causes(dir string, old, now []*packages.Package) map[string][]string {
	was, is := generated(old), generated(now)
	if was == nil || is == nil {
		return nil
	}
	changes := map[string]string{} // by symbol
	for _, c := range apidiff.Changes(was.Types, is.Types).Changes {
		if symbol, _, _ := strings.Cut(c.Message, ": "); !c.Compatible {
			changes[symbol] = c.Message
		}
	}
	symbols := map[token.Pos]string{} // by where they are declared
	for _, name := range was.Types.Scope().Names() {
		object := was.Types.Scope().Lookup(name)
		symbols[object.Pos()] = name
		if structure, ok := object.Type().Underlying().(*types.Struct); ok {
			for field := range structure.Fields() {
				symbols[field.Pos()] = name + "." + field.Name()
			}
		}
	}
	used := map[string][]string{}
	for _, pkg := range old {
		for ident, object := range pkg.TypesInfo.Uses {
			change := changes[symbols[object.Pos()]]
			place := relative(dir, line(pkg.Fset, ident.Pos()))
			if change != "" && !slices.Contains(used[place], change) {
				used[place] = append(used[place], change)
			}
		}
	}
	return used
}

func generated(all []*packages.Package) *packages.Package {
	for _, pkg := range all {
		if strings.HasSuffix(pkg.PkgPath, "/gen") && pkg.ID == pkg.PkgPath {
			return pkg
		}
	}
	return nil
}

func line(files *token.FileSet, pos token.Pos) string {
	at := files.Position(pos)
	return fmt.Sprintf("%s:%d", at.Filename, at.Line)
}

func relative(dir, name string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return name
	}
	if below, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(below) {
		return filepath.ToSlash(below)
	}
	return name
}
