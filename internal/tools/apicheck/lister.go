package main

import (
	"go/types"
	"regexp"
	"strings"
)

// lister writes the lines of packages.
type lister struct {
	module  string
	version string
	lines   []string
	hidden  []string // lines with a type that importers cannot name
}

func (l *lister) list(pkg *types.Package) {
	for _, name := range pkg.Scope().Names() {
		object := pkg.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		symbol := l.short(pkg) + "." + name
		switch object := object.(type) {
		case *types.Const:
			l.constant(symbol, object)
		case *types.Var:
			l.add(symbol, "var "+l.text(object.Type()))
		case *types.Func:
			l.add(symbol, l.text(object.Type()))
		case *types.TypeName:
			l.typeName(symbol, object)
		}
	}
}

func (l *lister) typeName(symbol string, name *types.TypeName) {
	if name.IsAlias() {
		l.add(symbol, "alias of "+l.text(types.Unalias(name.Type())))
		return
	}
	named := name.Type().(*types.Named)
	parameters := ""
	if named.TypeParams().Len() > 0 {
		_, list, _ := strings.Cut(l.text(named), "[")
		parameters = "[" + list + " "
	}
	switch underlying := named.Underlying().(type) {
	case *types.Struct:
		l.add(symbol, "type "+parameters+"struct")
		l.fields(symbol, underlying)
		if types.Comparable(named) {
			l.add(symbol, comparableStruct)
		}
	case *types.Interface:
		l.add(symbol, typeInterface+strings.TrimRight(" "+parameters, " "))
		l.interfaceOf(symbol, underlying)
		return // it has no other methods
	default:
		l.add(symbol, "type "+parameters+l.text(underlying))
	}
	ofValue := types.NewMethodSet(named)
	for method := range types.NewMethodSet(types.NewPointer(named)).Methods() {
		if !method.Obj().Exported() {
			continue
		}
		here := symbol + "." + method.Obj().Name()
		l.add(here, "method "+l.text(method.Type()))
		if ofValue.Lookup(method.Obj().Pkg(), method.Obj().Name()) != nil {
			l.add(here, byValue)
		}
	}
}

// fields lists what an importer can select, through an embedded type that it cannot name too.
func (l *lister) fields(symbol string, of *types.Struct) {
	for field := range of.Fields() {
		switch inner, isStruct := field.Type().Underlying().(*types.Struct); {
		case field.Exported() && field.Embedded():
			l.add(symbol+"."+field.Name(), "embedded "+l.text(field.Type()))
		case field.Exported():
			l.add(symbol+"."+field.Name(), "field "+l.text(field.Type()))
		case field.Embedded() && isStruct:
			l.fields(symbol, inner)
		}
	}
}

func (l *lister) interfaceOf(symbol string, of *types.Interface) {
	open := of.IsMethodSet()
	for method := range of.Methods() {
		if method.Exported() {
			l.add(symbol+"."+method.Name(), interfaceMethod+l.text(method.Type()))
		} else {
			open = false
		}
	}
	if open {
		l.add(symbol, implementable)
	}
	if !of.IsMethodSet() {
		l.add(symbol, constraint+l.text(of))
	}
}

// add writes a line. Types of the module come between guillemets.
func (l *lister) add(symbol, promise string) {
	line := symbol + " " + strings.NewReplacer("«", "", "»", "").Replace(promise)
	l.lines = append(l.lines, line)
	if unnameable.MatchString(promise) {
		l.hidden = append(l.hidden, line)
	}
}

var unnameable = regexp.MustCompile(`«[^»]*»\.[a-z_]|«([^»]*/)?internal[/»]`)

// qualifier names packages within types.
func (l *lister) qualifier(pkg *types.Package) string {
	if pkg.Path() == l.module || strings.HasPrefix(pkg.Path(), l.module+"/") {
		return "«" + l.short(pkg) + "»"
	}
	return pkg.Path()
}

// short gives the packages of the module short names.
func (l *lister) short(pkg *types.Package) string {
	if pkg.Path() == l.module {
		return pkg.Name()
	}
	return strings.TrimPrefix(pkg.Path(), l.module+"/")
}

// text writes a type without the names of parameters, which are no promise.
func (l *lister) text(t types.Type) string { return types.TypeString(unnamed(t), l.qualifier) }

func unnamed(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Signature:
		if t.TypeParams().Len() > 0 {
			return t // they are bound to it
		}
		return types.NewSignatureType(nil, nil, nil, unnamedTuple(t.Params()), unnamedTuple(t.Results()), t.Variadic())
	case *types.Pointer:
		return types.NewPointer(unnamed(t.Elem()))
	case *types.Slice:
		return types.NewSlice(unnamed(t.Elem()))
	case *types.Map:
		return types.NewMap(unnamed(t.Key()), unnamed(t.Elem()))
	case *types.Chan:
		return types.NewChan(t.Dir(), unnamed(t.Elem()))
	}
	return t
}

func unnamedTuple(tuple *types.Tuple) *types.Tuple {
	var all []*types.Var
	for v := range tuple.Variables() {
		all = append(all, types.NewParam(v.Pos(), v.Pkg(), "", unnamed(v.Type())))
	}
	return types.NewTuple(all...)
}
