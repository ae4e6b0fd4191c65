package spec

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// usesKey is the extension that describes what a schema is used for. The templates read it.
const usesKey = "x-go-use"

// use is what a schema is used for, as words that follow "is".
type use struct {
	As    string
	Of    string // the operationId or the schema that uses it first, if any
	Call  bool   // whether Of is an operationId
	More  bool   // whether others use it too
	Apart bool   // whether the description is more than a paragraph
}

// schemaSentence describes a request or a response no better than the name of its type does.
var schemaSentence = regexp.MustCompile(`^// ((\w+ d|D)efines the (request|response) schema for|Response of) \S+$`)

// ForGo returns the form of a composed document that the Go code is generated from: with the overlay of Go types, with
// descriptions that are Go comments, and without the schemas that need no type of their own in Go, such as a plain
// string. Its error is of type [Problems].
func ForGo(document []byte, goTypes Source) ([]byte, error) {
	var ps Problems
	doc := parseMapping(Source{"the composed document", document}, &ps)
	overlay := parseOverlay(goTypes, &ps)
	if len(ps) == 0 {
		overlay.correct(doc, &ps)
	}
	if len(ps) > 0 {
		return nil, ps
	}
	return forGo(doc)
}

func forGo(doc *yaml.Node) ([]byte, error) {
	schemas := get(doc, "components", "schemas")
	eachSchema(schemas, func(_ string, n *yaml.Node) {
		assign(n, "description", str(commentOf(n, scalar(get(n, "description")))))
		if values := get(n, "additionalProperties"); values != nil && values.Kind == yaml.ScalarNode {
			drop(n, "additionalProperties") // every object keeps unknown properties in its ExtraFields
		}
	})
	if err := inline(doc, schemas); err != nil {
		return nil, err
	}
	typeAccessTokens(schemas)
	all := uses(doc, schemas)
	eachSchema(schemas, func(place string, n *yaml.Node) {
		if get(n, "enum") == nil && (scalar(get(n, "type")) != "object" || get(n, "additionalProperties") != nil) {
			return // it has no type of its own
		}
		at := tokens(place)
		u, used := all[at[0]]
		switch {
		case len(at) > 1: // an enum or an object within a schema
			u = use{As: usedIn, Of: at[0]}
		case !used && strings.HasSuffix(at[0], "Webhook"):
			u.As = webhook
		case !used:
			u.As = "part of the specification"
		}
		text := scalar(get(n, "description"))
		if (u.As == request || u.As == response) && schemaSentence.MatchString(strings.ReplaceAll(text, "\n// ", " ")) {
			text = ""
		}
		u.Apart = strings.Contains(text, "\n//\n") || strings.Contains(text, "\n//  ") || strings.HasPrefix(text, "// "+deprecatedMark)
		var node yaml.Node
		_ = node.Encode(u) // texts and booleans
		assign(n, "description", str(text))
		assign(n, usesKey, &node)
	})
	return encode(doc, "")
}

// commentOf is the comment of a schema or an operation that has a description, or none.
func commentOf(n *yaml.Node, description string) string {
	text := cmp.Or(comment(description), "// Plaid does not describe it.")
	if isTrue(n, "deprecated") && !strings.Contains(text, "// "+deprecatedMark) {
		text += "\n//\n// " + deprecatedMark + "Plaid has deprecated it."
	}
	return text
}

// eachSchema calls fn with every schema of the components, and with those within them, but for references.
func eachSchema(schemas *yaml.Node, fn func(place string, n *yaml.Node)) {
	walk(schemas, "", func(place string, n *yaml.Node) bool {
		if isData(place) {
			return false
		}
		at := tokens(place)
		named := len(at) == 1 || len(at) > 1 && at[len(at)-2] == "properties"
		if n.Kind == yaml.MappingNode && refersTo(n) == "" && (named || scalar(get(n, "type")) != "" || scalar(get(n, "description")) != "") {
			fn(place, n)
		}
		return true
	})
}

var accessTokenName = regexp.MustCompile(`^access_tokens?$`)

// typeAccessTokens gives every property that is an access token, or a list of them, the type that redacts it.
func typeAccessTokens(schemas *yaml.Node) {
	members(schemas, func(_ string, schema *yaml.Node) {
		members(get(schema, "properties"), func(name string, n *yaml.Node) {
			if of := get(n, "items"); of != nil {
				n = of
			}
			if accessTokenName.MatchString(name) && scalar(get(n, "type")) == "string" {
				assign(n, "x-go-type", str("AccessToken"))
			}
		})
	})
}

// inline replaces references to schemas that are plain values, lists or maps by the schemas, and removes those. It fails where
// that does not end, or makes too much.
func inline(doc, schemas *yaml.Node) (err error) {
	nodes := 0
	walk(doc, "", func(place string, n *yaml.Node) bool {
		if nodes++; nodes > maxNodes || strings.Count(place, "/") > maxDepth {
			err = fmt.Errorf("line %d: expected lists and maps that end, at most %d levels and %d nodes in all", n.Line, maxDepth, maxNodes)
		}
		if name := refersTo(n); name != "" && !hasType(get(schemas, name)) {
			beside := n.Content // extensions
			*n = *get(schemas, name)
			n.Content = append(slices.Clone(n.Content), beside...)
			drop(n, "$ref")
		}
		return err == nil
	})
	remove(schemas, func(_ string, schema *yaml.Node) bool { return !hasType(schema) })
	return err
}

// hasType reports whether a component becomes a type of its own.
func hasType(schema *yaml.Node) bool {
	if values := get(schema, "additionalProperties"); values != nil && values.Kind == yaml.MappingNode {
		return false
	}
	return get(schema, "enum") != nil || slices.Contains([]string{"", "object"}, scalar(get(schema, "type")))
}

const (
	usedIn   = "used in"
	request  = "the request of"
	response = "the response of"
	failure  = "the response to a call that fails"
	webhook  = "the body of a webhook"
)

// uses are the uses of the schemas, by name. That in an operation counts most.
func uses(doc, schemas *yaml.Node) map[string]use {
	all := map[string]use{}
	add := func(n *yaml.Node, u use) {
		walk(n, "", func(_ string, n *yaml.Node) bool {
			if name := refersTo(n); name != "" && name != u.Of {
				have, ok := all[name]
				if ok && have.As == u.As {
					have.More = have.More || have.Of != u.Of
					all[name] = have
				} else {
					all[name] = u
				}
			}
			return true
		})
	}
	members(schemas, func(name string, schema *yaml.Node) { add(schema, use{As: usedIn, Of: name}) })
	eachOperation(doc, func(_, id string, op *yaml.Node) {
		add(get(op, "requestBody"), use{As: request, Of: id, Call: true})
		members(get(op, "responses"), func(status string, n *yaml.Node) {
			if status == "default" {
				add(n, use{As: failure})
			} else {
				add(n, use{As: response, Of: id, Call: true})
			}
		})
	})
	return all
}
