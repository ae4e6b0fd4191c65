package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// field is a property: its schema, and whether it is required.
type field struct {
	node     *yaml.Node
	required bool
}

// values compares what two versions of a schema or property accept.
func (c *comparison) values(name, place string, was, is field) {
	old, now := was.node, is.node
	if a, b := kind(old), kind(now); a != b {
		keep := []action{
			{Target: jsonPath(place), Description: "Keeps the Go type: it was " + a + ".", Remove: true},
			c.restore(place, old, "it was "+a),
		}
		goOld, goNow := c.goType(c.old, field{old, true}), c.goType(c.new, field{now, true})
		if goOld == goNow {
			c.add(name, a+" became "+b, "the Go type stays "+goOld, false)
		} else {
			c.add(name, a+" became "+b, "the Go type was "+goOld+" and is "+goNow, true, keep...)
		}
		return
	}
	c.enum(name, place, old, now)
	if a, b := scalar(get(old, "nullable")) == "true", scalar(get(now, "nullable")) == "true"; a != b {
		c.nullable(name, place, was, is, b)
	}
	for _, limit := range []string{"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default"} {
		if a, b := brief(get(old, limit)), brief(get(now, limit)); a != b {
			c.add(name, fmt.Sprintf("%s: %s became %s", limit, a, b), "the Go type stays; Plaid enforces it, the SDK does not", false)
		}
	}
	if a, b := get(old, "items"), get(now, "items"); a != nil && b != nil {
		c.values(name+"[]", place+"/items", field{a, true}, field{b, true})
	}
	if old != nil && get(old, "properties") != nil && strings.Contains(name, ".") { // an object within one
		c.properties(name, place, old, now)
	}
}

func (c *comparison) enum(name, place string, old, now *yaml.Node) {
	a, b := items(get(old, "enum")), items(get(now, "enum"))
	var more, less []string
	for _, value := range b {
		if !slices.Contains(a, value) {
			more = append(more, value)
		}
	}
	texts := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, value := range a {
		if !slices.Contains(b, value) {
			less = append(less, value)
			texts.Content = append(texts.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value})
		}
	}
	if len(more) > 0 {
		means := "new constants; programs already read such values, enums are open"
		c.add(name, "has the new values "+strings.Join(more, ", "), means, false)
	}
	if len(less) > 0 {
		keep := action{Target: jsonPath(place) + ".enum", Description: "Keeps the constants.", Update: texts}
		c.add(name, "lost the values "+strings.Join(less, ", "), "their constants are gone", true, keep)
	}
}

func (c *comparison) nullable(name, place string, was, is field, now bool) {
	what := map[bool]string{true: "became nullable", false: "is no longer nullable"}[now]
	old, new := c.goType(c.old, was), c.goType(c.new, field{is.node, was.required})
	if old == new || !strings.Contains(name, ".") { // a schema is no pointer; its fields are, and are told of one by one
		c.add(name, what, "the Go type stays; null reads as the zero value or nil", false)
		return
	}
	update := mapping()
	set(update, "nullable", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(!now)})
	c.add(name, what, "the field was "+old+" and is "+new, true,
		action{Target: jsonPath(place), Description: "Keeps the Go type.", Update: update})
}

// kind is the type of a schema with its format, in the words of the specification.
func kind(n *yaml.Node) string {
	typ := typeOf(n)
	if format := scalar(get(n, "format")); format != "" {
		typ += " (" + format + ")"
	}
	if typ == "string" && get(n, "enum") != nil {
		return "enum"
	}
	if typ == "" {
		return "any"
	}
	return typ
}

// goType is the type of a field by the rules of api/templates/typedef.tmpl. An object has the name of its schema.
func (c *comparison) goType(doc *yaml.Node, f field) string {
	n := resolve(doc, f.node)
	base := map[string]string{"string": "string", "string (date-time)": "time.Time", "string (date)": "Date",
		"integer": "int", "number": "float32", "number (double)": "float64", "boolean": "bool", "any": "any"}[kind(n)]
	typ := scalar(get(n, "type"))
	switch ref := scalar(get(f.node, "$ref")); {
	case typ == "array":
		return "[]" + c.goType(doc, field{get(n, "items"), true})
	case ref != "" && (typ == "object" || get(n, "enum") != nil):
		base = strings.TrimPrefix(ref, schemaRef)
	case base == "":
		base = kind(n)
	}
	nullable := scalar(get(n, "nullable")) == "true"
	if f.required && nullable || !f.required && typ != "string" && typ != "" {
		return "*" + base
	}
	return base
}

// restore puts an old definition back.
func (c *comparison) restore(place string, old *yaml.Node, why string) action {
	at := tokens(place)
	update := mapping()
	set(update, at[len(at)-1], old)
	parent := place[:strings.LastIndex(place, "/")]
	return action{Target: jsonPath(parent), Description: "Keeps the Go type: " + why + ".", Update: update}
}

// requirement makes a property required, or optional.
func requirement(place, name string, required bool) action {
	if !required {
		target := fmt.Sprintf("%s.required[?@ == '%s']", jsonPath(place), name)
		return action{Target: target, Description: "Keeps the Go type: it was optional.", Remove: true}
	}
	list, update := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}, mapping()
	list.Content = append(list.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name})
	set(update, "required", list)
	return action{Target: jsonPath(place), Description: "Keeps the Go type: it was required.", Update: update}
}
