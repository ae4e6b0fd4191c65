package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// errHelp requests the help instead of what was parsed.
var errHelp = errors.New("help")

type helpFlag bool

// BeforeReset ends parsing: what is missing besides does not matter.
func (helpFlag) BeforeReset() error { return errHelp }

// descriptions are the descriptions and examples of the commands that have any, by their names.
//
//go:embed help
var descriptions embed.FS

// page is the help of a command while it is written.
type page struct {
	strings.Builder
	width   int
	heading func(string) string
}

// printHelp prints the help of a command, wrapped to the width of the terminal.
func (p *program) printHelp(out io.Writer, node *kong.Node) error {
	h := &page{width: p.columns(out), heading: func(s string) string { return p.paint(out, bold, s) }}
	h.WriteString(fill(strings.Fields("Usage: plaidlink "+node.Summary()), h.width, "\n") + "\n")
	text, err := descriptions.ReadFile("help/" + strings.ReplaceAll(node.FullPath(), " ", "_") + ".txt")
	if err != nil {
		text = []byte(node.Help)
	}
	h.description(strings.TrimSpace(string(text)))
	var commands, arguments [][2]string
	for _, leaf := range node.Leaves(true) {
		commands = append(commands, [2]string{strings.TrimPrefix(leaf.FullPath(), node.FullPath()+" "), leaf.Help})
	}
	for _, argument := range node.Positional {
		arguments = append(arguments, [2]string{argument.Summary(), argument.Help})
	}
	flags := flagsOf(node)
	h.section("Commands:", commands)
	h.section("Arguments:", arguments)
	h.section("Flags:", flagRows(slices.Concat(flags[1:]...)))
	h.section("Flags of every command:", flagRows(flags[0]))
	_, err = io.WriteString(out, h.String())
	return err
}

// flagsOf returns the flags of the program, then those of a command. Commands that call no sandbox do without the flags for it.
func flagsOf(node *kong.Node) [][]*kong.Flag {
	flags := node.AllFlags(true)
	if node.Tag.Has("nosandbox") {
		flags[0] = slices.DeleteFunc(flags[0], func(flag *kong.Flag) bool { return slices.Contains(flag.Xor, "sandbox") })
	}
	return flags
}

func flagRows(flags []*kong.Flag) (rows [][2]string) {
	for _, flag := range flags {
		name, help := "--"+flag.Name, flag.Help
		if flag.Short != 0 {
			name = "-" + string(flag.Short) + ", " + name
		}
		if !flag.IsBool() {
			name += " " + flag.PlaceHolder
		}
		if flag.HasDefault {
			help += " Default: " + flag.Default + "."
		}
		rows = append(rows, [2]string{name, help})
	}
	return rows
}

// description writes paragraphs, which are filled, and examples, whose lines are broken so that a shell joins them again.
func (h *page) description(text string) {
	before := strings.NewReplacer(" --", "\n--", " |", "\n|", " &&", "\n&&", " <", "\n<", " >", "\n>") // where an example may be broken
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		title, examples, found := strings.Cut(paragraph, ":\n  ")
		if !found {
			h.WriteString("\n" + fill(strings.Fields(paragraph), h.width, "\n") + "\n")
			continue
		}
		h.WriteString("\n" + h.heading(title+":") + "\n")
		for example := range strings.SplitSeq(examples, "\n  ") {
			pieces := strings.Split(before.Replace(example), "\n")
			h.WriteString("  " + fill(pieces, h.width-len("       \\"), " \\\n      ") + "\n")
		}
	}
}

// section writes rows of a name and its help, side by side where there is room.
func (h *page) section(title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	h.WriteString("\n" + h.heading(title) + "\n")
	column := 6
	for _, row := range rows {
		column = max(column, len(row[0])+4)
	}
	if column > h.width/2 {
		column = 6
	}
	indent := strings.Repeat(" ", column)
	for _, row := range rows {
		name := fmt.Sprintf("  %-*s", column-2, row[0])
		if !strings.HasSuffix(name, "  ") { // no room beside it
			name += "\n" + indent
		}
		h.WriteString(name + fill(strings.Fields(row[1]), h.width-column, "\n"+indent) + "\n")
	}
}

// fill joins pieces by spaces to lines of at most width columns, where no piece is longer, and the lines by between.
func fill(pieces []string, width int, between string) string {
	text, used := "", 0
	for i, piece := range pieces {
		columns := utf8.RuneCountInString(piece)
		switch {
		case i == 0:
		case used+1+columns > width:
			text, used = text+between, 0
		default:
			text, used = text+" ", used+1
		}
		text, used = text+piece, used+columns
	}
	return text
}
