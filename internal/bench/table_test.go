package bench

import (
	"cmp"
	"fmt"
	"strings"
)

// table returns the results as Markdown. A goal that is missed is in it too, with the reason below the table.
func table(of results) string {
	var out, notes strings.Builder
	for _, s := range sections {
		fmt.Fprintf(&out, "\n### %s\n\n| | floor | plaidlink | plaid-go v20 | goal | |\n|---|---:|---:|---:|---|---|\n", s.title)
		for _, r := range s.rows {
			var cells []string
			floor := of.value(r, "floor")
			for _, name := range names {
				cells = append(cells, cell(of, r, name, floor))
			}
			verdict := ""
			if ours := of.value(r, "plaidlink"); r.goal.set && ours != nil {
				other := cmp.Or(of.value(r, r.goal.of), ours)
				if verdict = "yes"; !r.goal.met(*ours, *other) {
					verdict = "**no**"
					fmt.Fprintf(&notes, "- %s: %s: %s.\n", s.title, strings.TrimPrefix(r.label, "– "), r.why)
				}
			}
			fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", r.label, strings.Join(cells, " | "), r.goal.text(r.unit), verdict)
		}
	}
	if notes.Len() > 0 {
		out.WriteString("\nMissed goals:\n\n" + notes.String())
	}
	return strings.TrimLeft(out.String(), "\n")
}

// value returns the figure of a client, or nil if there is none. A row without clients is about this module.
func (of results) value(r row, client string) *float64 {
	name := r.bench
	if strings.Contains(name, "%s") {
		name = fmt.Sprintf(name, client)
	} else if client != "plaidlink" {
		return nil
	}
	v, ok := of[key{name, r.unit}]
	if !ok {
		return nil
	}
	return &v
}

func cell(of results, r row, client string, floor *float64) string {
	v := of.value(r, client)
	switch {
	case v == nil:
		return ""
	case client == "floor" || floor == nil || *floor == 0 || *v == 0:
		return show(*v, r.unit)
	}
	return fmt.Sprintf("%s (%sx)", show(*v, r.unit), short(*v / *floor))
}

func (g goal) text(unit string) string {
	switch {
	case !g.set:
		return ""
	case g.of != "":
		return "≤ " + short(g.limit) + "x " + g.of
	}
	return "≤ " + show(g.limit, unit)
}

// show returns a value in the unit that suits its size.
func show(v float64, unit string) string {
	scale := func(steps ...string) string {
		for _, step := range steps[:len(steps)-1] {
			if v < 999.5 {
				return short(v) + step
			}
			v /= 1000
		}
		return short(v) + steps[len(steps)-1]
	}
	switch {
	case strings.Contains(unit, "sec"):
		v *= 1e9
		return scale(" ns", " µs", " ms", " s")
	case unit == "B/op" || unit == "peak-B" || unit == "B":
		return scale(" B", " kB", " MB", " GB")
	}
	return short(v)
}

// short returns a number with two or three significant digits.
func short(v float64) string {
	switch {
	case v >= 1000:
		n := fmt.Sprintf("%.0f", v)
		for i := len(n) - 3; i > 0; i -= 3 {
			n = n[:i] + "," + n[i:]
		}
		return n
	case v >= 100 || v == float64(int(v)):
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	case v >= 0.1:
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
	}
	return fmt.Sprintf("%.2g", v)
}
