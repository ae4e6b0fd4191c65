package spec

import (
	"bytes"
	"fmt"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"
)

// layer is an overlay with the place of each action, for problems.
type layer struct {
	overlay *overlay.Overlay
	places  []string
}

// placeOf is the place of a part of a source.
func placeOf(source string, n *yaml.Node) string { return fmt.Sprintf("%s:%d", source, n.Line) }

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
	needless := len(o.Actions) == 0 && get(doc, "actions") != nil // as all of them became
	if err := o.Validate(); err != nil && !needless {
		ps.add(Malformed, src.Name, "expected an OpenAPI overlay: %v", err)
		return nil
	}
	l := &layer{overlay: o}
	for _, action := range get(doc, "actions").Content {
		l.places = append(l.places, placeOf(src.Name, action))
	}
	return l
}

// complete merges what the layer adds into doc, and returns the places of what doc lacked. Where both define the same, the
// newer of the two is right about the wire.
func (l *layer) complete(doc *yaml.Node, ps *Problems) (kept []string) {
	m := merge{newer: Older(version(doc), l.overlay.Info.Version)}
	l.each(doc, ps, func(action overlay.Action, place string, targets []*yaml.Node) {
		update := &action.Update
		switch {
		case len(targets) > 1: // what one has and another lacks could be neither added nor left out
			ps.add(Malformed, place, "target %q matches %d places: a completion adds to one", action.Target, len(targets))
		case update.Kind != yaml.MappingNode || targets[0].Kind != yaml.MappingNode:
			ps.add(Malformed, place, "a completion adds members: expected `update` with a mapping, and a target %q that is one", action.Target)
		case len(update.Content) == 0:
			ps.add(NoEffect, place, "target %q: the update is empty", action.Target)
		default:
			if at := pointerTo(doc, targets[0]); isSchema(at) {
				*targets[0] = *m.schema(targets[0], update, at)
			} else {
				m.mapping(targets[0], update, at)
			}
		}
	})
	return m.kept
}

// correct changes doc, action by action.
func (l *layer) correct(doc *yaml.Node, ps *Problems) {
	l.each(doc, ps, func(action overlay.Action, place string, _ []*yaml.Node) {
		one := *l.overlay
		one.Actions = []overlay.Action{action}
		warnings, err := one.ApplyToStrict(doc)
		if err != nil {
			ps.add(Malformed, place, "target %q: %v", action.Target, err)
		}
		if len(warnings) > 0 {
			ps.add(NoEffect, place, "target %q changes nothing", action.Target)
		}
	})
}

// each calls fn with every action, its place and what its target matches.
func (l *layer) each(doc *yaml.Node, ps *Problems, fn func(action overlay.Action, place string, targets []*yaml.Node)) {
	for i, action := range l.overlay.Actions {
		place := l.places[i]
		path, err := l.overlay.NewPath(action.Target, nil)
		if err != nil {
			ps.add(Malformed, place, "target %q is not a JSONPath: %v", action.Target, err)
			continue
		}
		if targets := path.Query(doc); len(targets) > 0 {
			fn(action, place, targets)
		} else {
			ps.add(NoTarget, place, "target %q matches nothing", action.Target)
		}
	}
}

// pointerTo finds the JSON pointer of a node.
func pointerTo(doc, node *yaml.Node) (found string) {
	walk(doc, "", func(place string, n *yaml.Node) bool {
		if n == node {
			found = place
		}
		return true
	})
	return found
}

// schemas are the names of the schemas that the layer has or refers to.
func (l *layer) schemas() (names []string) {
	for _, action := range l.overlay.Actions {
		walk(&action.Update, "", func(_ string, n *yaml.Node) bool {
			names = append(names, refersTo(n))
			return true
		})
		if action.Target == "$.components.schemas" {
			names = append(names, keys(&action.Update)...)
		}
		names = append(names, keys(get(&action.Update, "components", "schemas"))...)
	}
	return names
}
