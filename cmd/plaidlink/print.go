package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf16"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// table prints lines of cells in columns. What a server sends cannot break lines or command a terminal.
type table struct {
	*tabwriter.Writer
	edit func(string) string // of each cell
}

func newTable(out io.Writer, edit func(string) string) table {
	return table{tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), edit}
}

// line prints cells, without those at the end that are empty.
func (t table) line(indent int, cells ...string) {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	for i, cell := range cells {
		cells[i] = safe.Line(t.edit(cell))
	}
	fmt.Fprintf(t, "%s%s\n", strings.Repeat("  ", indent), strings.Join(cells, "\t"))
}

// fields prints names and values by turns, on a line each, but for the values that are empty.
func (t table) fields(indent int, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			t.line(indent, pairs[i], pairs[i+1])
		}
	}
}

// printFields prints names and values by turns, each after edit.
func (p *program) printFields(edit func(string) string, pairs ...string) error {
	t := newTable(p.stdout, edit)
	t.fields(0, pairs...)
	return t.Flush()
}

// printJSON prints a response body, with its line breaks or on one line.
func (p *program) printJSON(body []byte, breaks bool) error {
	lines := []string{p.mask(string(body))}
	if breaks {
		lines = strings.Split(lines[0], "\n")
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(p.stdout, jsonLine(line)); err != nil {
			return err
		}
	}
	return nil
}

// jsonLine writes JSON on one line. What does not print becomes an escape of JSON: it is the same document.
func jsonLine(body string) string {
	var b strings.Builder
	for _, r := range body {
		switch {
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r >= ' ': // those below are between values
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	return b.String()
}
