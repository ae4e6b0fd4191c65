package spec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// text is an overlay as it is written, by lines, so that a part can be deleted and the rest keeps its form and comments.
type text struct {
	name  string
	lines []string
	gone  []bool // deleted lines count until the end, so that the numbers of the others hold
	top   int    // how many lines were put before the first action
}

// action is one of an overlay that a bump writes.
type action struct {
	Target      string     `yaml:"target"`
	Description string     `yaml:"description"`
	Update      *yaml.Node `yaml:"update,omitempty"`
	Remove      bool       `yaml:"remove,omitempty"`
}

func newText(src Source) *text {
	lines := strings.SplitAfter(string(src.Data), "\n")
	if last := len(lines) - 1; lines[last] == "" {
		lines = lines[:last]
	}
	return &text{name: src.Name, lines: lines, gone: make([]bool, len(lines))}
}

// numbered has an empty line for each that is deleted.
func (t *text) numbered() Source { return Source{t.name, t.join("\n")} }

// final has none of them.
func (t *text) final() Source { return Source{t.name, t.join("")} }

func (t *text) join(instead string) []byte {
	var out bytes.Buffer
	left := false // whether an action is left
	for i, line := range t.lines {
		switch {
		case !t.gone[i]:
			out.WriteString(line)
			left = left || strings.HasPrefix(strings.TrimSpace(line), "- target:")
		default:
			out.WriteString(instead)
		}
	}
	with, without := []byte("\nactions:\n"), []byte("\nactions: []\n")
	if left {
		return bytes.Replace(out.Bytes(), without, with, 1)
	}
	return bytes.Replace(out.Bytes(), with, without, 1)
}

// add appends actions.
func (t *text) add(actions []action) error {
	if last := len(t.lines) - 1; !strings.HasSuffix(t.lines[last], "\n") {
		t.lines[last] += "\n"
	}
	_, err := t.insert(len(t.lines), actions)
	return err
}

// addFirst puts actions before the others, which can then change what they add.
func (t *text) addFirst(actions []action) (err error) {
	if at := slices.IndexFunc(t.lines, isActions); at >= 0 {
		t.top, err = t.insert(at+1, actions)
	}
	return err
}

func isActions(line string) bool { return strings.HasPrefix(line, "actions:") }

func (t *text) insert(at int, actions []action) (int, error) {
	if len(actions) == 0 {
		return 0, nil
	}
	out, err := encode(&struct {
		Actions []action `yaml:"actions"`
	}{actions}, "")
	if err != nil {
		return 0, fmt.Errorf("spec: write actions of %s: %w", t.name, err)
	}
	_, list, _ := strings.Cut(string(out), "\n") // without `actions:`
	more := slices.Collect(strings.Lines(list))
	t.lines = slices.Insert(t.lines, at, more...)
	t.gone = slices.Insert(t.gone, at, make([]bool, len(more))...)
	return len(more), nil
}

// origin is the number that a line had before addFirst.
func (t *text) origin(line int) int { return line - t.top }

// prune deletes what begins on the given lines: actions, and members of their updates. What then is empty goes too.
func (t *text) prune(lines map[int]bool) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(t.numbered().Data, &doc); err != nil {
		return fmt.Errorf("spec: %s: %w", t.name, err)
	}
	for _, a := range get(&doc, "actions").Content {
		cut, whole, err := t.doomed(get(a, "update"), lines)
		if err != nil {
			return err
		}
		if whole || lines[a.Line] {
			cut = []int{a.Line}
		}
		for _, line := range cut {
			t.cut(line)
		}
	}
	return nil
}

// doomed are the lines of the members to delete, and whether these are all members.
func (t *text) doomed(update *yaml.Node, lines map[int]bool) (cut []int, whole bool, err error) {
	if update == nil || update.Kind != yaml.MappingNode {
		return nil, false, nil
	}
	whole = len(update.Content) > 0
	for i := 0; i < len(update.Content); i += 2 {
		line := update.Content[i].Line
		if lines[line] && update.Style&yaml.FlowStyle != 0 { // a line can have more than what must go
			place := fmt.Sprintf("%s:%d", t.name, t.origin(line))
			return nil, false, Problems{{Malformed, place,
				"a part of this line is no longer needed: delete it by hand, or write each member on a line of its own"}}
		}
		below, all, err := t.doomed(update.Content[i+1], lines)
		switch {
		case lines[line]:
			cut = append(cut, line)
		case err != nil:
			return nil, false, err
		case all:
			cut = append(cut, line)
		default:
			whole = false
			cut = append(cut, below...)
		}
	}
	return cut, whole, nil
}

// cut deletes a line and what is indented deeper below it. Comments above stay: they may be about more.
func (t *text) cut(line int) {
	own := indent(t.lines[line-1])
	t.gone[line-1] = true
	for i := line; i < len(t.lines); i++ {
		if strings.TrimSpace(t.lines[i]) != "" && indent(t.lines[i]) <= own {
			return
		}
		t.gone[i] = true
	}
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
