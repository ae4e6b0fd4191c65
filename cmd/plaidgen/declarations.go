package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// declaration is one at the top of a file, with its text and what is above that.
type declaration struct {
	names []string // at least one; a method has that of its type in front
	text  string
}

// parse returns the package of a file and its declarations, in order.
func parse(name string, code []byte) (pkg string, all []declaration, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, code, parser.SkipObjectResolution)
	if err != nil {
		return "", nil, err
	}
	from := file.Name.End()
	for _, decl := range file.Decls {
		text := string(code[from-file.FileStart : decl.End()-file.FileStart])
		if names := declared(decl); len(names) > 0 {
			all = append(all, declaration{names, text})
		}
		from = decl.End()
	}
	return file.Name.Name, all, nil
}

// declared are the names that can be declared once in a package.
func declared(decl ast.Decl) (names []string) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil && len(decl.Recv.List) == 1 {
			name = strings.TrimPrefix(types.ExprString(decl.Recv.List[0].Type), "*") + "." + name
		}
		names = append(names, name)
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "init" || name == "_" })
}

// clashes names what the code declares and another file of the package too.
func (f *folder) clashes(code []byte) error {
	_, all, err := parse(output, code)
	if err != nil {
		return err
	}
	var problems []error
	seen := map[string]bool{}
	for _, d := range all {
		for _, name := range d.names {
			if seen[name] {
				problems = append(problems, fmt.Errorf("the file has a schema that would be a second %s of the package: leave out the operation that needs it", name))
			}
			seen[name] = true
			if other := f.declared[name]; other != "" {
				problems = append(problems, fmt.Errorf("%s and %s both declare %s: rename yours", filepath.ToSlash(filepath.Join(f.dir, other)), f.file(), name))
			}
		}
	}
	return errors.Join(problems...)
}

// check fails unless the file is the code; it names the first declaration that differs.
func (f *folder) check(code []byte) error {
	if f.old == nil {
		return fmt.Errorf("%s is not there: run plaidgen without -check", f.file())
	}
	if bytes.Equal(f.old, code) {
		return nil
	}
	_, want, err := parse(output, code)
	if err != nil {
		return err
	}
	_, have, err := parse(output, f.old)
	if err != nil {
		return fmt.Errorf("%s is not current: %w", f.file(), err)
	}
	return fmt.Errorf("%s is not current: %s; run plaidgen without -check", f.file(), difference(want, have))
}

// difference names a declaration that is missing or has another text, or else one too many.
func difference(want, have []declaration) string {
	texts := map[string]string{}
	for _, d := range have {
		texts[d.names[0]] = d.text
	}
	for _, d := range want {
		switch text, ok := texts[d.names[0]]; {
		case !ok:
			return d.names[0] + " is missing"
		case text != d.text:
			return d.names[0] + " differs"
		}
		delete(texts, d.names[0])
	}
	for _, d := range have {
		if texts[d.names[0]] != "" {
			return d.names[0] + " should not be there"
		}
	}
	return "its header"
}
