package e2e_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/stretchr/testify/require"
)

// element is something on a page, as a screen reader presents it.
type element struct {
	id          cdp.BackendNodeID
	role, name  string
	description string // such as a problem with a field
	value       string // of a field
	properties  map[string]any
	text        string // of everything in it
}

func (e element) String() string { return e.role + " " + e.name }

// elements are the elements of a page in order; the first one is the page itself.
type elements []element

// look reads the page.
func (w *window) look(t *testing.T) elements {
	t.Helper()
	nodes := call(t, w, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, node := range nodes {
		byID[node.NodeID] = node
	}
	var all elements
	var read func(node *accessibility.Node) (text string)
	read = func(node *accessibility.Node) (text string) {
		e := element{
			id:          node.BackendDOMNodeID,
			role:        said(node.Role),
			name:        strings.TrimSpace(said(node.Name)),
			description: said(node.Description),
			value:       said(node.Value),
			properties:  map[string]any{},
		}
		for _, property := range node.Properties {
			var value any
			if json.Unmarshal(property.Value.Value, &value) == nil {
				e.properties[string(property.Name)] = value
			}
		}
		at := len(all)
		if !node.Ignored {
			all = append(all, e)
		}
		for _, id := range node.ChildIDs {
			if child := byID[id]; child != nil {
				text += read(child)
			}
		}
		switch e.role {
		case "StaticText":
			text = said(node.Name)
		case "paragraph", "cell", "rowheader", "columnheader":
			text += " "
		}
		if !node.Ignored {
			all[at].text = strings.Join(strings.Fields(text), " ")
		}
		return text
	}
	require.NotEmpty(t, nodes)
	read(nodes[0])
	return all
}

func said(value *accessibility.Value) (text string) {
	if value != nil {
		_ = json.Unmarshal(value.Value, &text) // empty for a number
	}
	return text
}

// named reports whether a name begins with the words: the name of a bank is followed by its web site, that of an account by its
// balance.
func named(name, words string) bool { return name == words || strings.HasPrefix(name, words+" ") }

func (all elements) with(roles ...string) elements {
	return slices.Collect(func(yield func(element) bool) {
		for _, e := range all {
			if slices.Contains(roles, e.role) && !yield(e) {
				return
			}
		}
	})
}

func (all elements) named(name string) elements {
	return slices.DeleteFunc(slices.Clone(all), func(e element) bool { return !named(e.name, name) })
}

// one returns the only element of these roles with the name.
func (all elements) one(t *testing.T, name string, roles ...string) element {
	t.Helper()
	found := all.with(roles...).named(name)
	require.Len(t, found, 1, "%v named %q in: %s", roles, name, all)
	return found[0]
}

// headings returns the headings of the first level, of which a page has one.
func (all elements) headings() elements {
	return slices.DeleteFunc(all.with("heading"), func(e element) bool { return e.properties["level"] != 1.0 })
}

// alert returns the problem that the page reports, or "" if there is none.
func (all elements) alert() (text string) {
	for _, e := range all.with("alert") {
		text += e.text
	}
	return text
}

// focus returns the control that has the focus, or "nothing".
func (all elements) focus() string {
	for _, e := range all[1:] {
		if e.properties["focused"] == true {
			return e.String()
		}
	}
	return "nothing"
}

func (all elements) String() string {
	var lines []string
	for _, e := range all {
		if e.name != "" && e.role != "InlineTextBox" && e.role != "StaticText" {
			lines = append(lines, e.String())
		}
	}
	return strings.Join(lines, "; ")
}
