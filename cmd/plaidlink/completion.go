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
	if err == nil {
		_, err = p.stdout.Write(script)
	}
	return err
}

// completionWords prints what the word under the cursor can become, a candidate and its help on each line: a value of a flag
// or argument, a flag, or a command.
type completionWords struct {
	Word   string
	Before []string `arg:"" optional:""`
}

func (c *completionWords) Run(parser *kong.Kong, p *program) error {
	node, value := locate(parser.Model.Node, c.Before)
	given, word := "", c.Word // the part of the word that stays, and the one to complete
	if name, rest, ok := strings.Cut(word, "="); ok {
		if name != "" { // bash makes a word of the equals sign
			value, given = flagValue(node, name), name+"="
		}
		if word = rest; value == nil {
			return nil
		}
	}
	offer := func(candidate, help string) {
		if strings.HasPrefix(candidate, word) {
			fmt.Fprintf(p.stdout, "%s%s\t%s\n", given, candidate, help)
		}
	}
	switch {
	case strings.HasPrefix(word, "-"):
		for _, flag := range slices.Concat(flagsOf(node)...) {
			offer("--"+flag.Name, flag.Help)
		}
	case value != nil && value.Enum != "":
		for name := range strings.SplitSeq(word, ",") {
			if rest, more := strings.CutPrefix(word, name+","); more && value.IsSlice() && value.EnumMap()[name] {
				given, word = given+name+",", rest
			}
		}
		for _, name := range value.EnumSlice() {
			offer(name, value.Help)
		}
	case value == nil:
		for _, child := range node.Children {
			if !child.Hidden {
				offer(child.Name, child.Help)
			}
		}
	}
	return nil
}

// locate finds the command that words name, and the value that the next word is, if it is one.
func locate(node *kong.Node, words []string) (*kong.Node, *kong.Value) {
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
		case word != "help":
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
	for _, flag := range slices.Concat(flagsOf(node)...) {
		if "--"+flag.Name == name && !flag.IsBool() {
			return flag.Value
		}
	}
	return nil
}
