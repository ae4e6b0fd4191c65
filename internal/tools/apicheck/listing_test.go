package main

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// listing is the exported API of packages, for eyes: a line for each name, field and method, sorted.
func listing(packages map[string]*types.Package) string {
	var lines []string
	for _, path := range slices.Sorted(maps.Keys(packages)) {
		pkg := packages[path]
		short := func(other *types.Package) string { return other.Name() }
		add := func(name, what string, typ types.Type) {
			lines = append(lines, pkg.Name()+"."+name+" "+what+types.TypeString(typ, short))
		}
		for _, name := range pkg.Scope().Names() {
			switch object := pkg.Scope().Lookup(name).(type) {
			case *types.TypeName:
				if object.Exported() {
					list(object, add)
				}
			case *types.Const:
				if value := object.Val().ExactString(); object.Exported() && name != "Version" {
					add(name+" = "+value, "const ", object.Type())
				}
			default:
				if object.Exported() {
					add(name, "", object.Type())
				}
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// list adds a type with what it has.
func list(object *types.TypeName, add func(name, what string, typ types.Type)) {
	name := object.Name()
	if object.IsAlias() {
		add(name, "alias of ", types.Unalias(object.Type()))
		return
	}
	switch underlying := object.Type().Underlying().(type) {
	case *types.Struct:
		add(name, "struct ", object.Type())
		for field := range underlying.Fields() {
			if field.Exported() {
				add(name+"."+field.Name(), "field ", field.Type())
			}
		}
	case *types.Interface:
		add(name, "interface ", object.Type())
	default:
		add(name, "type ", underlying)
	}
	typ := object.Type()
	if !types.IsInterface(typ) {
		typ = types.NewPointer(typ)
	}
	for method := range types.NewMethodSet(typ).Methods() {
		if method.Obj().Exported() {
			add(fmt.Sprintf("%s.%s", name, method.Obj().Name()), "", method.Type())
		}
	}
}
