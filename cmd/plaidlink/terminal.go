package main

import (
	"cmp"
	"io"
	"os"
	"strconv"
)

// Styles of a terminal.
const (
	bold = "1"
	red  = "31"
)

// terminal returns the width of the terminal that out is, 0 if not known, and reports whether it is one that can move its cursor.
func (p *program) terminal(out io.Writer) (width int, ok bool) {
	file, isFile := out.(*os.File)
	if !isFile || p.getenv("TERM") == "dumb" {
		return 0, false
	}
	return windowWidth(file)
}

// columns is how wide a text may be: COLUMNS or the width of the terminal, but at least 40 and at most 100.
func (p *program) columns(out io.Writer) int {
	set, _ := strconv.Atoi(p.getenv("COLUMNS"))
	width, _ := p.terminal(out)
	return min(max(cmp.Or(max(set, 0), width, 80), 40), 100)
}

// paint styles a text, on a terminal only, and not with NO_COLOR.
func (p *program) paint(out io.Writer, style, text string) string {
	if _, ok := p.terminal(out); !ok || p.getenv("NO_COLOR") != "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}
