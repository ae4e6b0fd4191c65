package spec

import (
	"regexp"

	"gopkg.in/yaml.v3"
)

var accessTokenName = regexp.MustCompile(`^access_tokens?$`)

// fitGoTypes deletes what no longer matches from the overlay of the generator, and has every access token typed as one,
// so that it is redacted.
func (b *Bumped) fitGoTypes() error {
	var ps Problems
	doc := parseMapping(Source{"the composed document", b.YAML}, &ps)
	overlay := parseOverlay(b.GoTypes, &ps)
	if len(ps) > 0 {
		return ps
	}
	t := newText(b.GoTypes)
	dead := overlay.apply(doc, corrective, &ps)
	rest, err := b.prune(map[string]*text{t.name: t}, append(ps, dead...))
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return rest
	}
	typed := mapping()
	set(typed, "x-go-type", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "AccessToken"})
	var added []action
	walk(doc, "", func(place string, n *yaml.Node) bool {
		at := tokens(place)
		if isData(place) || len(at) < 2 || at[len(at)-2] != "properties" || !accessTokenName.MatchString(at[len(at)-1]) {
			return !isData(place)
		}
		if items := get(n, "items"); items != nil {
			n, place = items, place+"/items"
		}
		if scalar(get(n, "type")) == "string" && get(n, "x-go-type") == nil {
			reason := "An access token, so its type must redact it."
			added = append(added, action{Target: jsonPath(place), Description: reason, Update: typed})
		}
		return true
	})
	for _, a := range added {
		b.Mended = append(b.Mended, Mended{a.Target, a.Description})
	}
	if err := t.add(added); err != nil {
		return err
	}
	b.GoTypes = t.final()
	return nil
}
