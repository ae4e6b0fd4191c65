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
	usage := []string{"Usage:", node.FullPath()}
	if len(node.Children) > 0 {
		usage = append(usage, "<command>")
	}
	var arguments, commands [][2]string
	for _, argument := range node.Positional {
		usage = append(usage, argument.Summary())
		arguments = append(arguments, [2]string{argument.Summary(), argument.Help})
	}
	for _, leaf := range node.Leaves(true) {
		commands = append(commands, [2]string{strings.TrimPrefix(leaf.FullPath(), node.FullPath()+" "), leaf.Help})
	}
	h.lines(0, fill(append(usage, "[flags]"), h.width, ""))
	text, err := descriptions.ReadFile("help/" + strings.ReplaceAll(node.FullPath(), " ", "_") + ".txt")
	if err != nil {
		text = []byte(node.Help)
	}
	h.description(strings.TrimSpace(string(text)))
	h.section("Commands:", commands)
	h.section("Arguments:", arguments)
	flags := node.AllFlags(true) // the program's, then the command's
	if node.Parent == nil {
		h.section("Flags:", flagRows(flags[0]))
	} else {
		h.section("Flags:", flagRows(slices.Concat(flags[1:]...)))
		h.section("Flags of every command:", flagRows(flags[0]))
	}
	_, err = io.WriteString(out, h.String())
	return err
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
		h.WriteString("\n")
		title, examples, found := strings.Cut(paragraph, ":\n  ")
		if !found {
			h.lines(0, fill(strings.Fields(paragraph), h.width, ""))
			continue
		}
		h.WriteString(h.heading(title+":") + "\n")
		for example := range strings.SplitSeq(examples, "\n  ") {
			lines := fill(strings.Split(before.Replace(example), "\n"), h.width-6, " \\")
			h.lines(2, lines[:1])
			h.lines(6, lines[1:])
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
	for _, row := range rows {
		lines := fill(strings.Fields(row[1]), h.width-column, "")
		if len(row[0])+4 > column {
			h.lines(2, row[:1])
		} else {
			fmt.Fprintf(h, "  %-*s%s\n", column-2, row[0], lines[0])
			lines = lines[1:]
		}
		h.lines(column, lines)
	}
}

func (h *page) lines(indent int, lines []string) {
	for _, line := range lines {
		h.WriteString(strings.Repeat(" ", indent) + line + "\n")
	}
}

// fill joins pieces by spaces to lines of at most width columns, where no piece is longer. All but the last get end.
func fill(pieces []string, width int, end string) (lines []string) {
	line := pieces[0]
	for _, piece := range pieces[1:] {
		if utf8.RuneCountInString(line+" "+piece+end) > width {
			lines, line = append(lines, line+end), piece
		} else {
			line += " " + piece
		}
	}
	return append(lines, line)
}
