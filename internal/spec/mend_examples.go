package spec

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// eachBody calls fn with the JSON content of every request and response.
func eachBody(doc *yaml.Node, fn func(place string, media *yaml.Node)) {
	eachOperation(doc, func(place, _ string, op *yaml.Node) {
		body := func(place string, n *yaml.Node) {
			if media := get(n, "content", jsonMedia); media != nil {
				fn(pointer(place+"/content", jsonMedia), media)
			}
		}
		body(place+"/requestBody", get(op, "requestBody"))
		members(get(op, "responses"), func(status string, n *yaml.Node) { body(pointer(place+"/responses", status), n) })
	})
}

// eachExample calls fn with every example of a body.
func eachExample(media *yaml.Node, fn func(value *yaml.Node)) {
	fn(get(media, "example"))
	members(get(media, "examples"), func(_ string, example *yaml.Node) { fn(get(example, "value")) })
}

// eachObject calls fn with every object of a value and its schema, outer ones first.
func eachObject(doc, schema, value *yaml.Node, fn func(schema, object *yaml.Node)) {
	schema = resolve(doc, schema)
	switch {
	case schema == nil || value == nil:
	case value.Kind == yaml.SequenceNode:
		for _, item := range value.Content {
			eachObject(doc, get(schema, "items"), item, fn)
		}
	case value.Kind == yaml.MappingNode:
		fn(schema, value)
		members(value, func(key string, value *yaml.Node) { eachObject(doc, get(schema, "properties", key), value, fn) })
	}
}

// trimExamples leaves out of every example what types do not send: members that the schema lacks, and null where a member can
// be left out.
func trimExamples(doc *yaml.Node) {
	eachBody(doc, func(_ string, media *yaml.Node) {
		eachExample(media, func(value *yaml.Node) {
			eachObject(doc, get(media, "schema"), value, func(schema, object *yaml.Node) {
				if properties := get(schema, "properties"); properties != nil {
					remove(object, func(key string, value *yaml.Node) bool {
						return get(properties, key) == nil || value.Tag == "!!null" && !requires(schema, key)
					})
				}
			})
		})
	})
}

// completeExamples gives every example the members that are required by now, and every body without one the shortest that
// its schema allows.
func completeExamples(doc *yaml.Node) {
	eachBody(doc, func(_ string, media *yaml.Node) {
		schema := get(media, "schema")
		if get(media, "example") == nil && get(media, "examples") == nil && schema != nil {
			assign(media, "example", sample(doc, schema, 0))
		}
		eachExample(media, func(value *yaml.Node) {
			eachObject(doc, schema, value, func(schema, object *yaml.Node) {
				for _, name := range items(get(schema, "required")) {
					if get(object, name) == nil && get(schema, "properties", name) != nil {
						assign(object, name, sample(doc, get(schema, "properties", name), 0))
					}
				}
			})
		})
	})
}

func sample(doc, schema *yaml.Node, depth int) *yaml.Node {
	schema = resolve(doc, schema)
	switch typ := scalar(get(schema, "type")); {
	case depth > maxDepth:
	case typ == "object":
		object := mapping()
		for _, name := range items(get(schema, "required")) {
			assign(object, name, sample(doc, get(schema, "properties", name), depth+1))
		}
		return object
	case typ == "array":
		list := sequence()
		if scalar(get(schema, "minItems")) != "" {
			list.Content = append(list.Content, sample(doc, get(schema, "items"), depth+1))
		}
		return list
	case typ == "boolean":
		return truth()
	case typ == "integer", typ == "number":
		return &yaml.Node{Kind: yaml.ScalarNode, Value: "1"}
	case len(items(get(schema, "enum"))) > 0:
		return str(items(get(schema, "enum"))[0])
	case typ == "string":
		if text, ok := sampleTexts[scalar(get(schema, "format"))]; ok {
			return str(text)
		}
		least, _ := strconv.Atoi(scalar(get(schema, "minLength")))
		return str("text" + strings.Repeat("s", max(0, least-len("text"))))
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}

var sampleTexts = map[string]string{"date": "2026-01-31", "date-time": "2026-01-31T09:30:00Z"}

// leaveOut drops examples and defaults, and lists of examples that have no others.
func leaveOut(doc *yaml.Node, refused map[*yaml.Node]bool) {
	walk(doc, "", func(_ string, n *yaml.Node) bool {
		remove(n, func(key string, value *yaml.Node) bool {
			if key != "examples" {
				return refused[value]
			}
			before := len(value.Content)
			remove(value, func(_ string, example *yaml.Node) bool { return refused[get(example, "value")] })
			return before > 0 && len(value.Content) == 0
		})
		return true
	})
}
