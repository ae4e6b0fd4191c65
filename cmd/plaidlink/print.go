package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/plaidlink/plaidlink-go/internal/safe"
)

// printer prints lines of cells in columns. What a server sends cannot break lines or command a terminal.
type printer struct {
	table *tabwriter.Writer
	edit  func(string) string // of each cell
}

func newPrinter(out io.Writer, edit func(string) string) printer {
	return printer{tabwriter.NewWriter(out, 0, 0, 2, ' ', 0), edit}
}

// line prints cells, without those at the end that are empty.
func (p printer) line(indent int, cells ...string) {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	for i, cell := range cells {
		cells[i] = safe.Line(p.edit(cell))
	}
	fmt.Fprintf(p.table, "%s%s\n", strings.Repeat("  ", indent), strings.Join(cells, "\t"))
}

// field prints a name and its value, if it has one.
func (p printer) field(name, value string) {
	if value != "" {
		p.line(0, name, value)
	}
}

func (p printer) flush() error { return p.table.Flush() }

// isTerminal says whether somebody looks at out, who wants to see progress.
func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
