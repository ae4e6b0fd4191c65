package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// knownFormats are those that have a Go type, or are what the Go type says anyway.
var knownFormats = []string{"date", "date-time", "double"}

// mend gives the corrections of defects that are known of the publisher's files and have one remedy.
func mend(doc *yaml.Node) (actions []action) {
	add := func(target, reason string, update *yaml.Node) {
		actions = append(actions, action{Target: target, Description: reason, Update: update, Remove: update == nil})
	}
	walk(doc, "", func(place string, n *yaml.Node) bool {
		if isData(place) {
			return false
		}
		if strings.HasSuffix(place, "/properties") || get(n, "type") == nil {
			return true
		}
		target := jsonPath(place)
		if format := scalar(get(n, "format")); format != "" && !slices.Contains(knownFormats, format) {
			reason := fmt.Sprintf("The format %s has no Go type; the value stays a plain %s.", format, scalar(get(n, "type")))
			add(target+".format", reason, nil)
		}
		enum := get(n, "enum")
		if enum == nil || enum.Kind != yaml.SequenceNode || scalar(get(n, "type")) != "string" {
			return true
		}
		texts := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, item := range enum.Content {
			switch {
			case item.Tag == "!!null":
				add(target+".enum[?@ == null]", "A value that is null is said by nullable.", nil)
				if scalar(get(n, "nullable")) != "true" {
					nullable := mapping()
					set(nullable, "nullable", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"})
					add(target, "Its enum has null.", nullable)
				}
			case item.Kind == yaml.ScalarNode && item.Tag != "!!str":
				add(fmt.Sprintf("%s.enum[?@ == %s]", target, item.Value), "The enum is of strings.", nil)
				text := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: item.Value, Style: yaml.SingleQuotedStyle}
				texts.Content = append(texts.Content, text)
			}
		}
		if len(texts.Content) > 0 {
			add(target+".enum", "The enum is of strings.", texts)
		}
		return true
	})
	return actions
}

// mendData gives the corrections of examples and defaults that their schemas refuse: they are removed.
func mendData(ps Problems) (actions []action, rest Problems) {
	var done []string
	for _, p := range ps {
		if p.Kind != BadExample {
			rest = append(rest, p)
		} else if !slices.Contains(done, p.Place) {
			done = append(done, p.Place)
			reason, _, _ := strings.Cut(p.Text, " (") // what follows is a long pattern
			reason = "Its schema refuses it: " + reason + "."
			actions = append(actions, action{Target: jsonPath(p.Place), Description: reason, Remove: true})
		}
	}
	return actions, rest
}

var bareWord = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// jsonPath is a JSON pointer as a JSONPath (RFC 9535).
func jsonPath(pointer string) string {
	path, list := "$", false
	for _, token := range tokens(pointer) {
		switch {
		case list:
			path += "[" + token + "]"
		case bareWord.MatchString(token):
			path += "." + token
		case !strings.Contains(token, "'"):
			path += "['" + token + "']"
		default:
			path += `["` + token + `"]`
		}
		list = slices.Contains([]string{"allOf", "oneOf", "anyOf"}, token)
	}
	return path
}
