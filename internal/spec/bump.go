package spec

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Bumped is what a new version of the publisher's file makes of the sources.
type Bumped struct {
	Sources            // with the new file, and overlays that fit it
	GoTypes  Source    // the overlay of the generator
	YAML     []byte    // composed of Sources, without a problem
	From, To string    // versions
	SHA256   string    // of the new file as it was given
	Size     int       // of it, in bytes
	Trimmed  bool      // whether it has more than the Link family, so that Sources has a part of it
	Needless []Problem // actions of the old overlays that were deleted: dead, needless or in conflict
	Carried  []Carried
	Mended   []Mended
	Unlisted []string // operations of the Link family that the scope does not list: id and path
}

// Mended is a defect of the new file that an action at the end of the fixes corrects.
type Mended struct{ Target, Reason string }

// Bump fits the sources to a new version of the publisher's file. It deletes what it makes needless of the overlays, adds
// to the completion what it no longer has, adds to the fixes what its known defects need, and composes the result by the
// same rules as ever; the error says what stands in the way.
func Bump(old Sources, goTypes, file Source) (*Bumped, error) {
	var ps Problems
	full, oldDoc, scope := parseVendored(file, &ps), parseVendored(old.Vendored, &ps), parseScope(old.Scope, &ps)
	if len(ps) > 0 {
		return nil, ps
	}
	b := &Bumped{Sources: old, GoTypes: goTypes, Size: len(file.Data),
		SHA256: fmt.Sprintf("%x", sha256.Sum256(file.Data)), From: version(oldDoc), To: version(full)}
	doc := clone(full)
	dropOtherOperations(doc, scope)
	if len(operations(doc)) == 0 {
		ps.add(Lost, file.Name, "none of the operations of %s is in it: expected a file of the Link family, or Plaid's whole file",
			old.Scope.Name)
		return nil, ps
	}
	b.unlisted(full, scope)

	completion, fixes := newText(old.Completion), newText(old.Fixes)
	var added []action
	b.Carried, added = carry(full, clone(doc), oldDoc, parseOverlay(old.Completion, &ps), scope, b.To)
	if err := completion.addFirst(added); err != nil {
		return nil, err
	}
	servers, added := carryServers(doc, oldDoc, b.To)
	b.Carried = append(b.Carried, servers...)
	if err := fixes.addFirst(added); err != nil {
		return nil, err
	}
	if err := b.vendor(file, full, doc, completion.numbered(), scope); err != nil {
		return nil, err
	}
	if err := b.settle(completion, fixes); err != nil {
		return nil, err
	}
	return b, b.fitGoTypes()
}

// vendor sets the file that is kept: the publisher's own, byte for byte, or the part of it that the scope needs.
func (b *Bumped) vendor(file Source, full, doc *yaml.Node, completion Source, scope Scope) error {
	b.Vendored.Data = file.Data
	if !beyond(full, scope) {
		return nil
	}
	b.Trimmed = true
	var ps Problems
	whole := clone(doc)
	parseOverlay(completion, &ps).apply(whole, additive, &ps)
	parseOverlay(b.Fixes, &ps).apply(whole, corrective, &ps)
	dropUnreachableSchemas(whole, scope)
	kept := get(whole, "components", "schemas")
	remove(get(doc, "components", "schemas"), func(name string, _ *yaml.Node) bool { return get(kept, name) == nil })
	out, err := encode(doc, fmt.Sprintf(trimHeader, b.To, len(file.Data), b.SHA256))
	if err != nil {
		return fmt.Errorf("%s: cannot be written as YAML: %w", file.Name, err)
	}
	b.Vendored.Data = out
	return nil
}

const trimHeader = `# A part of Plaid's file of version %s (%d bytes, sha256 %s):
# the operations of scope.yaml and the schemas that they need, as they stand there. Written by make bump.
`

// settle changes the overlays until they and the file compose.
func (b *Bumped) settle(completion, fixes *text) error {
	texts := map[string]*text{completion.name: completion, fixes.name: fixes}
	for round := 0; ; round++ {
		b.Completion, b.Fixes = completion.numbered(), fixes.numbered()
		_, doc, ps := build(b.Sources, Options{})
		rest, err := b.prune(texts, ps)
		if err != nil {
			return err
		}
		if len(rest) < len(ps) && round < 5 {
			continue
		}
		if doc == nil || round == 5 {
			break
		}
		mends := mend(doc)
		if len(mends) == 0 {
			mends, _ = mendData(ps)
		}
		if len(mends) == 0 {
			break
		}
		for _, m := range mends {
			b.Mended = append(b.Mended, Mended{m.Target, m.Description})
		}
		if err := fixes.add(mends); err != nil {
			return err
		}
	}
	b.Completion, b.Fixes = completion.final(), fixes.final()
	result, err := Compose(b.Sources, Options{})
	if err == nil {
		b.YAML = result.YAML
	}
	return err
}

// prune deletes the actions, and parts of them, that the file makes needless; it gives the other problems back.
func (b *Bumped) prune(texts map[string]*text, ps Problems) (rest Problems, err error) {
	lines := map[string]map[int]bool{}
	for _, p := range ps {
		name, line, ok := p.line()
		if !ok || texts[name] == nil || !slices.Contains([]Kind{Needless, Conflict, NoEffect, NoTarget}, p.Kind) {
			rest = append(rest, p)
			continue
		}
		if lines[name] == nil {
			lines[name] = map[int]bool{}
		}
		lines[name][line] = true
		p.Place = fmt.Sprintf("%s:%d", name, texts[name].origin(line))
		b.Needless = append(b.Needless, p)
	}
	for name, set := range lines {
		if err := texts[name].prune(set); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// unlisted finds the operations of the Link family that the scope leaves out.
func (b *Bumped) unlisted(full *yaml.Node, scope Scope) {
	eachOperation(full, func(place, id string, _ *yaml.Node) {
		if path := tokens(place)[1]; ofLink(path) && !slices.Contains(scope.Operations, id) {
			b.Unlisted = append(b.Unlisted, id+" "+path)
		}
	})
	slices.Sort(b.Unlisted)
}

// beyond says whether a file has operations that are neither of the scope nor of the Link family.
func beyond(full *yaml.Node, scope Scope) (more bool) {
	eachOperation(full, func(place, id string, _ *yaml.Node) {
		more = more || !ofLink(tokens(place)[1]) && !slices.Contains(scope.Operations, id)
	})
	return more
}

func ofLink(path string) bool {
	return strings.HasPrefix(path, "/link/") || strings.HasPrefix(path, "/link_")
}

func version(doc *yaml.Node) string { return scalar(get(doc, "info", "version")) }

func operations(doc *yaml.Node) (ids []string) {
	eachOperation(doc, func(_, id string, _ *yaml.Node) { ids = append(ids, id) })
	return ids
}

func clone(n *yaml.Node) *yaml.Node {
	copied := *n
	copied.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		copied.Content[i] = clone(child)
	}
	return &copied
}
