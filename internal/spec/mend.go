package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Mended is a change that Mend made to a document, or a part that it took out of one.
type Mended struct {
	Place string // a JSON pointer
	What  string
}

// Mend puts an OpenAPI document of Plaid's style into the form that the generator and the tests of the types expect, in
// place. It knows no scope, so that a document of all operations and one of a few are mended alike:
//
//   - allOf becomes one schema, or the reference that it wraps;
//   - texts whose values are written as properties become enums, and enums have texts only, each once;
//   - an object within another schema becomes a schema with a name of its own;
//   - a name that Go cannot have twice becomes another one, by a rule that depends on nothing else in the document;
//   - formats without a Go type, examples of schemas and parameters of operations are left out.
//
// The result lists what a maintainer should know of; what loses nothing is not in it.
func Mend(doc *yaml.Node) []Mended { return mend(doc).done }

func mend(doc *yaml.Node) *mender {
	m := &mender{doc: doc, schemas: get(doc, "components", "schemas"), merged: map[string]bool{}, taken: map[string]string{}}
	if m.schemas == nil || m.schemas.Kind != yaml.MappingNode {
		return m // which Compose reports
	}
	m.names()
	members(m.schemas, func(name string, _ *yaml.Node) { m.flattenSchema(name) })
	eachOperation(doc, m.operation)
	remove(get(doc, "components"), func(key string, _ *yaml.Node) bool { return key == "parameters" })
	for i := 0; i < len(m.schemas.Content); i += 2 { // grows while inline objects get their names
		name := m.schemas.Content[i].Value
		m.schema(m.schemas.Content[i+1], pointer("/components/schemas", name), typeName(name))
	}
	trimExamples(doc)
	return m
}

type mender struct {
	doc, schemas *yaml.Node
	merged       map[string]bool   // components whose allOf is flattened, or being so
	taken        map[string]string // components by SameName
	done         []Mended
	copied       int // nodes, where allOf copies a component; none is copied beyond maxCopied
}

func (m *mender) tell(place, format string, args ...any) {
	m.done = append(m.done, Mended{place, fmt.Sprintf(format, args...)})
}

// knownFormats are those that have a Go type, or are what the Go type says anyway.
var knownFormats = []string{"date", "date-time", "double"}

// schema mends a schema whose allOf is flattened, and those within it. A type that it has to name begins with name.
func (m *mender) schema(n *yaml.Node, place, name string) {
	if n.Kind != yaml.MappingNode {
		return
	}
	if get(n, "$ref") != nil { // OpenAPI 3.0 ignores what is beside it, and validators refuse it
		remove(n, func(key string, _ *yaml.Node) bool { return key != "$ref" && !strings.HasPrefix(key, "x-") })
		return
	}
	drop(n, "example", "examples")
	m.typed(n)
	if format := scalar(get(n, "format")); format != "" && !slices.Contains(knownFormats, format) {
		drop(n, "format")
	}
	m.enum(n, place)
	switch scalar(get(n, "type")) {
	case "array":
		if get(n, "items") == nil {
			assign(n, "items", mapping())
		}
		m.inner(n, "items", place, name+"Item")
	case "object":
		m.object(n, place, name)
	}
}

// typed gives a schema the type that its other members imply.
func (m *mender) typed(n *yaml.Node) {
	properties := get(n, "properties")
	switch typ := scalar(get(n, "type")); {
	case typ == "" && properties != nil:
		assign(n, "type", str("object"))
	case typ == "" && get(n, "enum") != nil:
		assign(n, "type", str("string"))
	case typ != "" && typ != "object" && properties != nil: // values, written as if they were properties
		if typ == "string" && get(n, "enum") == nil && len(properties.Content) > 0 {
			enum := sequence()
			members(properties, func(value string, _ *yaml.Node) { enum.Content = append(enum.Content, str(value)) })
			assign(n, "enum", enum)
		}
		drop(n, "properties", "required", "additionalProperties")
	}
}

// enum leaves texts only, each once. null is what nullable says.
func (m *mender) enum(n *yaml.Node, place string) {
	enum := get(n, "enum")
	if enum == nil {
		return
	}
	if scalar(get(n, "type")) != "string" || enum.Kind != yaml.SequenceNode {
		m.tell(place, "the enum is left out: only texts have constants")
		drop(n, "enum")
		return
	}
	first := once()
	only(n, "enum", func(value *yaml.Node) bool {
		if value.Tag == "!!null" {
			assign(n, "nullable", truth())
			return false
		}
		if value.Tag != "!!str" {
			*value = *str(value.Value)
		}
		return first(value)
	})
}

// isMap reports whether an object has values of one schema, under any names.
func isMap(n *yaml.Node) bool {
	values := get(n, "additionalProperties")
	return values != nil && values.Kind == yaml.MappingNode && len(values.Content) > 0 && len(keys(get(n, "properties"))) == 0
}

func (m *mender) object(n *yaml.Node, place, name string) {
	properties := get(n, "properties")
	if isMap(n) {
		m.inner(n, "additionalProperties", place, name+"Value")
	} else if more := get(n, "additionalProperties"); more != nil { // types keep what they do not know, whatever it is
		if assign(n, "additionalProperties", truth()); more.Value == "false" {
			drop(n, "additionalProperties")
		}
	}
	first := once()
	only(n, "required", func(name *yaml.Node) bool { return get(properties, name.Value) != nil && first(name) })
	for i := 0; properties != nil && i < len(properties.Content); i += 2 {
		property := properties.Content[i].Value
		m.inner(properties, property, place+"/properties", name+typeName(property))
	}
	m.fieldNames(properties, place)
}

// inner mends a schema within another. One that is an object gets a name, and a reference in its place.
func (m *mender) inner(parent *yaml.Node, key, place, name string) {
	n := get(parent, key)
	place = pointer(place, key)
	m.flatten(n, place)
	m.typed(n)
	object, clash := scalar(get(n, "type")) == "object" && !isMap(n), get(n, "enum") != nil && m.taken[SameName(name)] != ""
	if get(n, "$ref") != nil || !object && !clash {
		m.schema(n, place, name)
		return
	}
	name = m.free(name)
	assign(m.schemas, name, n) // Mend comes to it
	m.tell(place, "it has the type %s", name)
	assign(parent, key, reference(name))
}

// operation mends what an operation says itself; a body that has no named type gets one.
func (m *mender) operation(place, id string, op *yaml.Node) {
	if summary := get(op, "summary"); summary != nil {
		assign(op, "summary", str(strings.Join(strings.Fields(summary.Value), " ")))
	}
	if parameters := get(op, "parameters"); parameters != nil {
		if len(parameters.Content) > 0 {
			m.tell(place, "its parameters are left out: requests are a body")
		}
		drop(op, "parameters")
	}
	m.content(get(op, "requestBody"), place+"/requestBody", id+"Request")
	members(get(op, "responses"), func(status string, response *yaml.Node) {
		name := id + "Response"
		if status != "200" {
			name = id + typeName(status) + "Response"
		}
		m.content(response, pointer(place+"/responses", status), name)
	})
}

func (m *mender) content(body *yaml.Node, place, name string) {
	content := get(body, "content")
	remove(content, func(media string, _ *yaml.Node) bool { return !strings.Contains(media, "/") })
	members(content, func(media string, value *yaml.Node) {
		here := pointer(place+"/content", media)
		if get(value, "schema") != nil && media == jsonMedia {
			m.inner(value, "schema", here, typeName(name))
		}
	})
}

const jsonMedia = "application/json"

// Unfit returns why an operation cannot have a method, or nothing.
func Unfit(op *yaml.Node, method string) string {
	switch {
	case method != "post":
		return "its method is " + strings.ToUpper(method)
	case get(op, "requestBody", "content", jsonMedia, "schema") == nil:
		return "its request is not JSON"
	case get(success(op), "content", jsonMedia, "schema") == nil:
		return "its response is not JSON"
	}
	return ""
}
