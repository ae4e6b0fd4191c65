package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
)

// declaration is one at the top of a file.
type declaration struct {
	names []string // a method has that of its type in front
	text  string
}

// declarations are those of a file, in order, without its imports.
func declarations(file *ast.File, source []byte) (all []declaration) {
	for _, decl := range file.Decls {
		var d declaration
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			name := decl.Name.Name
			if name == "init" {
				continue
			}
			if decl.Recv != nil && len(decl.Recv.List) == 1 {
				of := decl.Recv.List[0].Type
				if star, ok := of.(*ast.StarExpr); ok {
					of = star.X
				}
				if ident, ok := of.(*ast.Ident); ok {
					name = ident.Name + "." + name
				}
			}
			d.names = []string{name}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					d.names = append(d.names, spec.Name.Name)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						if name.Name != "_" {
							d.names = append(d.names, name.Name)
						}
					}
				}
			}
		}
		if len(d.names) > 0 {
			d.text = string(source[from(decl)-file.FileStart : decl.End()-file.FileStart])
			all = append(all, d)
		}
	}
	return all
}

// from is where a declaration begins, its comment included.
func from(decl ast.Decl) token.Pos {
	var doc *ast.CommentGroup
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		doc = decl.Doc
	case *ast.GenDecl:
		doc = decl.Doc
	}
	if doc != nil {
		return doc.Pos()
	}
	return decl.Pos()
}

func parse(code []byte) ([]declaration, error) {
	file, err := parser.ParseFile(token.NewFileSet(), output, code, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return declarations(file, code), nil
}

// clashes names what the code declares and another file of the package too.
func (f *folder) clashes(code []byte) error {
	all, err := parse(code)
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
	want, err := parse(code)
	if err != nil {
		return err
	}
	have, err := parse(f.old)
	if err != nil {
		return fmt.Errorf("%s is not current: %w", f.file(), err)
	}
	what := "its header"
	for i := range max(len(want), len(have)) {
		switch {
		case i >= len(want):
			what = have[i].names[0] + " should not be there"
		case i >= len(have):
			what = want[i].names[0] + " is missing"
		case have[i].text == want[i].text:
			continue
		case slices.ContainsFunc(have, func(d declaration) bool { return d.names[0] == want[i].names[0] }):
			what = want[i].names[0] + " differs"
		default:
			what = want[i].names[0] + " is missing"
		}
		break
	}
	return fmt.Errorf("%s is not current: %s; run plaidgen without -check", f.file(), what)
}
