package page_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/sandbox/internal/page"
)

// node is an element.
type node struct {
	name     string
	attr     map[string]string
	parent   *node
	children []*node
	text     string // of it and all within
}

var selfClosed = regexp.MustCompile(`<([a-z]+)(?:\s[^>]*)?/>`)

// Elements that HTML, or SVG within it, lets end with />; on all others it ignores the slash.
var mayCloseThemselves = strings.Fields("meta link input path rect circle")

// parse reads a page as XML, which is stricter than HTML: every element is closed in order, and every attribute has a
// quoted value. What HTML reads in another way than XML is refused too, so that a browser sees the same tree.
func parse(t testing.TB, view any) *node {
	t.Helper()
	out, err := page.Render(view)
	require.NoError(t, err)
	for _, found := range selfClosed.FindAllSubmatch(out, -1) {
		require.Contains(t, mayCloseThemselves, string(found[1]), "%s", found[0])
	}
	require.Regexp(t, "^<!DOCTYPE html>\n<html lang=\"(en|es|fr)\">", string(out), "or a browser follows old rules")
	require.NotContains(t, string(out), "ZgotmplZ", "the mark of html/template for what it refused")
	root := &node{}
	at := root
	decoder := xml.NewDecoder(bytes.NewReader(out))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			require.Same(t, root, at)
			require.Len(t, root.children, 1)
			return root
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			child := &node{name: token.Name.Local, attr: map[string]string{}, parent: at}
			for _, attr := range token.Attr {
				require.NotContains(t, child.attr, attr.Name.Local, "twice at %s", child.name)
				child.attr[attr.Name.Local] = attr.Value
			}
			at.children = append(at.children, child)
			at = child
			require.Empty(t, misplaced(child))
		case xml.EndElement:
			at = at.parent
		case xml.CharData:
			for within := at; within != nil; within = within.parent {
				within.text += string(token)
			}
		}
	}
}

// misplaced returns where HTML would end an outer element, or a browser ignore an inner one.
func misplaced(n *node) string {
	phrasing := strings.Fields("a bdi button code i input label span svg path rect circle")
	for outer := n.parent; outer != nil; outer = outer.parent {
		switch outer.name {
		case "p", "h1", "h2", "legend", "label", "button", "a", "span", "bdi":
			if !slices.Contains(phrasing, n.name) {
				return n.name + " in " + outer.name
			}
		}
		switch outer.name {
		case "form":
			if n.name == "form" {
				return "form in form"
			}
		case "a", "button":
			if slices.Contains([]string{"a", "button", "input", "label"}, n.name) {
				return n.name + " in " + outer.name
			}
		}
	}
	return ""
}

// all are the elements within n for which keep is true, in their order.
func (n *node) all(keep func(*node) bool) (found []*node) {
	for _, child := range n.children {
		if keep(child) {
			found = append(found, child)
		}
		found = append(found, child.all(keep)...)
	}
	return found
}

func (n *node) named(name string) []*node { return n.all(func(n *node) bool { return n.name == name }) }

func (n *node) with(attr, value string) []*node {
	return n.all(func(n *node) bool { return n.attr[attr] == value })
}

func (n *node) has(attr string) bool {
	_, ok := n.attr[attr]
	return ok
}

func (n *node) label() string {
	if label := n.attr["aria-label"]; label != "" {
		return label
	}
	return strings.TrimSpace(n.text)
}
