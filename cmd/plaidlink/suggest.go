package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// suggestion asks whether a word was meant to be the names that are nearest to it, as a whole or by their last word. It is
// empty where none is near: where they differ in more than two letters, or in all but one.
func suggestion(word string, names []string) string {
	var byDistance [3][]string
	for _, name := range names {
		last := name[strings.LastIndexAny(name, " /")+1:]
		far, quoted := min(distance(word, name), distance(word, last)), strconv.Quote(name)
		if far < min(len(byDistance), len(last)-1) && !slices.Contains(byDistance[far], quoted) {
			byDistance[far] = append(byDistance[far], quoted)
		}
	}
	for _, nearest := range byDistance {
		if len(nearest) > 0 {
			return ", did you mean " + strings.Join(nearest, " or ") + "?"
		}
	}
	return ""
}

// distance is 0 between a word and a name that differ in case at most, 1 if the word begins the name, else the number of letters
// from the first difference to the last.
func distance(word, name string) int {
	word, name = strings.ToLower(word), strings.ToLower(name)
	if word != "" && strings.HasPrefix(name, word) {
		return min(len(name)-len(word), 1)
	}
	for word != "" && name != "" && word[0] == name[0] {
		word, name = word[1:], name[1:]
	}
	for word != "" && name != "" && word[len(word)-1] == name[len(name)-1] {
		word, name = word[:len(word)-1], name[:len(name)-1]
	}
	return max(len(word), len(name))
}

// unknown matches the errors of the parser that are about one word.
var unknown = regexp.MustCompile(`(?s)^(unknown flag |unexpected argument )(.*?)(, did you mean .*)?$`)

// meant replaces the suggestion of the parser by ours: of long flags, of commands at any depth below, and of help.
func meant(problem string, node *kong.Node) string {
	match := unknown.FindStringSubmatch(problem)
	if match == nil {
		return problem
	}
	var names []string
	if node.Parent == nil {
		names = append(names, "help")
	}
	for _, flag := range slices.Concat(flagsOf(node)...) {
		names = append(names, "--"+flag.Name)
	}
	for _, leaf := range node.Leaves(true) {
		path := strings.TrimPrefix(leaf.Path(), node.Path()+" ")
		group, _, _ := strings.Cut(path, " ")
		names = append(names, group, path)
	}
	return match[1] + match[2] + suggestion(match[2], names)
}
