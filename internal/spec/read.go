package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gopkg.in/yaml.v3"
)

// What a source may have, so that none takes memory without bound. Plaid's whole file has 3 MB, some 100,000 lines and as
// many commas, and is 30 levels deep.
const (
	MaxBytes = 16 << 20
	maxMarks = 1 << 20 // line breaks, commas and brackets: a node of YAML needs one
	maxNodes = 1 << 20 // with aliases replaced by what they refer to
	maxDepth = 200
	maxWidth = 1 << 14 // members of a mapping; its schemas are some 2,300
)

// ReadSource reads a file, which must be a regular one of a size that can be Plaid's. The source has the last element of its name.
func ReadSource(name string) (src Source, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return Source{}, err
	}
	switch {
	case !info.Mode().IsRegular():
		return Source{}, fmt.Errorf("%s: expected a file", name)
	case info.Size() > MaxBytes:
		return Source{}, fmt.Errorf("%s: expected at most %d bytes, found %d", name, MaxBytes, info.Size())
	case info.Size() == 0:
		return Source{}, fmt.Errorf("%s: the file is empty", name)
	}
	file, err := os.Open(name)
	if err != nil {
		return Source{}, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
	return Source{Name: filepath.Base(name), Data: data}, err
}

// parseMapping reads a source: one YAML document whose root is a mapping. Aliases are replaced by copies.
func parseMapping(src Source, ps *Problems) *yaml.Node {
	if problem := bounded(src.Data); problem != "" {
		ps.add(Malformed, src.Name, "%s", problem)
		return nil
	}
	var doc, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(src.Data))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		ps.add(Malformed, src.Name, "expected YAML: %v", err)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.MappingNode {
		ps.add(Malformed, src.Name, "expected a YAML mapping")
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		ps.add(Malformed, src.Name, "expected one YAML document, found more")
		return nil
	}
	before, t := len(*ps), tree{src.Name, ps, 0}
	root, err := t.plain(doc.Content[0], 0)
	if err != nil {
		ps.add(Malformed, src.Name, "%v", err)
	}
	if len(*ps) > before {
		return nil
	}
	doc.Content[0] = root
	return &doc
}

// bounded reports what a source has too much of, before it is parsed.
func bounded(data []byte) string {
	if len(data) > MaxBytes {
		return fmt.Sprintf("expected at most %d bytes, found %d", MaxBytes, len(data))
	}
	marks := 0
	for _, mark := range []string{"\n", "\r", ",", "[", "{", "- ", "-\t", "? "} {
		marks += bytes.Count(data, []byte(mark))
	}
	if marks > maxMarks {
		return fmt.Sprintf("expected at most %d line breaks, commas and brackets, found %d", maxMarks, marks)
	}
	return ""
}

// tree is one that is read, with the number of its nodes so far.
type tree struct {
	name  string
	ps    *Problems
	nodes int
}

// plain returns a tree without anchors and aliases. It fails where they unfold to too much, as one that contains itself does.
func (t *tree) plain(from *yaml.Node, depth int) (*yaml.Node, error) {
	if from.Kind == yaml.AliasNode {
		from = from.Alias
	}
	n := *from
	n.Anchor, n.Content = "", nil
	switch t.nodes++; {
	case t.nodes > maxNodes:
		return nil, fmt.Errorf("line %d: expected at most %d nodes with each alias counted as what it refers to", n.Line, maxNodes)
	case depth > maxDepth:
		return nil, fmt.Errorf("line %d: expected at most %d levels", n.Line, maxDepth)
	case n.Kind == yaml.MappingNode && len(from.Content) > 2*maxWidth:
		return nil, fmt.Errorf("line %d: expected at most %d members", n.Line, maxWidth)
	}
	lines := map[string]int{} // of keys
	for i, child := range from.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if child.Kind != yaml.ScalarNode || child.Tag == "!!merge" {
				return nil, fmt.Errorf("line %d: expected a key that is a plain value", child.Line)
			}
			if first := lines[child.Value]; first > 0 { // which the library keeps silently
				t.ps.add(Duplicate, placeOf(t.name, child), "key %q appears twice, first on line %d", child.Value, first)
			}
			lines[child.Value] = child.Line
		}
		child, err := t.plain(child, depth+1)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, child)
	}
	return &n, nil
}
