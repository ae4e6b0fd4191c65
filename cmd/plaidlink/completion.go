package main

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// scripts are the completions of the shells. They get candidates from completionWords, and evaluate nothing.
//
//go:embed completion
var scripts embed.FS

// completion is the command completion.
type completion struct {
	Shell string `arg:"" enum:"bash,zsh,fish,powershell" help:"One of bash, zsh, fish and powershell."`
}

func (c *completion) Run(p *program) error {
	script, err := scripts.ReadFile("completion/" + c.Shell)
	if err != nil {
		return err
	}
	_, err = p.stdout.Write(script)
	return err
}

// completionWords prints what the word under the cursor can become, a candidate and its help on each line.
type completionWords struct {
	Word   string
	Before []string `arg:"" optional:""`
}

func (c *completionWords) Run(parser *kong.Kong, p *program) error {
	for _, found := range candidates(parser.Model.Node, c.Before, c.Word) {
		fmt.Fprintf(p.stdout, "%s\t%s\n", found[0], found[1])
	}
	return nil
}

// candidates completes a word, after the words before it: a value of a flag or argument, a flag, or a command.
func candidates(root *kong.Node, before []string, word string) (found [][2]string) {
	node, value := locate(root, before)
	given := "" // the part of the word that stays
	if name, rest, ok := strings.Cut(word, "="); ok {
		if name != "" { // bash makes a word of the equals sign
			value, given = flagValue(node, name), name+"="
		}
		if word = rest; value == nil {
			return nil
		}
	}
	var all [][2]string
	switch {
	case strings.HasPrefix(word, "-"):
		for _, flag := range slices.Concat(node.AllFlags(true)...) {
			all = append(all, [2]string{"--" + flag.Name, flag.Help})
		}
	case value != nil && value.Enum != "":
		list := strings.Split(word, ",")
		last := len(list) - 1
		for _, name := range list[:last] {
			if !value.IsSlice() || !value.EnumMap()[name] {
				return nil
			}
			given += name + ","
		}
		word = list[last]
		for _, name := range value.EnumSlice() {
			all = append(all, [2]string{name, value.Help})
		}
	case value == nil:
		for _, child := range node.Children {
			if !child.Hidden {
				all = append(all, [2]string{child.Name, child.Help})
			}
		}
	}
	for _, one := range all {
		if strings.HasPrefix(one[0], word) {
			found = append(found, [2]string{given + one[0], one[1]})
		}
	}
	return found
}

// locate finds the command that words name, and the value that the next word is, if it is one.
func locate(node *kong.Node, words []string) (*kong.Node, *kong.Value) {
	if len(words) > 0 && words[0] == "help" {
		words = words[1:]
	}
	var value *kong.Value
	position := 0
	for _, word := range words {
		child := slices.IndexFunc(node.Children, func(n *kong.Node) bool { return n.Name == word })
		switch {
		case word == "=": // as bash passes it: the value follows
		case value != nil:
			value = nil
		case strings.HasPrefix(word, "-"):
			value = flagValue(node, word)
		case child >= 0:
			node = node.Children[child]
		default:
			position++
		}
	}
	if value == nil && position < len(node.Positional) {
		value = node.Positional[position]
	}
	return node, value
}

// flagValue is the value that follows a flag, if one does.
func flagValue(node *kong.Node, name string) *kong.Value {
	for _, flag := range slices.Concat(node.AllFlags(true)...) {
		if "--"+flag.Name == name && !flag.IsBool() {
			return flag.Value
		}
	}
	return nil
}
