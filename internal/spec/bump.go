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
	Sources           // with the new file, and overlays that fit it
	YAML     []byte   // composed of Sources, without a problem
	From, To string   // versions of the files
	Facts    string   // version of the completion
	SHA256   string   // of the new file as it was given
	Size     int      // of it, in bytes
	Cut      bool     // whether Sources has a part of it
	Dead     Problems // actions of the overlays that were deleted: what they correct is gone, or right
	Carried  []string // places of what the old file has and the new one lacks; the completion has it from now on
	Kept     []string // places of what the completion has and the file lacks
	Mended   []Mended
	Unlisted []string // operations of the Link family that the scope does not list: id and path
}

// Bump fits the sources to a new version of the publisher's file and composes them by the same rules as ever. What only
// the old file has stays, in the completion. The error names everything that is in the way.
func Bump(old Sources, file Source) (*Bumped, error) {
	var ps Problems
	full, oldDoc, scope := parseVendored(file, &ps), parseVendored(old.Vendored, &ps), parseScope(old.Scope, &ps)
	completion := parseOverlay(old.Completion, &ps)
	fixes := parseOverlay(old.Fixes, &ps)
	if len(ps) > 0 {
		return nil, ps
	}
	b := &Bumped{Sources: old, Size: len(file.Data), SHA256: fmt.Sprintf("%x", sha256.Sum256(file.Data)),
		From: version(oldDoc), To: version(full), Facts: completion.overlay.Info.Version}
	b.unlisted(full, scope)
	doc, paths := full, len(keys(get(full, "paths")))
	if dropOtherOperations(doc, scope); len(keys(get(doc, "paths"))) == 0 {
		ps.add(Lost, file.Name, "none of the operations of %s is in it: expected a file of the Link family, or Plaid's whole file",
			old.Scope.Name)
		return nil, ps
	}
	eachOperation(doc, func(place, id string, op *yaml.Node) {
		if why := Unfit(op, tokens(place)[2]); why != "" {
			ps.add(Unfitting, place, "%s cannot have a method, %s: take it out of %s", id, why, old.Scope.Name)
		}
	})
	names := slices.Concat(scope.Schemas, completion.schemas(), fixes.schemas())
	dropOtherOperations(oldDoc, scope)
	dropUnreachableSchemas(oldDoc, Scope{Schemas: names})
	names = append(names, keys(get(oldDoc, "components", "schemas"))...) // what the Go types may be kept with
	dropUnreachableSchemas(doc, Scope{Schemas: names})
	b.Vendored.Data = file.Data
	if len(keys(get(doc, "paths"))) < paths {
		out, err := encode(doc, fmt.Sprintf(cutHeader, b.To, len(file.Data), b.SHA256))
		if err != nil {
			return nil, fmt.Errorf("%s: cannot be written as YAML: %w", file.Name, err)
		}
		b.Vendored.Data, b.Cut = out, true
	}
	if err := b.carry(oldDoc, doc, completion); err != nil {
		return nil, err
	}
	return b, append(ps, b.settle()...).err()
}

const cutHeader = `# A part of Plaid's file of version %s (%d bytes, sha256 %s):
# the operations of scope.yaml and the schemas that they need, as they stand there. Written by make bump.
`

// carry adds to the completion what the old file has and neither the new one nor the completion.
func (b *Bumped) carry(old, doc *yaml.Node, completion *layer) error {
	Mend(old)
	dropCredentials(old)
	Mend(doc)
	completion.complete(doc, new(Problems))
	remove(get(old), func(key string, _ *yaml.Node) bool {
		return !slices.Contains([]string{"servers", "paths", "components"}, key)
	})
	m := merge{}
	m.mapping(doc, get(old), "")
	if b.Carried = parts(m.kept); len(b.Carried) == 0 {
		return nil
	}
	update := mapping()
	for _, place := range b.Carried {
		graft(update, old, tokens(place), Older(b.To, b.From))
	}
	reason := fmt.Sprintf("No longer in the file of %s. To follow it, delete what Plaid has removed for good.", b.To)
	type action struct {
		Target, Description string
		Update              *yaml.Node
	}
	list, err := encode(map[string][]action{"actions": {{"$", reason, update}}}, "")
	if err != nil {
		return fmt.Errorf("spec: write an action of %s: %w", b.Completion.Name, err)
	}
	head, tail, _ := strings.Cut(strings.Replace(string(b.Completion.Data), "\nactions: []\n", "\nactions:\n", 1), "\nactions:\n")
	b.Completion.Data = []byte(head + "\n" + string(list) + tail) // first, so that the others can add to it
	return nil
}

// parts are the places of operations, schemas, properties, values and servers, and no others.
func parts(places []string) (found []string) {
	for _, place := range places {
		at := tokens(place)
		if n := len(at); at[0] == "paths" && (n == 2 || n == 3 && isMethod(at[2])) || at[0] == "servers" ||
			at[0] == "components" && (n == 3 || !isProse(at[n-1]) || at[n-2] == "properties") {
			found = append(found, place)
		}
	}
	return found
}

// graft copies what is at a place, and whether it is required.
func graft(to, from *yaml.Node, at []string, required bool) {
	next := get(from, at[0])
	if len(at) == 1 && next != nil {
		assign(to, at[0], clone(next))
		return
	}
	if next.Kind == yaml.SequenceNode { // its values
		list := ensure(to, at[0], sequence())
		for _, item := range next.Content {
			if itemName(item) == at[1] {
				list.Content = append(list.Content, clone(item))
			}
		}
		return
	}
	below := ensure(to, at[0], mapping())
	if len(at) == 3 && at[1] == "properties" && required && requires(next, at[2]) && !requires(below, at[2]) {
		list := ensure(below, "required", sequence())
		list.Content = append(list.Content, str(at[2]))
	}
	graft(below, next, at[1:], required)
}

// settle deletes the actions of the overlays that do nothing any more, and composes.
func (b *Bumped) settle() Problems {
	for {
		c := compose(b.Sources)
		rest := b.delete(&b.GoTypes, b.delete(&b.Fixes, c.problems))
		if len(rest) < len(c.problems) {
			continue
		}
		b.YAML, b.Kept, b.Mended = c.yaml, parts(c.kept), c.mended
		return rest
	}
}

// delete takes out of an overlay the actions that problems name as dead, and returns the other problems.
func (b *Bumped) delete(overlay *Source, ps Problems) (rest Problems) {
	dead := map[string]bool{} // places
	for _, p := range ps {
		if strings.HasPrefix(p.Place, overlay.Name+":") && (p.Kind == NoTarget || p.Kind == NoEffect) {
			dead[p.Place] = true
			b.Dead = append(b.Dead, p)
		} else {
			rest = append(rest, p)
		}
	}
	if len(dead) == 0 {
		return rest
	}
	lines := strings.SplitAfter(string(overlay.Data), "\n")
	actions := get(parseMapping(*overlay, &rest), "actions").Content
	for i := len(actions) - 1; i >= 0; i-- {
		from, to := actions[i].Line-1, len(lines)
		if i+1 < len(actions) {
			to = actions[i+1].Line - 1
			for strings.HasPrefix(strings.TrimSpace(lines[to-1]), "#") { // a comment is about what follows it
				to--
			}
		}
		if dead[placeOf(overlay.Name, actions[i])] {
			lines = slices.Delete(lines, from, to)
		}
	}
	text := strings.Join(lines, "")
	if len(dead) == len(actions) {
		text = strings.Replace(text, "\nactions:\n", "\nactions: []\n", 1)
	}
	overlay.Data = []byte(text)
	return rest
}

// unlisted finds the operations of the Link family that the scope leaves out.
func (b *Bumped) unlisted(full *yaml.Node, scope Scope) {
	eachOperation(full, func(place, id string, _ *yaml.Node) {
		path := tokens(place)[1]
		if (strings.HasPrefix(path, "/link/") || strings.HasPrefix(path, "/link_")) && !slices.Contains(scope.Operations, id) {
			b.Unlisted = append(b.Unlisted, id+" "+path)
		}
	})
	slices.Sort(b.Unlisted)
}
