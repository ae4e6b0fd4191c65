package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Comparison is of two composed documents, as a Go caller sees them.
type Comparison struct{ old, new *yaml.Node }

// Change is what the new document says otherwise of a schema, in phrases.
type Change struct {
	Schema string
	What   []string
}

// NewComparison reads two composed documents.
func NewComparison(before, after []byte) (*Comparison, error) {
	var ps Problems
	c := &Comparison{parseMapping(Source{"the old document", before}, &ps), parseMapping(Source{"the new document", after}, &ps)}
	return c, ps.err()
}

// Changes returns what differs in the schemas of the old document, one a schema, and the names of those that only the new one
// has.
func (c *Comparison) Changes() (all []Change, added []string) {
	sent := map[string]bool{}
	eachOperation(c.new, func(_, _ string, op *yaml.Node) { reach(c.new, get(op, "requestBody"), sent) })
	was, is := get(c.old, "components", "schemas"), get(c.new, "components", "schemas")
	for _, name := range slices.Sorted(slices.Values(keys(was, is))) {
		old, now, p := get(was, name), get(is, name), phrases{}
		switch {
		case old == nil:
			added = append(added, name)
			continue
		case now == nil:
			p.add("", "gone")
		default:
			p.values("", old, now)
			for _, property := range keys(get(old, "properties"), get(now, "properties")) {
				p.property(property, old, now, sent[name])
			}
		}
		if len(p) > 0 {
			all = append(all, Change{name, p.sorted()})
		}
	}
	return all, added
}

// phrases are the properties of a schema by what is said of them.
type phrases map[string][]string

func (p phrases) add(property, format string, args ...any) {
	phrase := fmt.Sprintf(format, args...)
	p[phrase] = append(p[phrase], property)
}

func (p phrases) sorted() (all []string) {
	for _, phrase := range sorted(p) {
		if names := strings.Join(p[phrase], "`, `"); names != "" {
			phrase += " `" + names + "`"
		}
		all = append(all, phrase)
	}
	return all
}

func (p phrases) property(name string, old, now *yaml.Node, sent bool) {
	was, is := get(old, "properties", name), get(now, "properties", name)
	switch {
	case was == nil && sent && requires(now, name):
		p.add(name, "new, and Plaid refuses requests without")
	case was == nil:
		p.add(name, "new")
	case is == nil:
		p.add(name, "gone")
	case requires(now, name) && !requires(old, name):
		p.add(name, "required")
	case requires(old, name) && !requires(now, name):
		p.add(name, "optional")
	}
	if was != nil && is != nil {
		p.values(name, was, is)
	}
}

// values adds what differs in the values of two versions of a schema.
func (p phrases) values(name string, old, now *yaml.Node) {
	if a, b := typeOf(old), typeOf(now); a != b {
		p.add(name, "%s instead of %s", b, a)
		return
	}
	for _, f := range []struct{ key, phrase string }{{"nullable", "nullable"}, {"deprecated", "deprecated"}, {DeprecatedKey, "deprecated"}} {
		if was, is := isTrue(old, f.key), isTrue(now, f.key); was != is {
			p.add(name, "%s%s", map[bool]string{false: "no longer "}[is], f.phrase)
		}
	}
	for _, key := range []string{"format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default"} {
		a, b := scalar(get(old, key)), scalar(get(now, key))
		switch {
		case strings.EqualFold(a, b): // a boolean is written either way
		case b == "":
			p.add(name, "no %s any more, it was %s", key, a)
		case a == "":
			p.add(name, "%s %s", key, b)
		default:
			p.add(name, "%s %s, it was %s", key, b, a)
		}
	}
	less := func(a, b []string) string {
		a = slices.DeleteFunc(slices.Clone(a), func(value string) bool { return slices.Contains(b, value) })
		return strings.Join(a, ", ")
	}
	a, b := items(get(old, "enum")), items(get(now, "enum"))
	if more := less(b, a); more != "" {
		p.add(name, "new values %s", more)
	}
	if gone := less(a, b); gone != "" {
		p.add(name, "no values %s any more", gone)
	}
	if a, b := get(old, "items"), get(now, "items"); a != nil && b != nil && get(b, "$ref") == nil {
		p.values(name, a, b)
	}
}

// Keep returns actions for the fixes, in YAML, with which a field such as LinkTokenCreateRequest.User keeps the Go type that
// it had; it is empty where none do.
func (c *Comparison) Keep(field string) string {
	typ, name, _ := strings.Cut(field, ".")
	schema := named(get(c.old, "components", "schemas"), typ)
	old, now := get(c.old, "components", "schemas", schema), get(c.new, "components", "schemas", schema)
	property := named(get(old, "properties"), name)
	was, is := get(old, "properties", property), get(now, "properties", property)
	if was == nil || is == nil {
		return ""
	}
	var out strings.Builder
	action := func(target, what string) {
		fmt.Fprintf(&out, "  - {target: \"$.components.schemas['%s']%s\", description: Keeps the Go type., %s}\n", schema, target, what)
	}
	nullable := isTrue(was, "nullable")
	switch {
	case typeOf(was) != typeOf(is), scalar(get(was, "format")) != scalar(get(is, "format")), (get(was, "enum") == nil) != (get(is, "enum") == nil):
		definition, err := encode(flow(was), "")
		if err != nil {
			return ""
		}
		action(".properties['"+property+"']", "remove: true")
		action(".properties", fmt.Sprintf("update: {%s: %s}", property, strings.TrimSpace(string(definition))))
	case nullable != isTrue(is, "nullable"):
		action(".properties['"+property+"']", fmt.Sprintf("update: {nullable: %t}", nullable))
	}
	switch {
	case requires(old, property) && !requires(now, property):
		action("", fmt.Sprintf("update: {required: [%s]}", property))
	case requires(now, property) && !requires(old, property):
		action(fmt.Sprintf(".required[?@ == '%s']", property), "remove: true")
	}
	return out.String()
}

// named finds the member that has a Go name.
func named(n *yaml.Node, goName string) (found string) {
	members(n, func(name string, value *yaml.Node) {
		if SameName(name) == strings.ToLower(goName) || scalar(get(value, "x-go-name")) == goName {
			found = name
		}
	})
	return found
}

// flow is a copy on one line.
func flow(n *yaml.Node) *yaml.Node {
	n = clone(n)
	walk(n, "", func(_ string, n *yaml.Node) bool {
		n.Style, n.HeadComment, n.LineComment, n.FootComment = n.Style|yaml.FlowStyle, "", "", ""
		return true
	})
	return n
}
