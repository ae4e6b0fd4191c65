package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plaidlink/plaidlink-go/internal/spec"
)

// page is a report in the making.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// section writes a heading and its lines, or that there is nothing.
func (p *page) section(title, intro string, lines []string) {
	p.line("\n## %s\n", title)
	if len(lines) == 0 {
		p.line("None.")
		return
	}
	if intro != "" {
		p.line("%s\n", intro)
	}
	for _, line := range lines {
		p.line("%s", line)
	}
}

// cell is a text that stands in a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

func table(head string, rows [][]string) (lines []string) {
	if len(rows) == 0 {
		return nil
	}
	lines = append(lines, "| "+head+" |", "|"+strings.Repeat(" --- |", strings.Count(head, "|")+1))
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
		lines = append(lines, "| "+strings.Join(row, " | ")+" |")
	}
	return lines
}

// report is the page that a maintainer reads.
func (p *plan) report() string {
	b, step := p.bumped, p.step()
	var out page
	out.line("# Plaid's file %s, after %s\n", b.To, b.From)
	kept := "kept byte for byte"
	if b.Trimmed {
		kept = fmt.Sprintf("more than the Link family: %d bytes of it are kept, what `%s` lists and what that needs",
			len(b.Vendored.Data), scopeFile)
	}
	out.line("- File: %d bytes, sha256 %s; %s.", b.Size, b.SHA256, kept)
	out.line("- Version: **%s**, %s to %s: %s.", step.name, p.version, step.next, step.reason)
	out.line("- Wire: %s. Go: %s.", p.wireCounts(), p.apiCounts())

	out.section("To decide", "", p.decisions())
	out.section("On the wire", "By oasdiff, with the severities of `internal/tools/bump/severity.txt`.", p.wireTable())
	out.section("For a Go caller", "", p.callerTable())
	if p.keep != "" {
		out.line("\nTo keep the Go types as they are, add to `%s` and bump again with BASE set to the last release;"+
			" then give each its reason:\n\n```yaml\n%s```", fixesFile, p.keep)
	}
	if p.api != nil {
		out.section("Go API", "By apidiff.", p.apiLines())
	}
	out.section("Overlays: deleted", "The lines are those before the bump.", p.needless())
	out.section("Overlays: added", "", p.added())
	out.section("Operations", "", p.operations())
	out.section("Facts that no longer hold",
		"The table is of version 1.517.0; these rows are in `"+acceptedFile+"` from now on.", bullets(p.facts))
	out.section("CHANGELOG", "", append(append([]string{"```md"}, p.changelog(step)...), "```"))
	return out.String()
}

func bullets(texts []string) (lines []string) {
	for _, text := range texts {
		lines = append(lines, "- "+text)
	}
	return lines
}

// decisions are what nobody but a maintainer can settle.
func (p *plan) decisions() (lines []string) {
	conflicts := 0
	for _, n := range p.bumped.Needless {
		if n.Kind == spec.Conflict {
			conflicts++
		}
	}
	if conflicts > 0 {
		lines = append(lines, fmt.Sprintf("- The completion and the file say different things at %s, listed under overlays: the file's definition"+
			" stands. Where the file is wrong, correct it in `%s`.", plural(conflicts, "place", "places"), fixesFile))
	}
	for _, c := range p.bumped.Carried {
		switch {
		case c.Renamed != "":
			lines = append(lines, fmt.Sprintf("- The file calls the operation at `%s` `%s`, no longer `%s`. The old definition is carried on."+
				" To follow the name: change it in `%s` and `%s`, and give it a method.", c.Path, c.Renamed, c.Operation, scopeFile, fixesFile))
		case c.Operation != "":
			lines = append(lines, fmt.Sprintf("- The operation `%s` is gone. Its method stays, deprecated, from `%s`; delete it in a major version,"+
				" when the service no longer answers.", c.Operation, completionFile))
		}
	}
	shape := 0
	for _, c := range p.callers {
		if c.Shape {
			shape++
		}
		if strings.Contains(c.Means, "refuses calls") {
			lines = append(lines, fmt.Sprintf("- `%s` %s: %s. Tell it in the CHANGELOG.", c.Place, c.What, c.Means))
		}
	}
	if shape > 0 {
		lines = append(lines, "- "+plural(shape, "change of a Go type breaks", "changes of Go types break")+
			" programs: take them in a major version, or keep the old types by the actions below.")
	}
	return lines
}

func (p *plan) callerTable() []string {
	var rows [][]string
	for _, c := range p.callers {
		breaks := ""
		if c.Shape {
			breaks = "breaks"
		}
		rows = append(rows, []string{"`" + c.Place + "`", c.What, c.Means, breaks})
	}
	return table("where | what the file says now | what it means | ", rows)
}

// remedies say what to do about an action that was deleted.
var remedies = map[spec.Kind]string{
	spec.Conflict: "decide: the file's definition stands; correct it in `" + fixesFile + "` if it is wrong",
	spec.NoTarget: "look where its target went, and correct it there if it is still wrong",
}

var titles = map[spec.Kind]string{spec.Conflict: "conflict", spec.NoTarget: "dead"}

// shortName takes from a problem's text what all of its kind have.
var shortName = strings.NewReplacer(" is in the document already", "", ": the document says so already", "", "target ", "", `"`, "",
	"$.components.schemas.", "", "/components/schemas/", "", "/components/", "", "/paths/", "", "~1", "/")

// needless lists what a maintainer should look at one by one, and what the file simply has by now in a line for each overlay.
func (p *plan) needless() []string {
	var rows [][]string
	redundant := map[string][]string{}
	for _, n := range p.bumped.Needless {
		name, line, _ := strings.Cut(n.Place, ":")
		if n.Kind == spec.Conflict || n.Kind == spec.NoTarget {
			rows = append(rows, []string{"`" + n.Place + "`", titles[n.Kind], n.Text, remedies[n.Kind]})
			continue
		}
		redundant[name] = append(redundant[name], line+" `"+shortName.Replace(n.Text)+"`")
	}
	lines := table("where | what | why | to do", rows)
	for _, name := range slices.Sorted(maps.Keys(redundant)) {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, fmt.Sprintf("Redundant in `%s`, at line: %s. Nothing to do: the file says it itself.",
			name, strings.Join(redundant[name], ", ")))
	}
	return lines
}

func (p *plan) added() (lines []string) {
	for _, m := range p.bumped.Mended {
		lines = append(lines, fmt.Sprintf("- `%s`: %s", m.Target, m.Reason))
	}
	for _, c := range p.bumped.Carried {
		if c.Server != "" {
			lines = append(lines, fmt.Sprintf("- `%s`: the server `%s`, which the file no longer has.", fixesFile, c.Server))
		}
		if c.Schema != "" {
			lines = append(lines, fmt.Sprintf("- `%s`: the schema `%s`, which the file or a carried operation refers to, and the file lacks.",
				completionFile, c.Schema))
		}
	}
	return lines
}

func (p *plan) operations() (lines []string) {
	for _, c := range p.bumped.Carried {
		if c.Operation != "" {
			lines = append(lines, fmt.Sprintf("- Gone: `%s` (`%s`), now in `%s`.", c.Operation, c.Path, completionFile))
		}
	}
	for _, name := range p.marked {
		lines = append(lines, fmt.Sprintf("- Deprecated in `%s`: `Client.%s`.", operationsFile, name))
	}
	for _, u := range p.bumped.Unlisted {
		id, path, _ := strings.Cut(u, " ")
		lines = append(lines, fmt.Sprintf("- In Plaid's Link family, and not in `%s`: `%s` (`%s`).", scopeFile, id, path))
	}
	return slices.Compact(lines)
}
