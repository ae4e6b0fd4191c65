package main

import (
	"bytes"
	"fmt"
	"strings"
)

// step is what the next version of the module must be.
type step struct{ name, next, reason string }

// step judges by what a program notices: whether it still compiles, then whether there is something new, then anything.
func (p *plan) step() step {
	var major, minor, patch int
	fmt.Sscanf(p.version, "%d.%d.%d", &major, &minor, &patch)
	young := ""
	if major == 0 {
		young = "; before 1.0.0 that is a minor version"
	}
	switch {
	case len(p.breaking()) > 0:
		next := fmt.Sprintf("%d.0.0", major+1)
		if major == 0 {
			next = fmt.Sprintf("0.%d.0", minor+1)
		}
		broken := plural(len(p.breaking()), "change breaks", "changes break")
		return step{"major", next, broken + " programs that compile today" + young}
	case p.api != nil && len(p.api.compatible) > 0:
		news := plural(len(p.api.compatible), "addition", "additions")
		return step{"minor", fmt.Sprintf("%d.%d.0", major, minor+1), news + " to the Go API, and nothing breaks"}
	case len(p.marked) > 0:
		return step{"minor", fmt.Sprintf("%d.%d.0", major, minor+1), "a method is deprecated"}
	case !bytes.Equal(p.before, p.bumped.YAML):
		return step{"patch", fmt.Sprintf("%d.%d.%d", major, minor, patch+1), "the Go API is the same; texts, limits or examples changed"}
	}
	return step{"none", p.version, "nothing changed"}
}

// breaking are the changes that break programs, by apidiff, or by the specification until the code is generated.
func (p *plan) breaking() (lines []string) {
	if p.api != nil {
		return p.api.breaking
	}
	for _, c := range p.callers {
		if c.Shape {
			lines = append(lines, c.Place+" "+c.What)
		}
	}
	return lines
}

func plural(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func (p *plan) apiCounts() string {
	if p.api == nil {
		return "not generated"
	}
	return fmt.Sprintf("%d breaking, %s", len(p.api.breaking), plural(len(p.api.compatible), "addition", "additions"))
}

func (p *plan) apiLines() (lines []string) {
	for _, line := range p.api.breaking {
		lines = append(lines, "- **breaks** `"+line+"`")
	}
	for _, line := range p.api.compatible {
		lines = append(lines, "- `"+line+"`")
	}
	return lines
}

func (p *plan) wireCounts() string {
	counts := map[string]int{}
	for _, c := range p.wire {
		counts[c.level]++
	}
	return fmt.Sprintf("%s, %s, %d harmless",
		plural(counts["error"], "error", "errors"), plural(counts["warning"], "warning", "warnings"), counts["info"])
}

func (p *plan) wireTable() []string {
	var rows [][]string
	for _, c := range p.wire {
		rows = append(rows, []string{c.level, "`" + c.place + "`", c.text, c.id})
	}
	return table("severity | where | what | rule", rows)
}

// changelog is the entry to paste.
func (p *plan) changelog(step step) []string {
	lines := []string{"## " + step.next, "", "For version " + p.bumped.To + " of Plaid's specification.", ""}
	if broken := p.breaking(); len(broken) > 0 {
		for _, line := range broken {
			lines = append(lines, "- Breaking: `"+line+"`.")
		}
	}
	for _, c := range p.callers {
		if !c.Shape {
			lines = append(lines, fmt.Sprintf("- `%s` %s.", c.Place, strings.TrimSuffix(c.What, ".")))
		}
	}
	for _, name := range p.marked {
		lines = append(lines, fmt.Sprintf("- `Client.%s` is deprecated: Plaid's file no longer has the operation.", name))
	}
	if len(lines) == 4 {
		lines = append(lines, "- No change for programs.")
	}
	return lines
}
