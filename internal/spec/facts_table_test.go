package spec

import (
	"cmp"
	"slices"
	"strings"
)

// fact is a row of the table: a schema (property is empty), a property of it, or a part of an operation (schema is "@POST"
// and its path). A property with a dot names a value of the property before the dot.
type fact struct {
	schema, property, typ, required, nullable, format, enum, deflt, constraints, flags string
}

func (f fact) place() string {
	if operation, ok := strings.CutPrefix(f.schema, "@"); ok {
		method, path, _ := strings.Cut(operation, " ")
		place := pointer(pointer("/paths", path), strings.ToLower(method))
		part, rest, _ := strings.Cut(f.property, " ")
		if part == "response" {
			status, _, _ := strings.Cut(rest, " ")
			return pointer(place+"/responses", status)
		}
		return place + "/" + part
	}
	place := pointer("/components/schemas", f.schema)
	if f.property != "" {
		place = pointer(place+"/properties", f.property)
	}
	return place
}

// flat replaces schemas that are made of another one and properties of their own, which the document has as one object.
// One without properties of its own is that other one.
func flat(rows []fact) (all []fact) {
	made, same := map[string]string{}, map[string]string{} // of which schema, by name
	for _, f := range rows {
		if other, ok := strings.CutPrefix(f.typ, "allOf("); ok && f.property == "" {
			other, _, _ = strings.Cut(other, ",")
			made[f.schema] = other
			if !slices.ContainsFunc(rows, func(g fact) bool { return g.schema == f.schema && g.property != "" && !isPart(g) }) {
				same[f.schema] = other
			}
		}
	}
	for _, f := range rows {
		if isPart(f) || same[f.schema] != "" {
			continue
		}
		f.typ = cmp.Or(same[f.typ], f.typ)
		if other := made[f.schema]; other != "" && f.property == "" {
			f.typ = "object"
			for _, g := range rows {
				if g.schema == other && g.property != "" {
					g.schema = f.schema
					all = append(all, g)
				}
			}
		}
		all = append(all, f)
	}
	return all
}

// isPart reports whether a row is about a part of a composition, of which another row has the result.
func isPart(f fact) bool { return strings.HasSuffix(f.property, "<allOf[0]>") }
