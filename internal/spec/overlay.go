package spec

import (
	"bytes"
	"fmt"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"
)

// mode says what an overlay may do.
type mode int

const (
	additive   mode = iota // add what is not there
	corrective             // change what is there
)

// layer is an overlay with what problems need: its name, and the line of each action.
type layer struct {
	name    string
	overlay *overlay.Overlay
	lines   []int
}

func parseOverlay(src Source, ps *Problems) *layer {
	doc := parseMapping(src, ps)
	if doc == nil {
		return nil
	}
	o, err := overlay.ParseReader(bytes.NewReader(src.Data))
	if err != nil {
		ps.add(Malformed, src.Name, "expected an OpenAPI overlay: %v", err)
		return nil
	}
	if o.Version != overlay.Version110 {
		ps.add(Malformed, src.Name, "expected `overlay: %s`, found %q", overlay.Version110, o.Version)
		return nil
	}
	if err := o.Validate(); err != nil {
		ps.add(Malformed, src.Name, "expected an OpenAPI overlay: %v", err)
		return nil
	}
	l := &layer{name: src.Name, overlay: o}
	for _, action := range get(doc, "actions").Content {
		l.lines = append(l.lines, action.Line)
	}
	return l
}

// apply changes doc, action by action, and returns the actions that do nothing any more: additions of what is there
// already, which it leaves out, and corrections of what is right already.
func (l *layer) apply(doc *yaml.Node, m mode, ps *Problems) (needless []Problem) {
	for i, action := range l.overlay.Actions {
		place := fmt.Sprintf("%s:%d", l.name, l.lines[i])
		path, err := l.overlay.NewPath(action.Target, nil)
		if err != nil {
			ps.add(Malformed, place, "target %q is no JSONPath: %v", action.Target, err)
			continue
		}
		targets := path.Query(doc)
		if len(targets) == 0 {
			ps.add(NoTarget, place, "target %q matches nothing", action.Target)
			continue
		}
		if m == additive {
			if len(targets) > 1 { // what one has and another lacks could be neither added nor left out
				ps.add(Malformed, place, "target %q matches %d places: a completion adds to one", action.Target, len(targets))
				continue
			}
			if action.Update.Kind == yaml.MappingNode && len(action.Update.Content) == 0 {
				needless = append(needless, Problem{NoEffect, place, fmt.Sprintf("target %q: the update is empty", action.Target)})
				continue
			}
			needless = append(needless, l.trim(&action, targets, doc, place, ps)...)
			if len(action.Update.Content) == 0 {
				continue
			}
		}
		one := *l.overlay
		one.Actions = []overlay.Action{action}
		warnings, err := one.ApplyToStrict(doc)
		if err != nil {
			ps.add(Malformed, place, "target %q: %v", action.Target, err)
		}
		if len(warnings) > 0 {
			needless = append(needless, Problem{NoEffect, place, fmt.Sprintf("target %q: the document says so already", action.Target)})
		}
	}
	return needless
}

// trim takes out of an addition what the targets have already.
func (l *layer) trim(action *overlay.Action, targets []*yaml.Node, doc *yaml.Node, place string, ps *Problems) (needless []Problem) {
	if action.Update.Kind != yaml.MappingNode {
		ps.add(Malformed, place, "a completion adds members: expected `update` with a mapping")
		action.Update = yaml.Node{}
		return nil
	}
	at := places(doc, targets)
	for _, target := range targets {
		if target.Kind != yaml.MappingNode {
			ps.add(Malformed, place, "target %q is no mapping", action.Target)
			action.Update = yaml.Node{}
			return nil
		}
		needless = append(needless, l.trimNode(&action.Update, target, at[target])...)
	}
	return needless
}

func (l *layer) trimNode(update, target *yaml.Node, place string) (needless []Problem) {
	lines := map[string]int{}
	for i := 0; i < len(update.Content); i += 2 {
		lines[update.Content[i].Value] = update.Content[i].Line
	}
	remove(update, func(key string, value *yaml.Node) bool {
		there := get(target, key)
		if there == nil {
			return false
		}
		here := pointer(place, key)
		if container(here) && there.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode {
			needless = append(needless, l.trimNode(value, there, here)...)
			return len(value.Content) == 0
		}
		needless = append(needless, Problem{Needless, fmt.Sprintf("%s:%d", l.name, lines[key]), here + " is in the document already"})
		return true
	})
	return needless
}

// container says whether the mapping at a place holds things of their own (schemas, paths, operations), so that an
// addition beside them is no collision.
func container(place string) bool {
	at := tokens(place)
	switch at[0] {
	case "components":
		return len(at) <= 2 // /components, /components/schemas
	case "paths":
		return len(at) <= 2 // /paths, /paths/~1link~1token~1get
	}
	return false
}

// places finds the JSON pointers of nodes.
func places(doc *yaml.Node, nodes []*yaml.Node) map[*yaml.Node]string {
	at := make(map[*yaml.Node]string, len(nodes))
	for _, n := range nodes {
		at[n] = ""
	}
	walk(doc, "", func(place string, n *yaml.Node) bool {
		if _, wanted := at[n]; wanted {
			at[n] = place
		}
		return true
	})
	return at
}
