package spec

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Carried is a part of the old vendored file that the new one lacks and that an overlay has from now on: an operation, a
// schema or a server.
type Carried struct {
	Operation string // operationId
	Schema    string
	Path      string // of the operation
	Server    string // its description
	Renamed   string // what the new file calls the operation at that path, if it has one there
}

// carry finds what the scope needs, the old vendored file has, and neither the new one nor the completion: operations
// that the publisher removed, which become deprecated, and schemas that a reference of the new file leads to.
func carry(full, doc, old *yaml.Node, completion *layer, scope Scope, version string) (all []Carried, actions []action) {
	var ignored Problems
	completion.apply(doc, additive, &ignored)
	paths, schemas := mapping(), mapping()

	have := map[string]bool{}
	eachOperation(doc, func(_, id string, _ *yaml.Node) { have[id] = true })
	eachOperation(old, func(place, id string, op *yaml.Node) {
		if have[id] || !slices.Contains(scope.Operations, id) {
			return
		}
		path, method := tokens(place)[1], tokens(place)[2]
		c := Carried{Operation: id, Path: path}
		if other := get(full, "paths", path, method, "operationId"); other != nil {
			c.Renamed = other.Value
		} else if get(op, "deprecated") == nil {
			set(op, "deprecated", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
		}
		all = append(all, c)
		item := get(paths, path)
		if item == nil {
			item = clone(get(old, "paths", path))
			remove(item, func(key string, _ *yaml.Node) bool { return isMethod(key) })
			set(paths, path, item)
		}
		set(item, method, op)
	})

	seen := map[string]bool{}
	var need func(n *yaml.Node)
	visit := func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		schema := get(doc, "components", "schemas", name)
		if schema == nil {
			if schema = get(old, "components", "schemas", name); schema == nil {
				return // a dangling reference, which Compose reports
			}
			set(schemas, name, schema)
			all = append(all, Carried{Schema: name})
		}
		need(schema)
	}
	need = func(n *yaml.Node) {
		walk(n, "", func(_ string, n *yaml.Node) bool {
			if ref := scalar(get(n, "$ref")); strings.HasPrefix(ref, schemaRef) {
				visit(tokens(ref[1:])[2])
			}
			return true
		})
	}
	need(get(doc, "paths"))
	need(paths)
	for _, name := range scope.Schemas {
		visit(name)
	}

	if len(paths.Content) > 0 {
		actions = append(actions, action{Target: "$.paths", Update: paths,
			Description: fmt.Sprintf("No longer in the file of %s. The methods stay, as long as the service answers.", version)})
	}
	if len(schemas.Content) > 0 {
		actions = append(actions, action{Target: "$.components.schemas", Update: schemas,
			Description: fmt.Sprintf("No longer in the file of %s, and still referred to.", version)})
	}
	return all, actions
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

// set appends a member.
func set(n *yaml.Node, key string, value *yaml.Node) {
	n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
}

// carryServers finds the servers that the new file no longer has. Programs name them by constants, and stored
// configurations by their environment.
func carryServers(doc, old *yaml.Node, version string) (all []Carried, actions []action) {
	have := map[string]bool{}
	servers := func(doc *yaml.Node) []*yaml.Node {
		if list := get(doc, "servers"); list != nil && list.Kind == yaml.SequenceNode {
			return list.Content
		}
		return nil
	}
	for _, s := range servers(doc) {
		have[scalar(get(s, "description"))] = true
	}
	lost := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, s := range servers(old) {
		if name := scalar(get(s, "description")); !have[name] {
			all = append(all, Carried{Server: name})
			lost.Content = append(lost.Content, s)
		}
	}
	if len(all) > 0 && get(doc, "servers") != nil {
		actions = append(actions, action{Target: "$.servers", Update: lost,
			Description: fmt.Sprintf("No longer in the file of %s. Programs name them.", version)})
	}
	return all, actions
}
