package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// RepeatKey is the extension by which an operation says whether it may be sent again after a failure that leaves it
// unknown whether the first was carried out: `always`, `never`, or `unless a.b`, where a.b is the member of the
// request whose presence makes it unsafe.
const RepeatKey = "x-plaidlink-retry"

func auditRepeat(doc *yaml.Node, place string, op *yaml.Node, ps *Problems) {
	n := get(op, RepeatKey)
	if n == nil {
		ps.add(Undeclared, place, "expected `%s: always`, `never` or `conditional`", RepeatKey)
		return
	}
	member, conditional := strings.CutPrefix(n.Value, "unless ")
	switch {
	case n.Value == "always", n.Value == "never", n.Value == "conditional":
	case !conditional:
		ps.add(Undeclared, place, "`%s: %s`: expected always, never or conditional", RepeatKey, n.Value)
	default:
		schema := get(op, "requestBody", "content", "application/json", "schema")
		for _, name := range strings.Split(member, ".") {
			schema = get(resolve(doc, schema), "properties", name)
		}
		if schema == nil {
			ps.add(Undeclared, place, "`%s: %s`: the request has no member %q", RepeatKey, n.Value, member)
		}
	}
}

// resolve follows the $ref of a schema, once.
func resolve(doc, schema *yaml.Node) *yaml.Node {
	if ref := get(schema, "$ref"); ref != nil && strings.HasPrefix(ref.Value, "#/") {
		return get(doc, tokens(ref.Value[1:])...)
	}
	return schema
}
