package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// suggestion asks whether a word was meant to be the names that are nearest to it, as a whole or by their last word. It is
// empty where none is near.
func suggestion(word string, names []string) string {
	least, nearest := 2, []string(nil)
	for _, name := range names {
		last := name[strings.LastIndexAny(name, " /")+1:]
		far := min(distance(word, name), distance(word, last))
		if far > least || word == "" || word == name {
			continue
		}
		if far < least {
			least, nearest = far, nil
		}
		if quoted := strconv.Quote(name); !slices.Contains(nearest, quoted) {
			nearest = append(nearest, quoted)
		}
	}
	if len(nearest) == 0 {
		return ""
	}
	return ", did you mean " + strings.Join(nearest, " or ") + "?"
}

// distance is 0 between a word and a name that differ in case at most, 1 if the word begins the name or two letters changed
// places, else the number of letters from the first difference to the last. Where that is half of the name, it is 3: another name.
func distance(word, name string) int {
	word, name = strings.ToLower(word), strings.ToLower(name)
	length := len(name)
	switch {
	case word == name:
		return 0
	case strings.HasPrefix(name, word):
		return 1
	}
	for word != "" && name != "" && word[0] == name[0] {
		word, name = word[1:], name[1:]
	}
	for word != "" && name != "" && word[len(word)-1] == name[len(name)-1] {
		word, name = word[:len(word)-1], name[:len(name)-1]
	}
	far := max(len(word), len(name))
	if far == 2 && len(word) == len(name) && word[0] == name[1] && word[1] == name[0] {
		far = 1
	}
	if 2*far >= length {
		return 3
	}
	return far
}

// meant replaces the suggestion of the parser by ours: of long flags, of commands at any depth below, and of help.
func meant(problem string, node *kong.Node) string {
	var names []string
	kept, _, _ := strings.Cut(problem, ", did you mean ")
	word, isFlag := strings.CutPrefix(kept, "unknown flag ")
	word, isCommand := strings.CutPrefix(word, "unexpected argument ")
	switch {
	case isFlag:
		for _, flag := range slices.Concat(node.AllFlags(true)...) {
			names = append(names, "--"+flag.Name)
		}
	case isCommand:
		if node.Parent == nil {
			names = append(names, "help")
		}
		for _, leaf := range node.Leaves(true) {
			path := below(node, leaf)
			group, _, _ := strings.Cut(path, " ")
			names = append(names, group, path)
		}
	default:
		return problem
	}
	return kept + suggestion(word, names)
}

// below is the words that lead from a command to one of its leaves.
func below(node, leaf *kong.Node) string {
	return strings.TrimPrefix(leaf.FullPath(), node.FullPath()+" ")
}
