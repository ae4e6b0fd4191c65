package spec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

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
	if len(o.Actions) == 0 && get(doc, "actions") != nil { // all of them became needless
		return &layer{name: src.Name, overlay: o}
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
			needless = append(needless, l.trim(&action, doc, targets[0], place, ps)...)
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

// trim takes out of an addition what its target has already.
func (l *layer) trim(action *overlay.Action, doc, target *yaml.Node, place string, ps *Problems) []Problem {
	if action.Update.Kind == yaml.MappingNode && target.Kind == yaml.MappingNode {
		return l.trimNode(&action.Update, target, placeOf(doc, target))
	}
	ps.add(Malformed, place, "a completion adds members: expected `update` with a mapping, and a target %q that is one", action.Target)
	action.Update = yaml.Node{}
	return nil
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
		found := Problem{Needless, fmt.Sprintf("%s:%d", l.name, lines[key]), here + " is in the document already"}
		if unlike := differences(value, there); len(unlike) > 0 && !slices.Contains(prose, key) {
			found.Kind = Conflict
			found.Text = fmt.Sprintf("%s is in the document, which says otherwise: %s", here, strings.Join(unlike, "; "))
		}
		needless = append(needless, found)
		return true
	})
	return needless
}

// container says whether the mapping at a place holds things of their own (schemas, paths, operations), so that an
// addition beside them is no collision.
func container(place string) bool {
	at := tokens(place)
	return len(at) <= 2 && (at[0] == "components" || at[0] == "paths") // /components/schemas, /paths/~1link~1token~1get
}

// placeOf finds the JSON pointer of a node.
func placeOf(doc, node *yaml.Node) (found string) {
	walk(doc, "", func(place string, n *yaml.Node) bool {
		if n == node {
			found = place
		}
		return true
	})
	return found
}
