package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf16"

	"github.com/plaidlink/plaidlink-go/gen"
	"github.com/plaidlink/plaidlink-go/internal/safe"
	"github.com/plaidlink/plaidlink-go/webhook"
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
	for i, cell := range cells {
		cells[i] = safe.Line(t.edit(cell))
	}
	fmt.Fprintf(t, "%s%s\n", strings.Repeat("  ", indent), strings.TrimRight(strings.Join(cells, "\t"), "\t"))
}

// fields prints names and values by turns, on a line each, but for the values that are empty.
func (t table) fields(indent int, pairs ...string) {
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			t.line(indent, pair...)
		}
	}
}

// printFields prints names and values by turns, each after edit.
func (p *program) printFields(edit func(string) string, pairs ...string) error {
	t := newTable(p.stdout, edit)
	t.fields(0, pairs...)
	return t.Flush()
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

// accessProperty is access tokens as properties of JSON, however they look.
var accessProperty = regexp.MustCompile(`("access_tokens?"\s*:\s*)("(\\.|[^"\\])*"|\[[^\]]*\])`)

// mask removes the secret and access tokens from a text that is printed.
func (p *program) mask(text string) string {
	text = accessProperty.ReplaceAllString(p.maskSecret(text), `$1"`+safe.Redacted+`"`)
	return string(safe.AccessTokens([]byte(text)))
}

func (p *program) maskSecret(text string) string {
	return string(safe.Secret([]byte(text), p.getenv("PLAID_SECRET"), 8))
}

// printEvent prints a webhook as one line; the status is that of the receiver which it was sent on to, or empty.
func (p *program) printEvent(e webhook.Event, asJSON bool, status string) error {
	line := safe.Line(p.mask(summary(e)))
	if asJSON {
		line = jsonLine(p.mask(string(e.Raw)))
	}
	if status != "" {
		line += " -> " + status
	}
	_, err := fmt.Fprintln(p.stdout, line)
	return err
}

// summary is what happened, in which session, and the public tokens to exchange.
func summary(e webhook.Event) string {
	text := e.Type + " " + e.Code
	switch p := e.Payload.(type) {
	case *gen.LinkSessionFinishedWebhook:
		return fmt.Sprintf("%s %s session=%q public_tokens=%q", text, p.Status, p.LinkSessionID, p.PublicTokens)
	case *gen.ItemAddResultWebhook:
		return fmt.Sprintf("%s session=%q public_token=%q", text, p.LinkSessionID, p.PublicToken)
	case *gen.LinkEventsWebhook:
		var names []string
		for _, event := range p.Events {
			names = append(names, event.EventName)
		}
		return fmt.Sprintf("%s session=%q events=%q", text, p.LinkSessionID, names)
	}
	if e.ID != "" {
		text += " id=" + e.ID
	}
	return text
}
