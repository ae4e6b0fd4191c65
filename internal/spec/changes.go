package spec

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Change is a difference of two composed documents that a Go caller can notice.
type Change struct {
	Place string // a schema, or Schema.property
	What  string // what the specification says now
	Means string // what that is for a Go caller
	Shape bool   // whether the Go type changes so that a program may no longer compile
	keep  []action
}

// comparison finds the changes between two documents.
type comparison struct {
	old, new *yaml.Node
	requests map[string]bool // names of the schemas that a request has
	found    []Change
}

// Changes compares two composed documents. The second result is an overlay's list of actions that keeps the old Go
// types, where Shape says that they change; it is empty if none does.
func Changes(before, after []byte) ([]Change, string, error) {
	var ps Problems
	c := comparison{
		old: parseMapping(Source{"the old document", before}, &ps),
		new: parseMapping(Source{"the new document", after}, &ps),
	}
	if err := ps.err(); err != nil {
		return nil, "", err
	}
	c.requests = c.sent()
	schemas := func(doc *yaml.Node) *yaml.Node { return get(doc, "components", "schemas") }
	for _, name := range slices.Sorted(slices.Values(keys(schemas(c.old), schemas(c.new)))) {
		c.schema(name, get(schemas(c.old), name), get(schemas(c.new), name))
	}
	var keep []action
	for _, found := range c.found {
		keep = append(keep, found.keep...)
	}
	if len(keep) == 0 {
		return c.found, "", nil
	}
	text, err := encode(&struct {
		Actions []action `yaml:"actions"`
	}{keep}, "")
	_, list, _ := strings.Cut(string(text), "\n")
	return c.found, list, err
}

func (c *comparison) add(place, what, means string, shape bool, keep ...action) {
	c.found = append(c.found, Change{place, what, means, shape, keep})
}

func (c *comparison) schema(name string, old, new *yaml.Node) {
	place := "/components/schemas/" + name
	switch {
	case old == nil:
		c.add(name, "is new", "a new type", false)
	case new == nil:
		c.add(name, "is gone", "its type is gone", true, c.restore(place, old, "the schema is gone"))
	default:
		c.values(name, place, field{old, true}, field{new, true})
		c.properties(name, place, old, new)
	}
}

// properties compares the members of two objects.
func (c *comparison) properties(owner, place string, old, new *yaml.Node) {
	required := func(n *yaml.Node, name string) bool { return slices.Contains(items(get(n, "required")), name) }
	a, b := get(old, "properties"), get(new, "properties")
	schema, _, _ := strings.Cut(owner, ".")
	for _, name := range keys(a, b) {
		was, is := field{get(a, name), required(old, name)}, field{get(b, name), required(new, name)}
		there, here := owner+"."+name, pointer(place+"/properties", name)
		switch {
		case was.node == nil && is.required && c.requests[schema]:
			means := "a new field; programs compile, and Plaid refuses calls that do not set it"
			c.add(there, "is new and required", means, false)
		case was.node == nil && c.requests[schema]:
			c.add(there, "is new", "a new field, left out unless it is set", false)
		case was.node == nil:
			c.add(there, "is new", "a new field; until now the value was in ExtraFields", false)
		case is.node == nil:
			keep := []action{c.restore(here, was.node, "the property is gone")}
			if was.required {
				keep = append(keep, requirement(place, name, true))
			}
			c.add(there, "is gone", "the field is gone; what Plaid still sends is in ExtraFields", true, keep...)
		default:
			c.values(there, here, was, is)
			if was.required != is.required {
				c.requirement(owner, place, name, was, is)
			}
		}
	}
}

// requirement tells of an optional property that is required now, or the reverse.
func (c *comparison) requirement(owner, place, name string, was, is field) {
	what, means := "became optional", "the Go type stays; Plaid may leave it out, which reads as the zero value"
	schema, _, _ := strings.Cut(owner, ".")
	switch {
	case is.required && c.requests[schema]:
		what, means = "became required", "the Go type stays; it is sent even when it is zero, and Plaid refuses calls that do not set it"
	case is.required:
		what, means = "became required", "the Go type stays"
	case c.requests[schema]:
		means = "the Go type stays; the zero value is left out from now on"
	}
	var keep []action
	old, now := c.goType(c.old, was), c.goType(c.new, field{is.node, is.required})
	shape := strings.HasPrefix(old, "*") != strings.HasPrefix(now, "*")
	if shape {
		means = "the field was " + old + " and is " + now
		keep = append(keep, requirement(place, name, was.required))
	}
	c.add(owner+"."+name, what, means, shape, keep...)
}

// sent tells which schemas requests have.
func (c *comparison) sent() map[string]bool {
	names := map[string]bool{}
	for _, doc := range []*yaml.Node{c.old, c.new} {
		eachOperation(doc, func(_, _ string, op *yaml.Node) { reach(doc, get(op, "requestBody"), names) })
	}
	return names
}

// reach collects the names of the schemas that n leads to.
func reach(doc, n *yaml.Node, names map[string]bool) {
	walk(n, "", func(_ string, n *yaml.Node) bool {
		if ref := scalar(get(n, "$ref")); strings.HasPrefix(ref, schemaRef) {
			if name := tokens(ref[1:])[2]; !names[name] {
				names[name] = true
				reach(doc, get(doc, "components", "schemas", name), names)
			}
		}
		return true
	})
}
